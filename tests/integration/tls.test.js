// SPDX-License-Identifier: MIT
'use strict';

// Endpoints on a port with TLS and a token: which collectd reads, and what its log says of the others. The endpoints are
// real, and the mediasoup below them is a fake.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { serve } = require('../../src/endpoint');
const { FakeMediasoup } = require('../../src/endpoint/test/helpers/fake');
const { certificate, signed } = require('../lib/certificates.js');
const { until } = require('../lib/wait.js');
const { Rig, speaksOf } = require('./rig.js');

const TOKEN = 'kept-2f7c';
const NO_TOKEN = /status 401.*the token is missing or wrong.*let TokenFile name a file with the token that the application gives to serve\(\)/;
const NOT_SIGNED = /the certificate of https:\S+ is not trusted: no authority that is trusted has signed it; let CACert name/;

// The endpoints that are served: [certificate, the name in URL].
const SERVED = { own: 'own', signed: 'signed', elsewhere: 'elsewhere', expired: 'expired', plain: undefined };

// name: [the endpoint, its options (`file` stands for the folder of files), what the log says; none: it is read]
const READ = (file) => ({
  'own-certificate': ['own', { CACert: file('own.pem'), TokenFile: file('token') }],
  'by-name': ['own', { CACert: file('own.pem'), TokenFile: file('token'), host: 'localhost' }],
  authority: ['signed', { CACert: file('authority.pem'), TokenFile: file('token') }],
  'any-signature': ['own', { VerifyPeer: false, TokenFile: file('token') }],
  'any-name': ['elsewhere', { CACert: file('authority.pem'), VerifyHost: false, TokenFile: file('token') }],
  'plain-token': ['plain', { scheme: 'http', TokenFile: file('token') }],

  'system-authorities': ['own', { TokenFile: file('token') }, NOT_SIGNED],
  'other-authority': ['signed', { CACert: file('own.pem'), TokenFile: file('token') }, NOT_SIGNED],
  'not-certificates': ['own', { CACert: file('token') }, NOT_SIGNED],
  'no-such-ca': ['own', { CACert: file('none.pem') }, /cannot read certificates from \S+none\.pem: .*; let CACert name a file of certificates in PEM/],
  'other-name': ['elsewhere', { CACert: file('authority.pem') },
    /the certificate of https:\S+ is for another name: .*'127\.0\.0\.1'; write a name of the certificate in URL/],
  expired: ['expired', { CACert: file('authority.pem') }, /the certificate of https:\S+ is not trusted: it has expired; .* or renew it/],
  'no-token': ['own', { CACert: file('own.pem') }, NO_TOKEN],
  'wrong-token': ['own', { CACert: file('own.pem'), TokenFile: file('wrong') }, NO_TOKEN],
  'no-such-token': ['own', { CACert: file('own.pem'), TokenFile: file('none') },
    /TokenFile: cannot read \S+none: No such file or directory; write the secret into the first line of the file/],
  'empty-token': ['own', { CACert: file('own.pem'), TokenFile: file('empty') }, /TokenFile: the first line of \S+empty is not 1 to 1024 visible ASCII characters/],
  'tls-to-plain': ['plain', { CACert: file('own.pem') }, /there is no TLS with https:\S+: .*; let the application serve TLS there/],
  'plain-to-tls': ['own', { scheme: 'http' }, /closed the connection after 0 bytes of its answer \(where it speaks TLS, URL begins with https:\/\/\)/],
});

describe('an endpoint on a port', () => {
  let rig, daemon, cases;
  const served = {};
  const file = (name) => path.join(rig.folder, name);

  const makeFiles = () => {
    const authority = certificate(rig.folder, { name: 'authority', names: 'DNS:authority' });
    for (const [name, text] of Object.entries({ token: `${TOKEN}\n`, wrong: 'guess\n', empty: '\n' })) fs.writeFileSync(file(name), text);
    return {
      own: certificate(rig.folder),
      signed: signed(rig.folder, authority, { name: 'signed' }),
      elsewhere: signed(rig.folder, authority, { name: 'elsewhere', names: 'DNS:elsewhere.example' }),
      expired: signed(rig.folder, authority, { name: 'expired', days: 0 }),
    };
  };

  // Each has a Host of its own, as several of them read one application.
  const endpointOf = ([name, [where, { scheme = 'https', host = '127.0.0.1', ...options }]]) =>
    ({ name, Host: name, URL: `${scheme}://${host}:${served[where].port}`, Interval: 0.5, ...options });

  before(async () => {
    rig = await Rig.open();
    const pairs = makeFiles();
    for (const [name, pair] of Object.entries(SERVED)) {
      const tls = pair && { key: pairs[pair].key, cert: pairs[pair].cert };
      served[name] = await serve({ port: 0, mediasoup: new FakeMediasoup(), token: TOKEN, tls });
    }
    cases = READ(file);
    daemon = await rig.collectd({ endpoints: Object.entries(cases).map(endpointOf) });
  });
  after(async () => {
    for (const endpoint of Object.values(served)) await endpoint.close();
    await rig?.close();
  });

  const upOf = (name) => rig.sink.last({ type: 'endpoint', plugin_instance: name })?.value.up;

  for (const [name, [, , says]] of Object.entries(READ(String))) {
    test(says === undefined ? `${name} is read` : `${name} is not read, and the log says why`, async () => {
      await until(() => upOf(name) !== undefined, { what: `a reading of ${name}`, detail: () => daemon.log.join('\n') });
      assert.equal(upOf(name), says === undefined ? 1 : 0, daemon.lines(speaksOf(name)).join('\n'));
      if (says !== undefined) assert.match(daemon.lines(speaksOf(name), /is down/)[0], says);
    });
  }

  test('no secret is in the log', () => {
    assert.deepEqual(daemon.lines(new RegExp(`${TOKEN}|guess`)), []);
  });

  test('a token that changes counts from the next reading on', async () => {
    await rig.polls('authority', 2);
    fs.writeFileSync(file('wrong'), `${TOKEN}\n`);
    await rig.polls('wrong-token', 2);
    fs.writeFileSync(file('wrong'), 'guess\n');
    await rig.polls('wrong-token', 2, 0);
  });
});
