// SPDX-License-Identifier: MIT
'use strict';

// Faults in collecting, with a fake mediasoup over a real socket.

const assert = require('assert');
const http = require('http');
const path = require('path');
const { test } = require('node:test');
const { serve } = require('..');
const { eventually, sleep, temporaryFolder } = require('./helpers/application');
const { consumer, FakeMediasoup, producer, transport } = require('./helpers/fake');
const { request, snapshot } = require('./helpers/snapshot');

const never = () => new Promise(() => {});

async function withEndpoint(options, run) {
  const mediasoup = new FakeMediasoup();
  const socket = path.join(temporaryFolder(), 's.sock');
  const endpoint = await serve({ socket, mediasoup, deadline: 150, ...options });
  try {
    await run(mediasoup, socket, endpoint);
  } finally {
    await endpoint.close();
  }
}

// Counts how many calls are under way at once.
function gauge() {
  const state = { now: 0, most: 0, calls: 0 };
  state.wrap = (fn) => async () => {
    state.calls += 1;
    state.now += 1;
    state.most = Math.max(state.most, state.now);
    await sleep(1);
    state.now -= 1;
    return fn();
  };
  return state;
}

test('rows of every level, their counts, and nothing that was not selected', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const { worker, transport: parent, consumers } = mediasoup.room(2);
    producer(parent);
    mediasoup.createWorker();
    const all = await snapshot(socket);
    assert.deepStrictEqual(all.end.counts, {
      endpoint: 1,
      usage: 1,
      workers: 2,
      routers: 1,
      transports: 1,
      producers: 1,
      consumers: 2,
    });
    assert.deepStrictEqual([all.endpoint.workersActive, all.endpoint.workersIdle], [1, 1]);
    assert.strictEqual(all.by('consumerId', consumers[0].id)[0].stats.type, 'outbound-rtp');
    const none = { calls: 0 };
    for (const object of [parent, ...consumers]) object.getStats = async () => (none.calls += 1, []);
    worker.getResourceUsage = object => (none.calls += 1, object);
    const producers = await snapshot(socket, 'producers');
    assert.deepStrictEqual(producers.end.counts, {
      endpoint: 1,
      workers: 2,
      routers: 1,
      transports: 1,
      producers: 1,
    });
    assert.strictEqual(none.calls, 0, 'nobody was asked for what is not selected');
    assert.ok(producers.of('transports').every((row) => row.stats === undefined && !row.error));
    assert.ok(producers.of('workers').every((row) => row.stats === undefined));
  });
});

test('at most the window in flight to a worker, workers side by side', async () => {
  await withEndpoint({ window: 16 }, async (mediasoup, socket) => {
    const gauges = [gauge(), gauge()];
    for (const one of gauges) {
      for (const object of mediasoup.room(100).consumers) object.getStats = one.wrap(object.getStats);
    }
    await snapshot(socket);
    for (const { most, calls } of gauges) assert.deepStrictEqual([most, calls], [16, 100]);
  });
  await withEndpoint({ window: 3 }, async (mediasoup, socket) => {
    const one = gauge();
    for (const object of mediasoup.room(20).consumers) object.getStats = one.wrap(object.getStats);
    await Promise.all([snapshot(socket, 'consumers'), snapshot(socket, 'consumers,usage'), snapshot(socket)]);
    assert.deepStrictEqual([one.most, one.calls], [3, 60], 'whoever asks for what');
  });
});

test('the worker has the next requests before the rows of those it has answered are made', async () => {
  await withEndpoint({ window: 4 }, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(8);
    const order = [];
    consumers.forEach((object, n) => {
      const { getStats } = object;
      object.getStats = () => (order.push(`ask ${n}`), getStats());
      Object.defineProperty(object, 'appData', { get: () => (order.push(`row ${n}`), {}) });
    });
    await snapshot(socket, 'consumers');
    const both = (word, ...numbers) => numbers.map((n) => `${word} ${n}`);
    assert.deepStrictEqual(order, [
      // The first half window also has the router and the transport, which are not asked for.
      ...both('ask', 0, 1), ...both('ask', 2, 3),
      ...both('ask', 4, 5), ...both('row', 0, 1),
      ...both('ask', 6, 7), ...both('row', 2, 3),
      ...both('row', 4, 5), ...both('row', 6, 7),
    ]);
  });
});

test('a window that waits for what its worker closes keeps its place in the snapshot', async () => {
  await withEndpoint({ window: 4 }, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(8);
    consumers[1].getStats = async () => { throw new Error('gone'); };
    const { rows } = await snapshot(socket, 'consumers');
    const ids = rows.filter(({ row }) => row === 'consumers').map(({ consumerId }) => consumerId);
    assert.deepStrictEqual(ids, consumers.map(({ id }) => id));
  });
});

test('a worker that hangs costs one deadline and its own rows, and comes back', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const wedged = mediasoup.room(200);
    const well = mediasoup.room(50);
    const waiting = [];
    const objects = [wedged.transport, ...wedged.consumers];
    const hang = () => new Promise((resolve) => waiting.push(resolve));
    wedged.worker.getResourceUsage = hang;
    for (const object of objects) object.getStats = hang;

    const began = Date.now();
    const first = await snapshot(socket);
    assert.ok(Date.now() - began < 450, 'one deadline of 150 ms');
    assert.strictEqual(waiting.length, 1, 'one request was enough to know');
    assert.strictEqual(first.end.unanswered, 1);
    const errors = first.rows.filter((row) => row.error !== undefined);
    assert.ok(errors.every((row) => row.error === 'deadline' && row.stats === undefined));
    assert.strictEqual(errors.length, 202, 'worker, transport, 200 consumers; not the router');
    for (const { id } of well.consumers) {
      assert.strictEqual(first.by('consumerId', id)[0].stats.packetCount, 1);
    }

    const again = Date.now();
    const second = await snapshot(socket);
    assert.ok(Date.now() - again < 150, 'no deadline at all');
    assert.strictEqual(waiting.length, 1, 'nothing more was sent');
    assert.strictEqual(second.end.unanswered, 1, 'it is still unanswered');
    assert.strictEqual(second.rows.filter((row) => row.error === 'deadline').length, 202);

    waiting[0]({ ru_utime: 1, ru_stime: 1, ru_maxrss: 1 });
    const answer = async () => [];
    wedged.worker.getResourceUsage = async () => ({ ru_utime: 1, ru_stime: 1, ru_maxrss: 1 });
    for (const object of objects) object.getStats = answer;
    const third = await snapshot(socket);
    assert.strictEqual(third.end.unanswered, 0);
    assert.ok(third.rows.every((row) => row.error === undefined));
  });
});

test('a deadline in the middle: what was answered stays, the rest is marked', async () => {
  await withEndpoint({ window: 4 }, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(20);
    let later;
    consumers[9].getStats = () => new Promise((resolve) => (later = resolve));
    const { rows, end } = await snapshot(socket, 'consumers');
    const states = rows.filter(({ row }) => row === 'consumers').map((row) => row.error || 'answered');
    assert.deepStrictEqual(states.slice(0, 9), Array(9).fill('answered'));
    assert.strictEqual(states[9], 'deadline');
    assert.deepStrictEqual(states.slice(10, 12), ['answered', 'answered'], 'of the same window');
    assert.deepStrictEqual(states.slice(12), Array(8).fill('deadline'));
    assert.strictEqual(end.unanswered, 1);
    later([]);
    consumers[9].getStats = async () => [];
    await sleep(5);
    assert.strictEqual((await snapshot(socket, 'consumers')).end.unanswered, 0);
  });
});

test('an application that was busy does not take late timers for a deadline', async () => {
  await withEndpoint({ deadline: 50 }, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(1);
    consumers[0].getStats = () =>
      new Promise((resolve) => {
        // The answer arrives while the loop is blocked, as bytes in a socket do.
        const client = http.get({ socketPath: socket, path: '/' }, (res) => {
          res.resume();
          resolve([]);
        });
        client.on('socket', (s) => s.on('connect', () => setImmediate(() => {
          const end = Date.now() + 120;
          while (Date.now() < end);
        })));
      });
    const { end } = await snapshot(socket, 'consumers');
    assert.strictEqual(end.unanswered, 0);
  });
});

test('what fails is told, in the row it concerns', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const { consumers, transport: parent } = mediasoup.room(6);
    consumers[0].getStats = async () => {
      throw new Error('refused');
    };
    consumers[1].getStats = () => {
      throw new TypeError('at once');
    };
    consumers[2].getStats = async () => undefined;
    consumers[3].getStats = async () => [{ type: 'inbound-rtp' }, null];
    consumers[4].getStats = () => Promise.reject('x'.repeat(1000));
    consumers[5].getStats = async () => {
      throw Object.create(null);
    };
    parent.getStats = async () => [];
    const { of, end } = await snapshot(socket);
    const rows = of('consumers');
    assert.deepStrictEqual(
      rows.map(({ error }) => error),
      ['refused', 'at once', undefined, undefined, 'x'.repeat(256), 'unknown error']
    );
    assert.ok(rows.every(({ stats }) => stats === undefined));
    assert.strictEqual(end.unanswered, 0);
  });
});

test('what closes during the sweep is left out', async () => {
  await withEndpoint({ window: 4 }, async (mediasoup, socket) => {
    const { transport: parent, consumers, worker, router } = mediasoup.room(12);
    // One closes itself, one the next window's, one is refused before it is known to be closed.
    consumers[1].getStats = async () => {
      consumers[1].close();
      throw new Error('Channel closed');
    };
    consumers[2].getStats = async () => {
      consumers[9].close();
      return [];
    };
    consumers[3].getStats = async () => {
      setImmediate(() => setImmediate(() => consumers[3].close()));
      throw new Error('Consumer not found');
    };
    const { of } = await snapshot(socket, 'consumers');
    const ids = of('consumers').map(({ consumerId }) => consumerId);
    const gone = [1, 3, 9].map((i) => consumers[i].id);
    assert.deepStrictEqual(
      ids,
      consumers.map(({ id }) => id).filter((id) => !gone.includes(id))
    );
    consumers[4].getStats = async () => {
      parent.close();
      return [];
    };
    const half = await snapshot(socket, 'consumers');
    assert.ok(half.of('consumers').length < 9);
    const other = transport(router);
    consumer(other).getStats = async () => {
      worker.die();
      throw new Error('Channel closed');
    };
    const { end } = await snapshot(socket, 'consumers');
    assert.strictEqual(end.counts.consumers, undefined);
    assert.strictEqual((await snapshot(socket)).endpoint.workerDeaths, 1);
  });
});

test('a worker that closes while its own row is made', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const { worker } = mediasoup.room(3);
    worker.getResourceUsage = async () => {
      worker.close();
      throw new Error('Channel closed');
    };
    const { end, endpoint } = await snapshot(socket);
    assert.strictEqual(endpoint.workers, 1, 'alive when the snapshot began');
    assert.deepStrictEqual(end.counts, { endpoint: 1, usage: 1 });
  });
});

test('a sweep is shared by those who ask meanwhile, from its beginning', async () => {
  await withEndpoint({ window: 1 }, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(30);
    const one = gauge();
    for (const object of consumers) object.getStats = one.wrap(object.getStats);
    const first = snapshot(socket, 'consumers,workers');
    await sleep(15);
    assert.ok(one.calls > 0 && one.calls < 30, 'it is under way');
    const late = snapshot(socket, 'workers,consumers,consumers');
    const texts = (await Promise.all([first, late])).map(({ text }) => text);
    assert.strictEqual(texts[0], texts[1]);
    assert.strictEqual(one.calls, 30);
    const next = await snapshot(socket, 'workers,consumers');
    assert.strictEqual(one.calls, 60, 'the next one is a new one');
    assert.notStrictEqual(next.text, texts[0]);
  });
});

test('a client that goes away ends the sweep nobody reads', async () => {
  await withEndpoint({ window: 1 }, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(200);
    const one = gauge();
    for (const object of consumers) object.getStats = one.wrap(object.getStats);
    const client = http.get({ socketPath: socket, path: '/v1/snapshot' });
    await new Promise((resolve) => client.on('response', (res) => res.once('data', resolve)));
    client.on('error', () => {});
    client.destroy();
    await eventually(async () => {
      const before = one.calls;
      await sleep(30);
      assert.strictEqual(one.calls, before);
    });
    assert.ok(one.calls < 150, `${one.calls} calls`);
    assert.strictEqual((await snapshot(socket)).of('consumers').length, 200);
  });
});

test('the application has its event loop between windows', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(5000);
    let turns = 0;
    let watching = true;
    (function look() {
      turns += 1;
      if (watching) setImmediate(look);
    })();
    const at = [];
    for (const object of [consumers[0], consumers[4999]]) {
      object.getStats = async () => (at.push(turns), []);
    }
    const { text } = await request(socket, '/v1/snapshot');
    watching = false;
    assert.strictEqual(text.trim().split('\n').length, 5000 + 6);
    // Not in milliseconds, which are the machine's.
    assert.ok(at[1] - at[0] >= Math.floor(5000 / 16) - 1, `${at[1] - at[0]} turns`);
  });
});

test('objects that misbehave lose their own row only', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(4);
    Object.defineProperty(consumers[1], 'paused', {
      get() {
        throw new Error('no');
      },
    });
    Object.defineProperty(consumers[2], 'appData', {
      get() {
        throw new Error('no');
      },
    });
    consumers[3].getStats = async () => [{ type: 'outbound-rtp', big: BigInt(1) }];
    const { of } = await snapshot(socket);
    assert.deepStrictEqual(
      of('consumers').map(({ consumerId, error }) => [consumerId, error]),
      [
        [consumers[0].id, undefined],
        [consumers[2].id, undefined],
        [consumers[3].id, 'Do not know how to serialize a BigInt'],
      ]
    );
  });
});

test('no row without its parent: what hangs below one that cannot be told of is left out', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const { transport: parent, router } = mediasoup.room(3);
    consumer(transport(router));
    Object.defineProperty(parent, 'type', {
      get() {
        throw new Error('no');
      },
    });
    const { of } = await snapshot(socket);
    assert.deepStrictEqual([of('transports').length, of('consumers').length], [1, 1]);
  });
});

test('ids and labels of any length', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const { transport: parent } = mediasoup.room(0);
    const long = 'p'.repeat(500);
    producer(parent, { id: `${long}1` });
    producer(parent, { id: `${long}2` });
    consumer(parent, { producerId: `${long}2` });
    consumer(parent).getStats = async () => [{ type: 'outbound-rtp', label: 'x'.repeat(300000) }];
    const { of } = await snapshot(socket);
    const [one, two] = of('producers').map(({ producerId }) => producerId);
    assert.notStrictEqual(one, two);
    assert.strictEqual(of('consumers')[0].producerId, two);
    assert.strictEqual(of('consumers')[1].error, 'row too large');
  });
});

test('two endpoints in one process share what they watch', async () => {
  await withEndpoint({}, async (mediasoup, socket) => {
    const { consumers } = mediasoup.room(20);
    const one = gauge();
    for (const object of consumers) object.getStats = one.wrap(object.getStats);
    const other = await serve({ socket: `${socket}2`, mediasoup, appData: [], window: 16 });
    const both = await Promise.all([socket, `${socket}2`].map((one) => snapshot(one, 'consumers')));
    assert.deepStrictEqual(both.map(({ of }) => of('consumers').length), [20, 20]);
    assert.strictEqual(one.most, 16);
    await other.close();
    assert.strictEqual((await snapshot(socket)).of('consumers').length, 20);
  });
});

test('an endpoint that closes in the middle of a snapshot', async () => {
  await withEndpoint({ deadline: 5000 }, async (mediasoup, socket, endpoint) => {
    mediasoup.room(3).consumers[1].getStats = never;
    const client = request(socket, '/v1/snapshot');
    await sleep(50);
    await Promise.all([endpoint.close(), endpoint.close(), assert.rejects(client)]);
    await endpoint.close();
    assert.strictEqual(mediasoup.observer.listenerCount('newworker'), 0);
  });
});
