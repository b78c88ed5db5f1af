// SPDX-License-Identifier: MIT
'use strict';

// endpoint.workers() and endpoint() with a fake mediasoup: faults, time that passes, and systems without /proc.

const assert = require('assert');
const path = require('path');
const { test } = require('node:test');
const { endpoint: theEndpoint, serve } = require('..');
const { WorkerFigures } = require('../lib/worker_figures');
const trees = require('../lib/tree/trees');
const { sleep, temporaryFolder } = require('./helpers/application');
const { withEndpoint } = require('./helpers/endpoint');
const { FakeMediasoup, producer, transport } = require('./helpers/fake');
const { placeRouterOf } = require('./helpers/placing');
const { snapshot } = require('./helpers/snapshot');

const never = () => new Promise(() => {});

// Calls run({ mediasoup, figures, system }). system.reading is what reading a process returns, system.time the
// clock, and system.reads the pids that have been read.
function withFigures(run) {
  const mediasoup = new FakeMediasoup();
  const tree = trees.acquire(mediasoup);
  const system = { time: 50000, reads: [], reading: { state: 'S', cpuMs: 500, elapsedMs: 2000 } };
  const read = (pid) => {
    system.reads.push(pid);
    return system.reading;
  };
  try {
    run({ mediasoup, system, figures: new WorkerFigures(tree, read, () => system.time), tree });
  } finally {
    trees.release(tree);
  }
}

test('each living worker is listed in the order of creation, with what is on it at this moment', async () => {
  await withEndpoint({}, async ({ mediasoup, endpoint }) => {
    assert.deepStrictEqual(endpoint.workers(), []);
    const { worker, router } = mediasoup.room(3);
    const idle = mediasoup.createWorker({ zone: 'a' });
    producer(transport(router));
    const unknown = { cpu: undefined, at: undefined, roundTrip: undefined, roundTripAt: undefined };
    const empty = { routers: 0, transports: 0, producers: 0, consumers: 0, responding: true, ...unknown };
    const busy = { ...empty, routers: 1, transports: 2, producers: 1, consumers: 3 };
    const listed = endpoint.workers();
    assert.strictEqual(listed[0].worker, worker);
    assert.deepStrictEqual(listed.map(({ worker: { appData }, ...rest }) => [rest, appData]), [
      [{ ...busy, pid: worker.pid, slot: 0 }, {}],
      [{ ...empty, pid: idle.pid, slot: 1 }, { zone: 'a' }],
    ]);
    worker.die();
    assert.deepStrictEqual(endpoint.workers().map(({ slot }) => slot), [1]);
  });
});

test('no worker is asked, and the round trip is the one that the last snapshot measured', async () => {
  await withEndpoint({}, async ({ mediasoup, endpoint, socket }) => {
    const { worker } = mediasoup.room(0);
    const answer = worker.getResourceUsage;
    let calls = 0;
    worker.getResourceUsage = () => {
      calls += 1;
      return answer();
    };
    endpoint.workers();
    assert.strictEqual(calls, 0);
    const row = (await snapshot(socket)).of('workers')[0];
    await snapshot(socket, 'consumers');
    const [{ roundTrip, roundTripAt }] = endpoint.workers();
    assert.strictEqual(Math.round(roundTrip * 1e6) / 1000, row.channelRoundTripTime);
    assert.ok(Math.abs(Date.now() - roundTripAt) < 5000);
    assert.strictEqual(calls, 1);
  });
});

test('a worker that owes an answer does not respond, until it answers', async () => {
  await withEndpoint({ deadline: 50 }, async ({ mediasoup, endpoint, socket }) => {
    const { worker } = mediasoup.room(0);
    const other = mediasoup.createWorker();
    let answer;
    worker.getResourceUsage = () => new Promise((resolve) => (answer = resolve));
    await snapshot(socket);
    assert.deepStrictEqual(endpoint.workers().map(({ pid, responding }) => [pid, responding]), [[worker.pid, false], [other.pid, true]]);
    answer({});
    await new Promise(setImmediate);
    assert.deepStrictEqual(endpoint.workers().map(({ responding }) => responding), [true, true]);
    worker.getResourceUsage = never;
  });
});

test('the share of a core is one since the worker began, and later one over at least a second', () => {
  withFigures(({ mediasoup, system, figures }) => {
    mediasoup.createWorker();
    const cpu = () => figures.list()[0].cpu;
    assert.strictEqual(cpu(), 0.25);
    assert.ok(Math.abs(Date.now() - figures.list()[0].at) < 5000);
    system.reading = { ...system.reading, cpuMs: 900 };
    system.time += 999;
    assert.strictEqual(cpu(), 0.25, 'not read again within a second');
    system.time += 1;
    assert.strictEqual(cpu(), 0.4);
    system.time += 10000;
    assert.strictEqual(cpu(), 0);
    system.reading = { ...system.reading, cpuMs: 100 };
    system.time += 1000;
    assert.strictEqual(cpu(), 0, 'CPU time that falls is no share below 0');
  });
});

test('what a new worker uses to begin is no load', () => {
  withFigures(({ mediasoup, system, figures }) => {
    mediasoup.createWorker();
    system.reading = { state: 'R', cpuMs: 90, elapsedMs: 100 };
    assert.deepStrictEqual([figures.list()[0].cpu, figures.list()[0].at], [undefined, undefined]);
    system.time += 1000;
    system.reading = { state: 'S', cpuMs: 140, elapsedMs: 1100 };
    assert.strictEqual(figures.list()[0].cpu, 0.05);
  });
});

// [what it is about, the workers' figures; the last is to be chosen]
const CHOICES = [
  ['the least CPU', [{ cpu: 0.31 }, { cpu: 0.12, routers: 9 }]],
  ['the fewest consumers where CPU says nothing', [{ cpu: undefined, consumers: 120 }, { cpu: undefined, consumers: 40, routers: 9 }]],
  ['consumers that have just come, before their CPU shows', [{ cpu: 0.01, consumers: 100 }, { cpu: 0.15, routers: 9 }]],
  ['the fewest routers among about equals', [{ cpu: 0.02, routers: 2 }, { cpu: 0.08, routers: 1 }]],
  ['a worker that responds, whatever it has to do', [{ responding: false }, { cpu: 0.9, consumers: 400, routers: 9 }]],
  ['some worker when none responds', [{ responding: false, cpu: 0.5 }, { responding: false }]],
];

for (const [about, given] of CHOICES) {
  test(`README.md's sample chooses ${about}`, () => {
    const workers = given.map((figures, i) => ({ cpu: 0, consumers: 0, routers: 0, responding: true, ...figures,
      worker: { createRouter: (options) => [i, options] } }));
    const placeRouter = placeRouterOf(() => ({ workers: () => workers }));
    assert.deepStrictEqual(placeRouter({ mediaCodecs: [] }), [1, { mediaCodecs: [] }]);
  });
}

test('readings of snapshots that follow each other within a second are one interval', () => {
  withFigures(({ mediasoup, system, figures, tree }) => {
    mediasoup.createWorker();
    const [node] = tree.workers;
    for (const [ms, cpuMs] of [[0, 500], [400, 600], [400, 700], [400, 1100]]) {
      system.time += ms;
      figures.note(node, { ...system.reading, cpuMs });
    }
    assert.strictEqual(figures.list()[0].cpu, 0.5);
    assert.deepStrictEqual(system.reads, []);
  });
});

test('a process that is stopped or dead does not respond', () => {
  withFigures(({ mediasoup, system, figures }) => {
    mediasoup.createWorker();
    const states = ['R', 'S', 'D', 'T', 't', 'Z', 'X', 'S'].map((state) => {
      system.time += 1000;
      system.reading = { ...system.reading, state };
      return [state, figures.list()[0].responding];
    });
    assert.deepStrictEqual(states.filter(([, responding]) => !responding).map(([state]) => state), ['T', 't', 'Z', 'X']);
  });
});

for (const [where, reading] of [['Linux', { state: 'S', cpuMs: 1, elapsedMs: 5000 }], ['a system without /proc', undefined]]) {
  test(`on ${where} a thousand calls in a second read each process once`, () => {
    withFigures(({ mediasoup, system, figures }) => {
      system.reading = reading;
      const pids = [mediasoup.createWorker().pid, mediasoup.createWorker().pid];
      for (let call = 0; call < 1000; call += 1) {
        figures.list();
        system.time += 0.999;
      }
      assert.deepStrictEqual(system.reads, pids);
      const known = reading === undefined ? undefined : 0.0002;
      assert.deepStrictEqual(figures.list().map(({ cpu, responding }) => [cpu, responding]), [[known, true], [known, true]]);
    });
  });
}

test('snapshots that do not read the processes do not keep workers() from it', async () => {
  await withEndpoint({}, async ({ mediasoup, endpoint, socket }) => {
    while (process.uptime() < 1.1) await sleep(50); // in a worker's first second its share is unknown
    mediasoup.createWorker().pid = process.pid;
    await snapshot(socket, 'consumers');
    const [{ cpu, at }] = endpoint.workers();
    assert.ok(cpu > 0 && cpu < 16 && Math.abs(Date.now() - at) < 5000, `${cpu} ${at}`);
  });
});

test('an object of the application that throws is a warning, and the list is empty', async () => {
  const warnings = [];
  const listener = ({ code }) => warnings.push(code);
  process.on('warning', listener);
  await withEndpoint({}, async ({ mediasoup, endpoint }) => {
    Object.defineProperty(mediasoup.createWorker(), 'pid', {
      get() {
        throw new Error('no');
      },
    });
    assert.deepStrictEqual(endpoint.workers(), []);
    await new Promise(setImmediate);
    assert.deepStrictEqual(warnings, ['WARN_INTERNAL']);
  });
  process.removeListener('warning', listener);
});

test('endpoint() is the oldest that is not closed, and a closed one lists nothing', async () => {
  assert.strictEqual(theEndpoint(), undefined);
  await withEndpoint({}, async ({ mediasoup, endpoint }) => {
    mediasoup.createWorker();
    assert.strictEqual(theEndpoint(), endpoint);
    const other = await serve({ socket: path.join(temporaryFolder(), 's.sock'), mediasoup });
    assert.strictEqual(theEndpoint(), endpoint);
    mediasoup.createWorker();
    assert.deepStrictEqual([endpoint, other].map((one) => one.workers().length), [2, 2], 'they share the tree');
    await endpoint.close();
    assert.strictEqual(theEndpoint(), other);
    assert.deepStrictEqual(endpoint.workers(), []);
    assert.strictEqual(other.workers().length, 2);
    await other.close();
  });
  assert.strictEqual(theEndpoint(), undefined);
});

test('endpoint() is undefined when serve() has rejected', async () => {
  await assert.rejects(serve({ mediasoup: new FakeMediasoup('3.6.0') }));
  await assert.rejects(serve({ mediasoup: new FakeMediasoup(), socket: 'x'.repeat(200) }));
  assert.strictEqual(theEndpoint(), undefined);
});
