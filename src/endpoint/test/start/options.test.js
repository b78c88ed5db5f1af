// SPDX-License-Identifier: MIT
'use strict';

// The options that serve() accepts, and its errors for others.

const assert = require('assert');
const { test } = require('node:test');
const { serve, EndpointError } = require('../..');
const { parse } = require('../../lib/start/options');
const { temporaryFolder } = require('../helpers/application');
const { certificate } = require('../helpers/certificate');
const { FakeMediasoup } = require('../helpers/fake');

const folder = temporaryFolder();
const [PAIR, OTHER] = ['own', 'other'].map((name) => certificate(folder, { name })).map(({ key, cert }) => ({ key, cert }));
const LONG = `/tmp/${'x'.repeat(103)}`;

// [what is passed to serve(), code of the error, its message]
const WRONG = [
  ['text', 'ERR_OPTION_INVALID', /serve\(\) takes an object of options, not "text"/],
  [null, 'ERR_OPTION_INVALID', /not null/],
  [[], 'ERR_OPTION_INVALID', /not an array/],
  [{ sokcet: '/tmp/s' }, 'ERR_OPTION_UNKNOWN', /no option "sokcet"; its options are socket, mode/],
  [{ socket: 7 }, 'ERR_OPTION_INVALID', /"socket" must be a path.*, not 7/],
  [{ socket: '' }, 'ERR_OPTION_INVALID', /"socket" must be a path.*, not ""/],
  [{ socket: '\0abstract' }, 'ERR_OPTION_INVALID', /without NUL/],
  [{ mode: '660' }, 'ERR_OPTION_INVALID', /"mode" must be file permissions.*0o660, not "660"/],
  [{ mode: 0o1777 }, 'ERR_OPTION_INVALID', /"mode"/],
  [{ port: '80' }, 'ERR_OPTION_INVALID', /"port" must be a port number from 0 to 65535, not "80"/],
  [{ port: 65536 }, 'ERR_OPTION_INVALID', /not 65536/],
  [{ host: '127.0.0.1' }, 'ERR_OPTION_INVALID', /"host" needs option "port"/],
  [{ socket: '/tmp/s', port: 1 }, 'ERR_OPTION_CONFLICT', /"socket" and "port" exclude each other/],
  [{ socket: '/tmp/s', host: '::1', port: 1 }, 'ERR_OPTION_CONFLICT', /"socket" and "host"/],
  [{ mode: 0o600, port: 1 }, 'ERR_OPTION_CONFLICT', /"mode" and "port"/],
  [{ host: '0.0.0.0', port: 1 }, 'ERR_HOST_NOT_LOOPBACK', /"0.0.0.0" is not loopback.*allowRemote/],
  [{ host: '10.0.0.1', port: 1 }, 'ERR_HOST_NOT_LOOPBACK', /"10.0.0.1"/],
  [{ host: '127.0.0.1.example.org', port: 1 }, 'ERR_HOST_NOT_LOOPBACK', /example/],
  [{ host: '::', port: 1 }, 'ERR_HOST_NOT_LOOPBACK', /"::"/],
  [{ allowRemote: 'yes' }, 'ERR_OPTION_INVALID', /"allowRemote" must be true or false/],
  [{ appData: 'roomId' }, 'ERR_OPTION_INVALID', /"appData" must be a list.*, not "roomId"/],
  [{ appData: ['roomId', 7] }, 'ERR_OPTION_INVALID', /"appData".*not an array/],
  [{ deadline: 0 }, 'ERR_OPTION_INVALID', /"deadline" must be milliseconds from 1 to 60000, not 0/],
  [{ deadline: Infinity }, 'ERR_OPTION_INVALID', /not Infinity/],
  [{ window: 0.5 }, 'ERR_OPTION_INVALID', /"window" must be requests from 1 to 1024, not 0.5/],
  [{ window: 1025 }, 'ERR_OPTION_INVALID', /not 1025/],
  [{ token: '' }, 'ERR_OPTION_INVALID', /"token" must be a text of 1 to 1024 visible ASCII characters, without spaces$/],
  [{ token: 'not to be shown' }, 'ERR_OPTION_INVALID', /without spaces$/],
  [{ token: 'x'.repeat(1025) }, 'ERR_OPTION_INVALID', /without spaces$/],
  [{ token: 7 }, 'ERR_OPTION_INVALID', /without spaces$/],
  [{ port: 1, tls: true }, 'ERR_OPTION_INVALID', /"tls" must be { key, cert } in PEM, and at most passphrase, ciphers, minVersion, maxVersion beside them$/],
  [{ port: 1, tls: { ...PAIR, key: undefined } }, 'ERR_OPTION_INVALID', /"tls" must be/],
  [{ port: 1, tls: { ...PAIR, cert: '' } }, 'ERR_OPTION_INVALID', /"tls" must be/],
  [{ port: 1, tls: { ...PAIR, requestCert: true } }, 'ERR_OPTION_INVALID', /"tls" must be/],
  [{ port: 1, tls: { ...PAIR, key: OTHER.key } }, 'ERR_OPTION_INVALID', /"tls" cannot be used: .*; pass a certificate in PEM and the key that belongs to it/],
  [{ port: 1, tls: { ...PAIR, cert: 'no certificate' } }, 'ERR_OPTION_INVALID', /"tls" cannot be used/],
  [{ tls: PAIR }, 'ERR_OPTION_CONFLICT', /"tls" needs option "port"/],
  [{ socket: '/tmp/s', tls: PAIR }, 'ERR_OPTION_CONFLICT', /"tls" needs option "port"/],
  [{ lane: 'fast' }, 'ERR_OPTION_INVALID', /"lane" must be "public" or "raw", not "fast"/],
  [{ mediasoup: 'mediasoup' }, 'ERR_OPTION_INVALID', /"mediasoup" must be the mediasoup module/],
  [{ mediasoup: {} }, 'ERR_OPTION_INVALID', /no createWorker\(\) or no observer/],
  [{ mediasoup: new FakeMediasoup('3.6.37') }, 'ERR_MEDIASOUP_UNSUPPORTED', /3\.6\.37 is not supported; install mediasoup 3\.7 or a later 3\.x/],
  [{ mediasoup: new FakeMediasoup('4.0.0') }, 'ERR_MEDIASOUP_UNSUPPORTED', /4\.0\.0/],
  [{ mediasoup: new FakeMediasoup('') }, 'ERR_MEDIASOUP_UNSUPPORTED', /not supported/],
  [{ socket: LONG }, 'ERR_SOCKET_TOO_LONG', /is 108 bytes long, and the system allows 107; choose a shorter one/],
];

for (const [options, code, message] of WRONG) {
  test(`${code} ${message}`, async () => {
    await assert.rejects(serve(options), (error) => {
      assert.ok(error instanceof EndpointError);
      assert.strictEqual(error.code, code);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('every option has a default', () => {
  assert.deepStrictEqual(parse(), {
    socket: '/run/mediasoup/collectd.sock',
    pattern: '/run/mediasoup/collectd.sock',
    mode: 0o660,
    allowRemote: false,
    token: undefined,
    appData: undefined,
    mediasoup: undefined,
    deadline: 2000,
    lane: 'public',
    window: 16,
  });
  assert.strictEqual(parse({ port: 4000 }).host, '127.0.0.1');
  assert.strictEqual(parse({ socket: undefined, port: 4000 }).port, 4000);
});

test('host is loopback in any spelling, or remote when that is allowed', () => {
  for (const host of ['localhost', 'LocalHost', '::1', '127.0.0.1', '127.9.8.7', '::ffff:127.0.0.1']) {
    assert.strictEqual(parse({ host, port: 0 }).host, host);
  }
  assert.strictEqual(parse({ host: '0.0.0.0', port: 0, allowRemote: true }).host, '0.0.0.0');
});

test('a certificate and its key are tried out and copied', () => {
  const given = { ...PAIR };
  const { tls } = parse({ port: 0, tls: given });
  given.key = OTHER.key;
  assert.deepStrictEqual(tls, PAIR);
});

test('%p is the process id, wherever it stands in the path', () => {
  const { socket, pattern } = parse({ socket: '/run/%p/sfu-%p.sock' });
  assert.strictEqual(socket, `/run/${process.pid}/sfu-${process.pid}.sock`);
  assert.strictEqual(pattern, '/run/%p/sfu-%p.sock');
});

test('the list of keys is a copy', () => {
  const keys = ['roomId'];
  const { appData } = parse({ appData: keys });
  keys.push('token');
  assert.deepStrictEqual(appData, ['roomId']);
});
