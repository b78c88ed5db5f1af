// SPDX-License-Identifier: MIT
'use strict';

// Mistakes in the configuration: each is named in one log line with the text of the line as it stands and what
// would be right, collectd starts all the same, and the other endpoints work.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Rig, speaksOf } = require('./rig.js');
const { answer } = require('./fake_endpoint.js');
const { oneOfEach, snapshot } = require('./snapshots.js');

const OPTIONS = ['Socket', 'URL', 'CACert', 'VerifyPeer', 'VerifyHost', 'TokenFile', 'Interval', 'Timeout', 'AppData', 'Rows', 'PluginInstance', 'TypeInstance', 'MaxObjects', 'Metadata', 'Distributions', 'Worst', 'RoomKeys', 'ParticipantKeys'];

// The lines of an <Endpoint> besides a good Socket, and what the log must say. (An option without any value
// is a syntax error of collectd's own.)
const MISTAKES = {
  'unknown-option': { lines: ['Intervall 10'], says: [/Intervall 10/, ...OPTIONS.map((o) => new RegExp(o))] },
  'unknown-option-text': { lines: ['Sokket "/nowhere" "b"'], says: [/Sokket "\/nowhere" "b"/, /Socket/] },
  'socket-and-url': { lines: ['URL "http://127.0.0.1:1/"'], says: [/Socket/, /URL/] },
  'socket-of-serve': { socket: false, lines: ['Socket "/run/x/%p.sock"'], says: [/Socket "\/run\/x\/%p\.sock"/, /"\/run\/x\/\*\.sock"/] },
  'url-with-rows': { socket: false, lines: ['URL "http://127.0.0.1:1/v1/snapshot?rows=workers"'], says: [/without parameters/, /Rows/] },
  'same-application': { socket: false, lines: ['Socket "/nowhere/*.sock"'], says: [/<Endpoint "first-of-two"> reads the same application/, /Socket or URL/, /Rows/] },
  'socket-not-text': { socket: false, lines: ['Socket 7'], says: [/Socket 7/] },
  'bad-url': { socket: false, lines: ['URL "ftp://127.0.0.1/"'], says: [/ftp:\/\/127\.0\.0\.1/, /http/] },
  'interval-negative': { lines: ['Interval -1'], says: [/Interval -1/, /positive|greater|more than 0|above 0|seconds/i] },
  'interval-zero': { lines: ['Interval 0'], says: [/Interval 0/] },
  'interval-text': { lines: ['Interval "often"'], says: [/Interval "often"/] },
  'timeout-negative': { lines: ['Timeout -0.5'], says: [/Timeout -0\.5/] },
  'max-objects-negative': { lines: ['MaxObjects -1'], says: [/MaxObjects -1/] },
  'max-objects-huge': { lines: ['MaxObjects 12345678'], says: [/MaxObjects 12345678\b/] },
  'max-objects-fraction': { lines: ['MaxObjects 1.5'], says: [/MaxObjects 1\.5/] },
  'bad-template': { lines: ['PluginInstance "%{nope}"'], says: [/PluginInstance "%\{nope\}"/, /%\{appData:/] },
  'open-template': { lines: ['TypeInstance "%{id"'], says: [/TypeInstance "%\{id"/, /brace/] },
  'bad-rows': { lines: ['Rows "workers" "streams"'], says: [/streams/, /workers/, /consumers/, /data_producers/] },
  'bad-metadata': { lines: ['Metadata "sometimes"'], says: [/Metadata "sometimes"/, /changes/, /always/] },
  'distributions-text': { lines: ['Distributions "yes"'], says: [/Distributions "yes"/, /true or false/] },
  'worst-huge': { lines: ['Worst 101'], says: [/Worst 101/, /100/] },
  'app-data-twice': { lines: ['AppData "a" "a"'], says: [/AppData "a" "a"/, /the key "a" is given twice/] },
  'app-data-number': { lines: ['AppData 7'], says: [/AppData 7/] },
  'block-as-option': { lines: ['<Interval>', 'Seconds 1', '</Interval>'], says: [/Interval/] },
};

describe('a mistake in the configuration', () => {
  let rig;
  let daemon;
  before(async () => {
    rig = await Rig.open();
    const good = await rig.fake('good', answer(() => snapshot(oneOfEach('good'))));
    const block = (name, lines, socket = true) =>
      [`<Endpoint "${name}">`, ...(socket ? [`Socket "${rig.folder}/${name === 'good' ? 's0' : 'none'}.sock"`] : []), 'Interval 0.5', ...lines, '</Endpoint>'].join('\n');
    assert.ok(good.path.endsWith('s0.sock'));
    daemon = await rig.collectd({ mediasoup: [
      '<Endpoint "first-of-two">\nSocket "/nowhere/first.sock"\nInterval 60\n</Endpoint>',
      ...Object.entries(MISTAKES).map(([name, { lines, socket }]) => block(name, lines, socket)),
      'Colour "blue"',
      '<Entpoint "misspelt">\nSocket "/nowhere"\n</Entpoint>',
      '<Endpoint>\nSocket "/nameless"\n</Endpoint>',
      '<Endpoint "two" "names">\nSocket "/two-names"\n</Endpoint>',
      '<Endpoint "twin">\nSocket "/twin-1"\n</Endpoint>',
      '<Endpoint "twin">\nSocket "/twin-2"\n</Endpoint>',
      block('good', []),
    ].join('\n') });
    await rig.polls('good', 3);
  });
  after(() => rig?.close());

  const complaints = () => daemon.lines(/^\[(error|warning)\]/, /mediasoup/);

  for (const [name, { says }] of Object.entries(MISTAKES)) {
    test(name, () => {
      const lines = complaints().filter((line) => speaksOf(name).test(line) && says.every((pattern) => pattern.test(line)));
      assert.equal(lines.length, 1, `${says.join(' and ')} in one of\n${complaints().join('\n')}`);
    });
  }

  const COMPLAINTS = {
    'an unknown option of the plugin': [/Colour "blue"/, /Endpoint/],
    'an unknown block of the plugin': [/Entpoint/, /Endpoint/],
    'an endpoint without a name': [/Endpoint/, /name/i],
    'an endpoint with two names': [/Endpoint "two" "names"/, /name/i],
    'two endpoints of one name': [/twin/, /twice|already|unique|another/i],
  };
  for (const [what, says] of Object.entries(COMPLAINTS)) {
    test(what, () => {
      const lines = complaints().filter((line) => says.every((pattern) => pattern.test(line)));
      assert.ok(lines.length >= 1, `${says.join(' and ')} in one of\n${complaints().join('\n')}`);
    });
  }

  test('leaves the other endpoints as they are', () => {
    assert.equal(rig.sink.last({ type: 'endpoint', plugin_instance: 'good' }).value.up, 1);
    assert.equal(rig.sink.find({ plugin_instance: /good/ }).filter((list) => list.type === 'consumers').length > 0, true);
  });

  test('ends collectd cleanly', async () => {
    const end = await daemon.stop();
    assert.equal(end.code, 0, end.memory);
  });
});

test('no <Plugin> block: the default socket', async () => {
  const rig = await Rig.open();
  try {
    const daemon = await rig.collectd({ interval: 0.25 });
    await daemon.waitForLog(/\/run\/mediasoup\/collectd\.sock/);
    await rig.polls('mediasoup', 2, 0).catch(() => {});
    const lists = rig.sink.find({ type: 'endpoint' });
    assert.ok(lists.length >= 2);
    assert.ok(lists.every((list) => list.value.up === 0 && list.plugin_instance.length > 0));
    assert.equal(daemon.lines(/\/run\/mediasoup\/collectd\.sock/, /^\[(error|warning)\]/).length, 1, daemon.log.join('\n'));
  } finally {
    await rig.close();
  }
});

test('only what Rows selects is asked for and dispatched', async () => {
  const rig = await Rig.open();
  try {
    const fake = await rig.fake('rows', answer(() => snapshot(oneOfEach('rows'))));
    await rig.collectd({ endpoints: [{ name: 'rows', Socket: fake.path, Interval: 0.25, Rows: ['workers', 'consumers'] }] });
    await rig.polls('rows', 2);
    const url = new URL(fake.requests[0].url, 'http://localhost');
    assert.equal(url.pathname, '/v1/snapshot');
    assert.deepEqual(url.searchParams.get('rows').split(',').sort(), ['consumers', 'workers']);
    assert.deepEqual([...new Set(rig.sink.lists.map((list) => list.type))].sort(), ['consumers', 'endpoint', 'workers']);
    assert.equal(rig.sink.last({ type: 'consumers' }).plugin_instance, 'roomId=rows');
  } finally {
    await rig.close();
  }
});

test('Host is the host of the value lists', async () => {
  const rig = await Rig.open();
  try {
    const fake = await rig.fake('h', answer(() => snapshot(oneOfEach('h'))));
    await rig.collectd({ endpoints: [{ name: 'h', Socket: fake.path, Interval: 0.25, Host: 'sfu-1.example' }] });
    await rig.polls('h', 2);
    assert.deepEqual([...new Set(rig.sink.lists.map((list) => list.host))], ['sfu-1.example']);
  } finally {
    await rig.close();
  }
});
