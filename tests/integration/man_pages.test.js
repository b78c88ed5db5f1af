// SPDX-License-Identifier: MIT
'use strict';

// The man pages and the plugins agree: what a page names is taken, what is taken is in its page, and its examples are
// configurations that collectd and the plugins take as they stand.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { userInfo } = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { certificate } = require('../lib/certificates.js');
const { freePort } = require('../lib/free_port.js');
const { READER, WRITER, examplesOf, optionsOf } = require('../lib/man_page.js');
const { answer } = require('./fake_endpoint.js');
const { Rig } = require('./rig.js');
const { oneOfEach, snapshot } = require('./snapshots.js');

const PAGES = { 'endpoint-options': READER, 'group-options': READER, 'views-options': WRITER, 'readers-options': WRITER, 'receive-options': WRITER };
const PLACES = { 'endpoint-options': '<Endpoint "every">', 'group-options': '<Group "every">', 'views-options': '<Plugin write_mediasoup>', 'readers-options': '<Readers>', 'receive-options': '<Receive>' };

// A value for each option.
const valuesIn = (folder, port) => ({
  'endpoint-options': { Socket: `"${folder}/s0.sock"`, URL: '"https://127.0.0.1:1"', CACert: `"${folder}/own.pem"`, VerifyPeer: false,
    VerifyHost: false, TokenFile: `"${folder}/token"`, Host: '"sfu1"', Interval: 0.25, Timeout: 5,
    AppData: '"roomId" "peerId"', Rows: '"workers" "consumers"', PluginInstance: '"%{appData:roomId}"',
    TypeInstance: '"%{kind}-%{id}"', MaxObjects: 10, Metadata: '"always"', Distributions: true, Worst: 3, RoomKeys: '"roomId" "room"',
    ParticipantKeys: '"peerId" "userId"' },
  'group-options': { By: '"roomId" "kind"', Of: '"consumers" "transports"', MaxGroups: 7 },
  'views-options': { Listen: '"127.0.0.1"', Port: port, AllowedHost: '"views.example"',
    CertificateFile: `"${folder}/own.pem"`, CertificateKeyFile: `"${folder}/own.key"`, Socket: `"${folder}/views.sock"`,
    SocketOwner: `"${userInfo().username}"`, SocketGroup: `"${execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}"`,
    SocketPerms: '"0600"', MaxObjects: 100, History: 60, HistoryMemory: 8, Notifications: '"room_bad" "room_good"' },
  'readers-options': { Token: '"secret"', TokenFile: `"${folder}/token"`, User: '"me"', Password: '"secret"' },
  'receive-options': { Path: '"/post"', Token: '"secret"', TokenFile: `"${folder}/token"`, User: '"me"', Password: '"secret"' },
});

const linesOf = (page, block, values, without = []) =>
  optionsOf(page, block).filter((name) => !without.includes(name)).map((name) => `${name} ${values[name]}`).join('\n');

const MISTAKE = /left out|does not take|unknown|invalid|ignor|not allowed|syntax|parse error/i;

describe('every option of the man pages', () => {
  let rig;
  let daemon;
  let values;
  before(async () => {
    rig = await Rig.open();
    await rig.fake('every', answer(() => snapshot(oneOfEach('every'))));
    certificate(rig.folder);
    fs.writeFileSync(path.join(rig.folder, 'token'), 'secret\n');
    values = valuesIn(rig.folder, await freePort());
    const endpoint = (name, without) =>
      `<Endpoint "${name}">\n${linesOf(READER, 'endpoint-options', values['endpoint-options'], without)}\nNonsense 1\n` +
      `<Group "${name}">\n${linesOf(READER, 'group-options', values['group-options'])}\nNonsense 1\n</Group>\n</Endpoint>`;
    daemon = await rig.collectd({ mediasoup: `${endpoint('every', ['URL', 'CACert'])}\n${endpoint('elsewhere', ['Socket'])}`,
      extra: `LoadPlugin write_mediasoup\n<Plugin write_mediasoup>\n${linesOf(WRITER, 'views-options', values['views-options'])}\nNonsense 1\n` +
        `<Readers>\n${linesOf(WRITER, 'readers-options', values['readers-options'])}\nNonsense 1\n</Readers>\n` +
        `<Receive>\n${linesOf(WRITER, 'receive-options', values['receive-options'])}\nNonsense 1\n</Receive>\n</Plugin>` });
    await rig.polls('every', 2);
  });
  after(() => rig?.close());

  test('is taken', () => {
    assert.deepEqual(daemon.lines(MISTAKE).filter((line) => !line.includes('Nonsense')), []);
  });

  for (const [block, page] of Object.entries(PAGES)) {
    test(`${block}: the page, the plugin and this test know the same`, () => {
      const [line] = daemon.lines(/Nonsense/, new RegExp(`${PLACES[block]}: `));
      const said = /the options are ([^;]*)/.exec(line)[1].split(', ').filter((name) => !name.startsWith('and '));
      assert.deepEqual(optionsOf(page, block), said);
      assert.deepEqual(Object.keys(values[block]), said);
    });
  }
});

for (const page of [READER, WRITER])
  examplesOf(page).forEach((example, n) => test(`example ${n + 1} of ${page} works`, async () => {
    const rig = await Rig.open();
    try {
      // On ports of its own, and without a look at a name that is nobody's. The rig loads these plugins already, and
      // collectd leaks the name of what is loaded twice.
      const port = await freePort();
      const text = example.replace(/^LoadPlugin (mediasoup|write_http)$/gm, '').replace('Port 4000', `Port ${port}`)
        .replace('Listen "0.0.0.0"', `Listen "127.0.0.1"\nPort ${port}`)
        .replace('views.example.org:4000', '127.0.0.1:1');
      const daemon = await rig.collectd({ extra: text });
      assert.deepEqual(daemon.lines(MISTAKE), []);
      assert.deepEqual(daemon.lines(/nothing is received|are not served/), []);
    } finally {
      await rig.close();
    }
  }));
