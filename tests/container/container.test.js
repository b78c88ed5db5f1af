// SPDX-License-Identifier: MIT
'use strict';

// The image of container/Containerfile, run beside a real application: what it serves, as whom it runs, how it is configured,
// when it is healthy, and how it ends.

const { after, before, beforeEach, afterEach, test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { sleep, until } = require('../lib/wait.js');
const { serve } = require('../../src/endpoint');
const { Sfu, loadMediasoup } = require('../sfu/sfu.js');
const { request } = require('../views/client.js');
const { Application } = require('./application.js');
const { Container, inspectImage } = require('./container.js');

const VIEWS = { port: 4000 };
const METRICS = { port: 9103 };
const STOP_LIMIT = 2000; // ms

let application; // runs during all tests
let container; // of one test
let folder; // of one test, readable by every user

before(async () => {
  application = new Application();
  await application.start();
});
after(() => application.stop());
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-container-'));
  fs.chmodSync(folder, 0o755);
});
afterEach(() => {
  container?.remove();
  container = undefined;
  fs.rmSync(folder, { recursive: true, force: true });
});

const run = (options) => { container = new Container(options); };

// A container that reads the application every second.
const runBeside = ({ variables, ...options } = {}) =>
  run({ volumes: { '/run/mediasoup': application.folder }, variables: { COLLECTD_INTERVAL: 1, ...variables }, ...options });

const answers = () => container.waitForLog(/^\[info\] mediasoup: endpoint ".*" answers: /);

async function rows(view) {
  const { body } = await request(VIEWS, view);
  return JSON.parse(body.toString());
}

// Asks until `condition` holds for the text of the answer; answers that.
async function page(target, url, condition) {
  let text;
  await until(async () => {
    text = (await request(target, url)).body.toString();
    return condition(text);
  }, { what: `${url} as expected`, timeout: 20000, every: 200, detail: () => text });
  return text;
}

const ids = (list, key) => list.map((row) => row[key]).sort();

test('the image runs as a user without rights, and says what it listens on and how it is checked', () => {
  const { Healthcheck, Config: { User, ExposedPorts, Entrypoint } } = inspectImage();
  assert.equal(User, '1000:1000');
  assert.deepEqual(Object.keys(ExposedPorts).sort(), ['4000/tcp', '9103/tcp']);
  assert.deepEqual([Healthcheck.Test, Entrypoint], [['CMD', 'health'], ['start']]);
});

test('rows, metrics and the page of a real application are served', async () => {
  runBeside({ variables: { COLLECTD_HOSTNAME: 'sfu1' } });
  await answers();
  const snapshot = await application.snapshot();
  const routers = snapshot.filter(({ row }) => row === 'routers');
  assert.equal(routers.length, 4);
  await page(VIEWS, '/routers', (text) => text.includes(routers[3].routerId));
  assert.deepEqual(ids(await rows('/routers'), 'routerId'), ids(routers, 'routerId'));
  assert.deepEqual((await rows('/endpoint')).map(({ host }) => host), ['sfu1']);
  const text = await page(METRICS, '/metrics', (metrics) => metrics.includes('collectd_mediasoup_group_'));
  assert.match(text, /^collectd_mediasoup_endpoint_up\{mediasoup="mediasoup",instance="sfu1"\} 1 /m);
  assert.match(text, /^collectd_mediasoup_endpoint_routers\{mediasoup="mediasoup",instance="sfu1"\} 4 /m);
  const producers = snapshot.filter(({ row }) => row === 'producers');
  for (const { producerId: id } of producers)
    assert.match(await page(VIEWS, '/metrics', (metrics) => metrics.includes(id)), new RegExp(`producerId="${id}".*roomId="room-\\d".*instance="sfu1"`));
  assert.match((await request(VIEWS, '/')).body.toString(), /<title>/);
  assert.deepEqual(container.complaints(), []);
  assert.equal(container.health(), 0);
});

test('collectd is the first process, as user 1000 and without capabilities', async () => {
  runBeside();
  await answers();
  const status = container.exec('cat', '/proc/1/status');
  assert.match(status, /^Name:\tcollectd$/m);
  assert.match(status, /^Uid:\t1000\t1000\t1000\t1000$/m);
  assert.match(status, /^CapEff:\t0+$/m);
});

test('SIGTERM ends it in order, within two seconds', async () => {
  runBeside();
  await answers();
  const begun = Date.now();
  container.signal('TERM');
  const { ExitCode, FinishedAt } = await container.end();
  assert.equal(ExitCode, 0);
  assert.ok(Date.parse(FinishedAt) - begun < STOP_LIMIT, `${Date.parse(FinishedAt) - begun} ms`);
  assert.ok(container.log.some((line) => line === '[info] Exiting normally.'));
});

test('a missing socket is logged once, and the container is healthy', async () => {
  const later = new Application();
  try {
    run({ volumes: { '/run/mediasoup': later.folder }, variables: { COLLECTD_INTERVAL: 1 } });
    await container.waitForLog(/endpoint "mediasoup" is down: cannot connect to .*: No such file or directory; start the mediasoup application/);
    await sleep(3000);
    assert.equal(container.complaints().length, 1, container.log.join('\n'));
    assert.equal(container.health(), 0);
    assert.match(await page(METRICS, '/metrics', (text) => text.includes('endpoint_up')), /^collectd_mediasoup_endpoint_up\{.*\} 0 /m);
    await later.start();
    await answers();
  } finally {
    await later.stop();
  }
});

test('a collectd that does not answer is not healthy', async () => {
  runBeside();
  await answers();
  assert.equal(container.health(), 0);
  container.signal('STOP');
  assert.equal(container.health(), 1);
  container.signal('CONT');
  assert.equal(container.health(), 0);
});

test('a mounted file replaces the shipped one of its name, others are added, and the rest stays', async () => {
  fs.writeFileSync(path.join(folder, 'mediasoup.conf'), `LoadPlugin mediasoup
<Plugin mediasoup>
  <Endpoint "mine">
    Socket "/run/mediasoup/collectd.sock"
    Rows "workers"
  </Endpoint>
</Plugin>
`);
  fs.writeFileSync(path.join(folder, 'uptime.conf'), 'LoadPlugin uptime\n');
  runBeside({ volumes: { '/run/mediasoup': application.folder, '/etc/collectd/collectd.conf.d': folder },
    variables: { COLLECTD_INTERVAL: 1, COLLECTD_SOCKET: '/elsewhere' } });
  await container.waitForLog(/endpoint "mine" answers/);
  assert.ok(container.log.includes('start: COLLECTD_SOCKET has no effect: /etc/collectd/collectd.conf.d/mediasoup.conf replaces the shipped file'));
  assert.match(await page(METRICS, '/metrics', (text) => text.includes('collectd_uptime')), /^collectd_mediasoup_endpoint_up\{mediasoup="mine",/m);
  assert.equal((await rows('/workers')).length, 2);
  assert.deepEqual(await rows('/producers'), []);
});

test('the views answer to the names that are allowed, on the address that is wanted', async () => {
  runBeside({ variables: { COLLECTD_LISTEN: '127.0.0.2', COLLECTD_ALLOWED_HOST: 'collectd views.example.org' } });
  await answers();
  const status = async (host) => (await request({ host: '127.0.0.2', port: 4000 }, '/healthz', { headers: { host } })).status;
  assert.deepEqual([await status('collectd:4000'), await status('views.example.org'), await status('other.example.org')], [200, 200, 403]);
  await assert.rejects(request(VIEWS, '/healthz'), /ECONNREFUSED/);
  assert.equal(container.health(), 0);
});

test('COLLECTD_URL reads an application on a port of the same network', async () => {
  const mediasoup = loadMediasoup(process.env.MEDIASOUP_DIR);
  const endpoint = await serve({ host: '127.0.0.1', port: 4443, mediasoup });
  const sfu = await Sfu.create({ mediasoup });
  try {
    run({ variables: { COLLECTD_URL: 'http://127.0.0.1:4443', COLLECTD_INTERVAL: 1 } });
    assert.match(await answers(), /http:\/\/127\.0\.0\.1:4443/);
    assert.equal((await rows('/workers')).length, 1);
  } finally {
    await sfu.close();
    await endpoint.close();
  }
});

test('COLLECTD_SOCKET may be a pattern', async () => {
  run({ volumes: { '/elsewhere': application.folder }, variables: { COLLECTD_INTERVAL: 1, COLLECTD_SOCKET: '/elsewhere/*.sock' } });
  assert.match(await answers(), /\/elsewhere\/collectd\.sock/);
});

test('any user may run it who may open the socket', async () => {
  runBeside({ options: ['--user=12345:1000'] });
  await answers();
  assert.match(container.exec('cat', '/proc/1/status'), /^Uid:\t12345\t/m);
  assert.deepEqual(container.complaints(), []);
});

test('in a read-only container it needs /run/collectd only, and says so', async () => {
  run({ options: ['--read-only', '--read-only-tmpfs=false'] });
  assert.equal((await container.end()).ExitCode, 1);
  assert.match(container.log.join('\n'), /^start: cannot write to \/run\/collectd as user 1000: where the container is read-only, mount a tmpfs there$/m);
  container.remove();
  runBeside({ options: ['--read-only', '--read-only-tmpfs=false', '--tmpfs=/run/collectd'] });
  await answers();
  assert.equal(container.health(), 0);
});

test('a container that is started again reads again', async () => {
  runBeside();
  await answers();
  container.restart();
  await until(() => container.log.filter((line) => /endpoint "mediasoup" answers/.test(line)).length === 2,
    { what: 'a second answer', timeout: 20000, every: 200, detail: () => container.log.join('\n') });
  assert.deepEqual(container.complaints(), []);
});

const MISTAKES = [
  [{ COLLECTD_INTERVAL: '10s' }, 'COLLECTD_INTERVAL is "10s": it takes a number of seconds'],
  [{ COLLECTD_SOCKET: '/a', COLLECTD_URL: 'http://b' }, 'COLLECTD_SOCKET and COLLECTD_URL are both set: give one of them'],
  [{ COLLECTD_HOSTNAME: 'a"b' }, 'COLLECTD_HOSTNAME must not have quotes, backslashes or line breaks'],
];
for (const [variables, message] of MISTAKES)
  test(`it does not start with ${JSON.stringify(variables)}`, async () => {
    run({ variables });
    assert.equal((await container.end()).ExitCode, 1);
    assert.deepEqual(container.log, [`start: ${message}`]);
  });
