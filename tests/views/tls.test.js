// SPDX-License-Identifier: MIT
'use strict';

// The views over HTTPS, and readers who need a secret: curl as people, monitors and Prometheus use it, and what the log says
// where it cannot be served so.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { after, before, describe, test } = require('node:test');
const tls = require('node:tls');
const { certificate, signed } = require('../lib/certificates.js');
const { until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig } = require('./client.js');

const id = (what) => uuid('tls', what);
const MANY = 3000;
const ROWS = [row.worker(0), row.router(id('r'), 0), row.transport(id('t'), id('r')), row.producer(id('p'), id('t')),
  ...Array.from({ length: MANY }, (_, n) => row.consumer(id(`c${n}`), id('p'), id('t'), { stats: { ssrc: n } }))];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'views-tls-'));
const file = (name) => path.join(folder, name);
const authority = certificate(folder, { name: 'authority', names: 'DNS:authority' });
const own = signed(folder, authority, { name: 'own' });
const expired = signed(folder, authority, { name: 'expired', days: 0 });
fs.writeFileSync(file('token'), 'kept-9a1e\n');
fs.writeFileSync(file('empty'), '\n');
fs.writeFileSync(file('no.pem'), 'no certificate\n');
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

// { code, status, body, stderr } of curl with these arguments; `code` is its exit code.
async function curl(...args) {
  try {
    const { stdout } = await promisify(execFile)('curl', ['-s', '-S', '-i', '--max-time', '10', ...args], { maxBuffer: 64 << 20 });
    const [head, ...body] = stdout.split('\r\n\r\n');
    return { code: 0, status: Number(/^HTTP\/\S+ (\d+)/.exec(head)[1]), head, body: body.join('\r\n\r\n') };
  } catch ({ code, stderr }) {
    return { code, stderr };
  }
}

const READERS = `<Readers>\n  TokenFile "${file('token')}"\n  User "people"\n  Password "pass:word"\n</Readers>`;
const RECEIVE = '<Receive>\n  Path "/in"\n  Token "senders"\n</Receive>';
const TLS = `CertificateFile "${own.certFile}"\nCertificateKeyFile "${own.keyFile}"`;
const block = (...lines) => `<Plugin write_mediasoup>\n${lines.join('\n')}\n</Plugin>`;

const TOKEN = ['-H', 'Authorization: Bearer kept-9a1e'];
const PERSON = ['-u', 'people:pass:word'];

describe('over HTTPS, for readers with a secret', () => {
  let rig, at;
  const get = (url, ...args) => curl('--cacert', authority.certFile, at(url), ...args);
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(ROWS)), { endpoint: { Interval: 2, MaxObjects: 5000 }, extra: block(TLS, READERS, RECEIVE) });
    at = (url) => `https://localhost:${rig.target.port}${url}`;
    await until(async () => JSON.parse((await get('/healthz', ...TOKEN)).body).objects > MANY, { what: 'rows', detail: () => rig.daemon.log.join('\n') });
  });
  after(() => rig?.close());

  for (const [who, secret] of [['token', TOKEN], ['user and password', PERSON]]) {
    test(`the page, the views and /metrics, with the ${who}`, async () => {
      assert.match((await get('/', ...secret)).body, /^<!DOCTYPE html>/i);
      assert.equal(JSON.parse((await get('/healthz', ...secret)).body).status, 'ok');
      assert.equal(JSON.parse((await get('/consumers', ...secret)).body).length, MANY);
      assert.match((await get('/metrics', ...secret)).body, /^mediasoup_consumers_num\{\S+\} 3000$/m);
    });
  }
  test('a compressed answer is whole', async () => {
    assert.equal(JSON.parse((await get('/consumers', '--compressed', ...TOKEN)).body).length, MANY);
  });
  for (const [who, secret] of [['nothing', []], ['another token', ['-H', 'Authorization: Bearer guess']], ['another password', ['-u', 'people:pass']],
    ['the secret of senders', ['-H', 'Authorization: Bearer senders']]]) {
    test(`401 for readers with ${who}`, async () => {
      for (const url of ['/', '/healthz', '/metrics', '/consumers', '/nothing']) {
        const { status, head, body } = await get(url, ...secret);
        assert.equal(status, 401, url);
        assert.match(head, /^WWW-Authenticate: Basic realm="write_mediasoup"\r?$/im);
        assert.deepEqual(JSON.parse(body), { error: 'the secret is missing or wrong; send the Token, or the User and Password, of <Readers>' });
      }
    });
  }
  test('senders have a secret of their own', async () => {
    const post = (...args) => get('/in', '--data-binary', '[]', ...args);
    assert.match((await post(...TOKEN)).body, /of <Receive>/);
    assert.equal((await post('-H', 'Authorization: Bearer senders')).status, 200);
  });
  test('a name that is not allowed needs the secret, as behind a proxy', async () => {
    assert.equal((await get('/healthz', '-H', 'Host: evil.example')).status, 403);
    assert.equal((await get('/healthz', '-H', 'Host: evil.example', ...TOKEN)).status, 200);
  });
  test('who does not know the authority does not trust the certificate', async () => {
    assert.equal((await curl(at('/healthz'))).code, 60);
  });
  test('nothing below TLS 1.2 is spoken', async () => {
    const speak = (version) => promisify(execFile)('sh', ['-c', `openssl s_client -connect localhost:${rig.target.port} ${version} -cipher ALL:@SECLEVEL=0 </dev/null`], { timeout: 5000 });
    await assert.rejects(speak('-tls1_1'));
    assert.match((await speak('-tls1_2')).stdout, /Protocol {2}: TLSv1\.2/);
  });
  test('clear text and handshakes that never begin keep nobody out', async () => {
    const clear = await curl(`http://localhost:${rig.target.port}/healthz`);
    assert.notEqual(clear.code, 0);
    const silent = Array.from({ length: 500 }, () => net.connect(rig.target.port, '127.0.0.1').on('error', () => {}));
    await until(async () => (await get('/healthz', ...TOKEN)).status === 200, { what: 'an answer beside 500 silent connections' });
    silent.forEach((socket) => socket.destroy());
  });
  test('overload is answered with 503 and Retry-After, and never with a cut', async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, () => new Promise((done, fail) => {
      const socket = tls.connect({ ca: authority.cert, host: 'localhost', port: rig.target.port, servername: 'localhost' }, () => done(socket));
      socket.on('error', fail);
    })));
    const answers = await Promise.all(sockets.map((socket) => new Promise((done, fail) => {
      const parts = [];
      socket.on('error', fail).on('data', (part) => parts.push(part)).on('end', () => done(Buffer.concat(parts).toString()));
      socket.write('GET /consumers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer kept-9a1e\r\n\r\n');
    })));
    const [whole, busy] = [200, 503].map((status) => answers.filter((text) => text.startsWith(`HTTP/1.1 ${status} `)));
    assert.ok(whole.every((text) => text.endsWith(']\r\n0\r\n\r\n')), 'a cut');
    assert.ok(busy.every((text) => /^Retry-After: 5\r$/im.test(text)));
    assert.ok(whole.length >= 32 && busy.length > 0 && whole.length + busy.length === 100, `${whole.length} and ${busy.length}`);
  });
});

// What cannot be served: [lines of the configuration, what the log says]. Nothing is served instead, in clear text or openly.
const REFUSED = {
  'no such certificate': [`CertificateFile "${file('none')}"\nCertificateKeyFile "${own.keyFile}"`, /CertificateFile: cannot read \S+none: No such file or directory; let CertificateFile and CertificateKeyFile name/],
  'a certificate without its key': [`CertificateFile "${own.certFile}"`, /CertificateKeyFile does not name a file/],
  'a wrong value': ['CertificateFile 7', /CertificateFile does not name a file/],
  'no certificate in the file': [`CertificateFile "${file('no.pem')}"\nCertificateKeyFile "${own.keyFile}"`, /CertificateFile: there is no certificate in PEM in \S+no\.pem/],
  'no key in the file': [`CertificateFile "${own.certFile}"\nCertificateKeyFile "${file('no.pem')}"`, /CertificateKeyFile: there is no key in PEM without a passphrase in \S+no\.pem/],
  'the key of another': [`CertificateFile "${own.certFile}"\nCertificateKeyFile "${authority.keyFile}"`, /the key in \S+authority\.key does not belong to the certificate in \S+own\.pem/],
  'readers without a secret': ['<Readers>\n  User "people"\n</Readers>', /<Readers> has neither Token nor TokenFile nor User and Password, so the views are not served; add one of them/],
  'a file without a token': [`<Readers>\n  TokenFile "${file('empty')}"\n</Readers>`, /<Readers>: TokenFile: the first line of \S+empty is not 1 to 1024 visible ASCII characters, so the views are not served/],
};

const isListening = (port) => new Promise((done) => {
  const socket = net.connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
  socket.on('connect', () => socket.destroy());
});

for (const [name, [lines, says]] of Object.entries(REFUSED)) {
  test(`not served: ${name}`, async () => {
    const rig = await ViewsRig.start(answer(() => snapshot(ROWS.slice(0, 4))), { extra: block(lines) });
    try {
      await rig.daemon.waitForLog(says);
      assert.equal(await isListening(rig.target.port), false);
    } finally {
      await rig.close();
    }
  });
}

test('a certificate that has expired is complained of and served', async () => {
  const lines = `CertificateFile "${expired.certFile}"\nCertificateKeyFile "${expired.keyFile}"`;
  const rig = await ViewsRig.start(answer(() => snapshot(ROWS.slice(0, 4))), { extra: block(lines) });
  try {
    await rig.daemon.waitForLog(/the certificate in \S+expired\.pem has expired on \d{4}-\d\d-\d\d, so browsers and Prometheus refuse it; renew it and restart collectd/);
    assert.equal((await curl('-k', `https://localhost:${rig.target.port}/healthz`)).status, 200);
  } finally {
    await rig.close();
  }
});
