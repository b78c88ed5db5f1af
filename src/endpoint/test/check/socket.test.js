// SPDX-License-Identifier: MIT
'use strict';

// The road up to the socket: what is missing, whose it is, and who may open it.

const assert = require('assert');
const fs = require('fs');
const http = require('http');
const net = require('net');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { test } = require('node:test');
const { temporaryFolder } = require('../helpers/application');
const { certificate } = require('../helpers/certificate');
const { checked, command, of } = require('../helpers/command');
const { withEndpoint } = require('../helpers/endpoint');
const { recordedRows, textOf, withFakeEndpoint } = require('../helpers/fake_endpoint');
const { version } = require('../../package.json');

const SOUND = textOf(recordedRows());
const STRANGER = 'nobody';
const me = os.userInfo();

function failureOf({ code, findings }, subject) {
  assert.strictEqual(code, 1);
  const found = findings.filter(({ level }) => level === 'failure');
  assert.deepStrictEqual(found.map((one) => one.subject), [subject]);
  return found[0];
}

// Ends a process that listens on this path by SIGKILL, so that it leaves its socket.
async function leaveStale(socket) {
  const child = spawn(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(socket)}, () => console.log('listens'))`]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
}

test('a missing folder, a missing socket, others in its place', async () => {
  const folder = temporaryFolder();
  const none = failureOf(await checked([path.join(folder, 'no/s.sock')]), 'socket');
  assert.strictEqual(none.text, `there is no ${folder}/no/s.sock`);
  assert.match(none.cause, /^the folder .*\/no is missing, /);
  assert.match(failureOf(await checked([path.join(folder, 's.sock')]), 'socket').cause, /^no endpoint listens there: /);
  const other = net.createServer();
  await new Promise((resolve) => other.listen(path.join(folder, 'other.sock'), resolve));
  const found = failureOf(await checked([path.join(folder, 's.sock')]), 'socket');
  other.close();
  assert.strictEqual(found.cause, `${folder} has ${folder}/other.sock`);
  assert.match(found.remedy, /^pass one of those/);
});

test('a socket that nobody listens on, and a file that is no socket', async () => {
  const folder = temporaryFolder();
  const socket = path.join(folder, 's.sock');
  await leaveStale(socket);
  const stale = failureOf(await checked([socket]), 'socket');
  assert.deepStrictEqual([stale.text, stale.cause], [`nobody can be reached at ${socket}`, 'the process that made it has ended and left the file']);
  fs.writeFileSync(path.join(folder, 'file'), '');
  assert.strictEqual(failureOf(await checked([path.join(folder, 'file')]), 'socket').text, `${folder}/file is no socket`);
});

test('a reader is kept out by the folder, then by the socket, then by nothing', () =>
  withFakeEndpoint(SOUND, async (socket) => {
    const check = () => checked(['--user', STRANGER, socket]);
    const folder = path.dirname(socket);
    fs.chmodSync(socket, 0o660);
    fs.chmodSync(folder, 0o700);
    const kept = failureOf(await check(), 'reader');
    assert.match(kept.cause, new RegExp(`^${folder} belongs to ${me.username}:\\S+, mode 0700$`));
    assert.match(kept.remedy, /^let nobody enter /);
    fs.chmodSync(folder, 0o711);
    const refused = failureOf(await check(), 'reader');
    assert.match(refused.text, /^the user nobody may not open the socket$/);
    assert.match(refused.cause, new RegExp(`^${socket} belongs to ${me.username}:\\S+, mode 0660$`));
    assert.match(refused.remedy, /^put nobody into the group of the socket \(usermod -a -G \S+ nobody, then restart collectd\), or serve\(\{ mode: 0o666 \}\)$/);
    fs.chmodSync(socket, 0o666);
    const { code, findings } = await check();
    assert.deepStrictEqual([code, findings[1].text], [0, 'the user nobody may open the socket']);
  }));

test('the group of the socket lets a reader in, and only the group', () =>
  withFakeEndpoint(SOUND, async (socket) => {
    const group = fs.readFileSync('/etc/passwd', 'utf8').split('\n').find((line) => line.startsWith(`${STRANGER}:`)).split(':')[3];
    fs.chmodSync(path.dirname(socket), 0o711);
    fs.chmodSync(socket, 0o660);
    if (process.getuid() !== 0) return; // only root may give a file away
    fs.chownSync(socket, 0, Number(group));
    assert.strictEqual((await checked(['--user', STRANGER, socket])).code, 0);
    fs.chmodSync(socket, 0o606);
    failureOf(await checked(['--user', STRANGER, socket]), 'reader');
  }));

test('a user that there is not', () =>
  withFakeEndpoint(SOUND, async (socket) => {
    assert.strictEqual(failureOf(await checked(['--user=no-such-user', socket]), 'reader').text, 'there is no user no-such-user');
  }));

test('%p stands for the sockets of several processes', async () => {
  const folder = temporaryFolder();
  await withFakeEndpoint(SOUND, async (socket) => {
    for (const name of ['sfu-30.sock', 'sfu-4.sock', 'sfu-x.sock', 'sfu-5.sock.old']) fs.symlinkSync(socket, path.join(folder, name));
    const { code, results } = await checked([path.join(folder, 'sfu-%p.sock')]);
    assert.deepStrictEqual([code, results.map(({ target }) => path.basename(target))], [0, ['sfu-4.sock', 'sfu-30.sock']]);
  });
  const none = await checked([path.join(folder, 'other-%p.sock')]);
  assert.strictEqual(failureOf(none, 'socket').text, `there is no ${folder}/other-%p.sock, whatever stands for %p`);
});

test('without an argument the variables of register say where', () =>
  withFakeEndpoint(SOUND, async (socket) => {
    const { code, results } = await checked([], { env: { COLLECTD_MEDIASOUP_SOCKET: socket } });
    assert.deepStrictEqual([code, results[0].target], [0, socket]);
  }));

test('the report for people says level, subject, cause and remedy; nothing in it moves the cursor', async () => {
  const rows = recordedRows();
  rows[0].implementation = 'other\u001b[2J';
  await withFakeEndpoint(textOf(rows), async (socket) => {
    fs.chmodSync(path.dirname(socket), 0o711);
    fs.chmodSync(socket, 0o666);
    const { code, stdout } = await command(['check', '--user', STRANGER, socket]);
    assert.strictEqual(code, 0, stdout);
    const lines = stdout.split('\n');
    assert.strictEqual(lines[0], `checking ${socket}`);
    assert.ok(lines.includes('  ok       reader        the user nobody may open the socket'), stdout);
    assert.ok(lines.includes('  ok       endpoint      other [2J 0.1.0, mediasoup 3.19.22, ' + `${rows[0].runtime}, process ${rows[0].pid}`), stdout);
    assert.ok(lines.includes('collectd can read this endpoint; 0 warnings'), stdout);
  });
  const { code, stdout } = await command(['check', '/nowhere/s.sock']);
  assert.strictEqual(code, 1);
  assert.match(stdout, /^ {2}FAILURE {2}socket {8}there is no \/nowhere\/s\.sock\n {25}cause: {2}the folder .*\n {25}remedy: start the application .*$/m);
  assert.match(stdout, /^1 failure, 0 warnings$/m);
});

test('a token and a certificate: what is in the way, and then the road', async () => {
  const { certFile, key, cert } = certificate(temporaryFolder());
  await withEndpoint({ port: 0, token: 'kept', tls: { key, cert } }, async ({ endpoint }) => {
    const env = { COLLECTD_MEDIASOUP_PORT: String(endpoint.port), COLLECTD_MEDIASOUP_TLS_CERT: '/not/read.pem' };
    const untrusted = failureOf(await checked([], { env }), 'answer');
    assert.deepStrictEqual([untrusted.text, /NODE_EXTRA_CA_CERTS/.test(untrusted.remedy)], ['the certificate is not trusted', true]);
    env.NODE_EXTRA_CA_CERTS = certFile;
    const refused = failureOf(await checked([], { env }), 'answer');
    assert.deepStrictEqual([refused.text, /^set COLLECTD_MEDIASOUP_TOKEN to the token of serve\(\)/.test(refused.remedy)], ['status 401', true]);
    env.COLLECTD_MEDIASOUP_TOKEN = 'kept';
    const { results, findings } = await checked([], { env });
    assert.deepStrictEqual([results[0].target, of(findings, 'failure')], [`https://127.0.0.1:${endpoint.port}/v1/snapshot`, []]);
  });
});

test('a user and a password in a URL may have any characters', async () => {
  for (const [credentials, sent] of [['a%2Fb:c%40d', 'a/b:c@d'], ['50%:1%z', '50%:1%z']]) {
    const seen = [];
    const server = http.createServer((req, res) => {
      seen.push(req.headers.authorization);
      res.end();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { code, stderr } = await command(['check', `http://${credentials}@127.0.0.1:${server.address().port}/`]);
    server.close();
    assert.deepStrictEqual([code, stderr], [1, '']);
    assert.strictEqual(Buffer.from(seen[0].slice('Basic '.length), 'base64').toString(), sent);
  }
});

test('help, version and wrong calls', async () => {
  assert.match((await command(['--help'])).stdout, /^collectd-mediasoup check \[--json\]/);
  assert.deepStrictEqual(await command(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
  for (const [args, message] of [[[], 'what is to be done?'], [['chek'], 'there is no command chek'], [['check', '--jsno'], 'there is no option --jsno'],
    [['check', 'a', 'b'], 'one socket or URL can be checked at a time'], [['check', 'http://'], 'Invalid URL']]) {
    const { code, stderr } = await command(args);
    assert.strictEqual(code, 2);
    assert.strictEqual(stderr, `collectd-mediasoup: ${message}; see collectd-mediasoup --help\n`);
  }
});
