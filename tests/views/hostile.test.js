// SPDX-License-Identifier: MIT
'use strict';

// What other processes, other plugins and other hosts do to the views, on a real collectd.

const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { sleep, until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, snapshot } = require('../integration/snapshots.js');
const { ViewsRig, forwarding, text } = require('./client.js');

const rows = (name) => answer(() => snapshot(oneOfEach(name)));
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'hostile-'));
after(() => fs.rmSync(temporary, { recursive: true }));

async function withRig(name, options, body) {
  const rig = await ViewsRig.start(rows(name), options);
  try {
    await body(rig);
  } finally {
    await rig.close();
  }
}

const listening = (port) => new Promise((done) => {
  const server = net.createServer().listen(port, '127.0.0.1', () => done(server));
});

test('a port that is taken at the start: said once, served once it is free, and that is said too', async () => {
  const taken = await listening(0);
  const { port } = taken.address();
  await withRig('taken', { views: { Port: port } }, async (rig) => {
    await sleep(2500);
    assert.equal(rig.daemon.lines(/views are not served: cannot listen on 127\.0\.0\.1, port \d+: Address already in use/).length, 1);
    await new Promise((done) => taken.close(done));
    await until(() => rig.daemon.lines(/the views are served now/).length === 1, { what: 'the views' });
    await rig.when('/consumers', (list) => list.length === 1);
    assert.equal(rig.daemon.lines(/views are not served/).length, 1);
  });
});

test('a predecessor that is stopped, with a full backlog, does not hold collectd up', async () => {
  const file = path.join(temporary, 'stopped.sock');
  const program = 'require("node:net").createServer().listen({ path: process.argv[1], backlog: 1 }, () => console.log())';
  const stopped = spawn(process.execPath, ['-e', program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((done) => stopped.stdout.once('data', done));
  stopped.kill('SIGSTOP');
  const waiting = Array.from({ length: 20 }, () => net.connect(file).on('error', () => {}));
  try {
    await withRig('stopped', { views: { Socket: `${'../'.repeat(20)}${file}` } }, async (rig) => {
      await until(() => rig.daemon.lines(/views are not served: cannot listen on .*stopped\.sock: Address already in use/).length === 1, { what: 'the complaint' });
      for (const socket of waiting) socket.destroy();
      stopped.kill('SIGKILL');
      await until(() => rig.daemon.lines(/the views are served now/).length === 1, { what: 'the views' });
      await rig.when('/consumers', (list) => list.length === 1);
    });
  } finally {
    stopped.kill('SIGKILL');
  }
});

// A plugin that does what some libraries do when they are loaded into another program.
const SETS_LOCALE = `#include <collectd/core/daemon/collectd.h>
#include <collectd/core/daemon/plugin.h>
#include <locale.h>
static int set(void) {
  INFO("decimal comma: %s, %.1f", setlocale(LC_ALL, "de_DE.UTF-8"), 1.5);
  return 0;
}
void module_register(void);
void module_register(void) { plugin_register_init("sets_locale", set); }
`;

test('another plugin calls setlocale(): numbers keep their points, written and read', async () => {
  execFileSync('localedef', ['-i', 'de_DE', '-f', 'UTF-8', path.join(temporary, 'de_DE.UTF-8')]);
  const source = path.join(temporary, 'sets_locale.c');
  fs.writeFileSync(source, SETS_LOCALE);
  execFileSync('gcc', ['-shared', '-fPIC', '-DHAVE_CONFIG_H=1', '-I/usr/include/collectd', '-I/usr/include/collectd/core',
    '-I/usr/include/collectd/core/daemon', '-o', path.join(temporary, 'sets_locale.so'), source]);
  process.env.LOCPATH = temporary;
  try {
    const figures = oneOfEach('comma').map((row) => (row.row === 'consumers' ? { ...row, appData: { gain: 0.1234567891 } } : row));
    const rig = await ViewsRig.start(answer(() => snapshot(figures)), {
      endpoint: { Distributions: true, Timeout: 2.5 }, extra: `PluginDir "${temporary}"\nLoadPlugin sets_locale` });
    try {
      await until(() => rig.daemon.lines(/decimal comma: de_DE\.UTF-8, 1,5/).length === 1, { what: 'the locale' });
      for (const view of ['endpoint', 'workers', 'consumers', 'producers', 'stream_jitter_seconds', 'stream_jitter_seconds_bucket'])
        await rig.when(`/${view}`, (list) => list.length > 0);
      const [endpoint] = await rig.when('/endpoint', ([found]) => !Number.isInteger(found.snapshotDurationSeconds ?? found.snapshotSeconds ?? 0.5));
      assert.ok(endpoint);
      const metrics = text(await rig.ask('/metrics'));
      const numbers = metrics.split('\n').filter((line) => line !== '' && line[0] !== '#').map((line) => line.slice(line.lastIndexOf(' ') + 1));
      assert.deepEqual(numbers.filter((number) => !Number.isFinite(Number(number)) && number !== '+Inf'), []);
      assert.ok(numbers.some((number) => number.includes('.')), 'there are fractions');
      assert.match(metrics, /stream_jitter_seconds_bucket\{[^}]*le="0\.\d+"/);
    } finally {
      await rig.close();
    }
  } finally {
    delete process.env.LOCPATH;
  }
});

describe('names', () => {
  const statusOf = async (rig, host) => (await rig.ask('/healthz', { headers: { Host: host } })).status;
  const raw = (port, bytes) => new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.end(bytes));
    let got = '';
    socket.on('data', (data) => { got += data; }).on('close', () => done(got));
  });

  test('all addresses: IP addresses and allowed names, no others', () => withRig('names', {
    views: { Listen: '0.0.0.0', AllowedHost: ['views.example.com', 'sfu'] },
  }, async (rig) => {
    await rig.when('/consumers', (list) => list.length === 1);
    const hosts = ['views.example.com', 'SFU:4000', '192.0.2.7', '[2001:db8::1]:4000', 'localhost', 'evil.example', 'views.example.com.evil.example'];
    const statuses = [];
    for (const host of hosts) statuses.push(await statusOf(rig, host));
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 403, 403]);
  }));

  test('loopback behind a proxy: an allowed name; HTTP/1.0 without any name', () => withRig('proxy', {
    views: { AllowedHost: ['views.example.com'] },
  }, async (rig) => {
    await rig.when('/consumers', (list) => list.length === 1);
    assert.equal(await statusOf(rig, 'views.example.com'), 200);
    assert.equal(await statusOf(rig, 'evil.example'), 403);
    assert.match(await raw(rig.target.port, 'GET /healthz HTTP/1.0\r\n\r\n'), /^HTTP\/1\.[01] 200 /);
  }));
});

describe('methods and headers', () => {
  test('HEAD, If-None-Match: *, slashes at the end', () => withRig('methods', {}, async (rig) => {
    await rig.when('/consumers', (list) => list.length === 1);
    const head = await rig.ask('/consumers', { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [200, undefined, 0]);
    assert.ok(Number((await rig.ask('/', { method: 'HEAD' })).headers['content-length']) > 1000);
    assert.equal((await rig.ask('/consumers', { headers: { 'If-None-Match': '*' } })).status, 304);
    assert.equal((await rig.ask('/metrics/')).status, 200);
    assert.equal((await rig.json('/consumers/')).length, 1);
  }));
});

test('the owner, the group and the mode of the socket', { skip: process.getuid() !== 0 && 'needs root' }, () => withRig('given', {
  views: { Socket: 'given.sock', SocketOwner: 'nobody', SocketGroup: 'nogroup', SocketPerms: '0600' },
}, async (rig) => {
  await rig.when('/consumers', (list) => list.length === 1);
  const { uid, gid, mode } = fs.statSync(rig.target.socketPath);
  assert.deepEqual([uid, gid, mode & 0o777], [65534, 65534, 0o600]);
}));

const receiving = (...lines) => `<Plugin write_mediasoup>\n<Receive>\nToken "t"\n${lines.join('\n')}\n</Receive>\n</Plugin>`;

test('<Receive> with a path that no request can have is said at the start', () => withRig('path', { extra: receiving('Path "receive"') }, async (rig) => {
  assert.equal(rig.daemon.lines(/<Receive> has a wrong Path, so nothing is received; it begins with \//).length, 1);
}));

describe('a host that receives', () => {
  const token = { Authorization: 'Bearer t' };

  test('the scheme of a token may be in lower case', () => withRig('lower', { extra: receiving() }, async (rig) => {
    assert.equal((await rig.post('/', '[]', { Authorization: 'bearer t' })).status, 200);
  }));

  test('comments and nesting do not end it', () => withRig('deep', { extra: receiving() }, async (rig) => {
    const deep = '/*"*/';
    const reply = await rig.post('/', `${deep}${'['.repeat(300000)}${deep}${']'.repeat(300000)}`, token);
    assert.equal(reply.status, 400);
    assert.match(JSON.parse(text(reply)).error, /not JSON/);
    assert.equal((await rig.post('/', '[]', token)).status, 200);
  }));

  test('four megabytes of nothing cost little memory', () => withRig('empty', { extra: receiving() }, async (rig) => {
    await rig.when('/consumers', (list) => list.length === 1);
    const peak = () => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${rig.daemon.pid}/status`))[1]);
    const before = peak();
    for (const part of ['{}', '{"plugin":"x"}', '1']) await rig.post('/', `[${`${part},`.repeat(4100000 / (part.length + 1))}${part}]`, token);
    assert.ok(peak() - before < 40 * 1024 * rig.daemon.slowdown, `${peak() - before} KiB`);
  }));

  const list = (time) => JSON.stringify([{ values: [7, 700], dstypes: ['derive', 'derive'], dsnames: ['messages_received', 'bytes_received'],
    time, interval: 2, host: 'far', plugin: 'mediasoup', plugin_instance: 'x', type: 'data_producers', type_instance: 'id=d' }]);
  for (const skew of [-15, -86400, 30])
    test(`a sender's clock that is ${skew} s off: its row is shown, with its age here`, () => withRig('skew', { extra: receiving() }, async (rig) => {
      assert.equal((await rig.post('/', list(Date.now() / 1000 + skew), token)).status, 200);
      const [row] = await rig.json('/data_producers?host=far');
      assert.ok(row.age >= 0 && row.age < 2, `${row.age}`);
      assert.ok(Math.abs(row.timestamp - Date.now() - skew * 1000) < 5000);
    }));

  for (const [what, options, says] of [
    ['rates', 'Format "JSON"\n    StoreRates true', /a rate and not a count; set StoreRates false in write_http/],
    ['another format', 'Format "KAIROSDB"', /it names no plugin; set Format "JSON" in write_http/]])
    test(`a sender of ${what} is refused, by the name of the option`, () => withRig('receiver', { extra: receiving() }, async (rig) => {
      await withRig('sender', { extra: `Hostname "sender"\n${forwarding({ port: rig.target.port, token: 't', format: options })}` }, () =>
        until(() => rig.daemon.lines(/a POST was refused: value list \d+/).some((line) => says.test(line)),
          { what: 'the refusal', detail: () => rig.daemon.log.join('\n') }));
    }));
});

test('it ends within two seconds, whatever clients do', async () => {
  const rig = await ViewsRig.start(rows('end'), { extra: receiving() });
  const sockets = [];
  try {
    await rig.when('/consumers', (list) => list.length === 1);
    const open = (bytes) => new Promise((done) => {
      const socket = net.connect(rig.target.port, '127.0.0.1', () => { socket.pause().write(bytes); done(); });
      sockets.push(socket.on('error', () => {}));
    });
    for (let i = 0; i < 100; i++)
      await open(['GET /cons', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100), 'POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\nContent-Length: 4000000\r\n\r\n['][i % 3]);
    const since = Date.now();
    await rig.daemon.stop();
    assert.ok(Date.now() - since < 2000 * rig.daemon.slowdown, `${Date.now() - since} ms`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await rig.close();
  }
});
