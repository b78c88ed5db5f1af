// SPDX-License-Identifier: MIT
'use strict';

// The configurations of docs/notifications.md in a real collectd, as they stand there but for ports and paths: an
// application that ends is told to a program, by mail, to a web hook, and by a threshold.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');
const { describe, test } = require('node:test');
const { fencedBlocks } = require('../lib/blocks.js');
const { STOCK_PLUGIN_DIR } = require('../lib/collectd.js');
const { until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot } = require('../integration/snapshots.js');
const { ViewsRig } = require('./client.js');
const { execSink, user } = require('./exec_sink.js');

const BLOCKS = fencedBlocks(fs.readFileSync(path.resolve(__dirname, '../../docs/notifications.md'), 'utf8'));

// The block that has `words`, with each of `changes` ([from, to]) made.
function shown(words, changes = []) {
  const found = BLOCKS.filter(({ text }) => text.includes(words));
  assert.equal(found.length, 1, words);
  return changes.reduce((text, [from, to]) => {
    assert.ok(text.includes(from), `${words}: ${from}`);
    return text.replaceAll(from, to);
  }, found[0].text);
}

const loaded = (...texts) => [`PluginDir "${STOCK_PLUGIN_DIR}"`, ...texts].join('\n');

// Runs `look` with a collectd whose application has ended.
async function withDownEndpoint({ extra, views }, look) {
  const rig = await ViewsRig.start(answer(() => snapshot([row.worker(0)])), { interval: 1, extra, views, endpoint: { Interval: 1 } });
  try {
    await rig.polled(2);
    await rig.endpoint.vanish();
    await rig.when('/events?kind=endpoint_down', (events) => events.length === 1);
    await look(rig);
    assert.deepEqual(rig.daemon.complaints().filter((line) => !/mediasoup: endpoint/.test(line)), []);
  } finally {
    await rig.close();
  }
}

// A mail server that takes every mail; `mails` has their texts.
async function mailServer() {
  const mails = [];
  const server = net.createServer((socket) => {
    let text;
    socket.setEncoding('utf8').on('error', () => {}).write('220 here ESMTP\r\n');
    const say = (line) => {
      if (/^DATA/i.test(line)) text = [];
      socket.write(/^DATA/i.test(line) ? '354 go on\r\n' : /^QUIT/i.test(line) ? '221 bye\r\n' : '250 here\r\n');
    };
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop();
      for (const line of lines) {
        if (text === undefined) say(line);
        else if (line !== '.') text.push(line);
        else {
          mails.push(text.join('\n'));
          text = undefined;
          socket.write('250 taken\r\n');
        }
      }
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { mails, port: server.address().port, close: () => server.close() };
}

const DOWN = /^Endpoint "views" on testhost is down: cannot connect to .*; remedy: start the mediasoup application/;

describe('docs/notifications.md', () => {
  test('the kinds that it names are taken', () =>
    withDownEndpoint({ views: { Notifications: /Notifications (.*)/.exec(shown('Notifications "worker_died" '))[1].split(' ').map((word) => word.replaceAll('"', '')) } },
      () => {}));

  test('a program', async () => {
    let folder;
    const extra = (its) => {
      folder = its;
      execSink(folder);
      const script = shown('#!/bin/sh', [['logger -t mediasoup ', `printf '%s\\n' `], ['$(cat)"', `$(cat)" >'${folder}/told.d/line'`]]);
      fs.writeFileSync(path.join(folder, 'event'), script, { mode: 0o755 });
      return loaded(shown('NotificationExec', [['"nobody"', `"${user()}"`], ['/usr/local/bin/mediasoup-event', path.join(folder, 'event')]]));
    };
    await withDownEndpoint({ extra }, async () => {
      const line = path.join(folder, 'told.d/line');
      await until(() => fs.existsSync(line) && fs.statSync(line).size > 0, { what: 'a line' });
      assert.match(fs.readFileSync(line, 'utf8'), new RegExp(DOWN.source.replace('^', '^FAILURE: ')));
    });
  });

  test('e-mail', async () => {
    const server = await mailServer();
    try {
      const extra = loaded(shown('notify_email', [['SMTPPort 25', `SMTPPort ${server.port}`], ['"localhost"', '"127.0.0.1"']]));
      await withDownEndpoint({ extra }, async () => {
        await until(() => server.mails.length > 0, { what: 'a mail' });
        const [mail] = server.mails;
        assert.match(mail, /^Subject: \[collectd\] FAILURE on testhost$/m);
        assert.match(mail, /^To: .*operator@example\.org/m);
        assert.ok(mail.includes('Endpoint "views" on testhost is down: cannot connect to '), mail);
      });
    } finally {
      server.close();
    }
  });

  test('a web hook', async () => {
    const bodies = [];
    const server = http.createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk) => { body += chunk; }).on('end', () => {
        bodies.push({ url: request.url, notes: JSON.parse(body) });
        response.end();
      });
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    try {
      const extra = loaded(shown('Notifications true', [['127.0.0.1:9000', `127.0.0.1:${server.address().port}`]]));
      await withDownEndpoint({ extra }, () => until(() => bodies.length > 0, { what: 'a body' }));
      assert.deepEqual(bodies.map(({ url }) => url), ['/events'], 'and no rows');
      const [{ labels, annotations }] = bodies[0].notes;
      assert.deepEqual([labels.alertname, labels.severity, labels.instance], ['collectd_mediasoup_endpoint_down', 'FAILURE', 'testhost']);
      assert.match(annotations.summary, DOWN);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('thresholds', async () => {
    let told;
    const extra = (folder) => {
      told = execSink(folder);
      return loaded(told.configuration, shown('<Plugin threshold>'));
    };
    await withDownEndpoint({ extra, views: { Notifications: 'none' } }, async () => {
      const failure = () => told.notifications().find(({ Severity }) => Severity === 'FAILURE');
      const note = await until(failure, { what: 'a failure' });
      assert.deepEqual([note.Plugin, note.Type, note.DataSource, Number(note.CurrentValue)], ['mediasoup', 'endpoint', 'up', 0]);
    });
  });
});
