// SPDX-License-Identifier: MIT
'use strict';

// The bookkeeping of requests to one worker.

const assert = require('assert');
const { test } = require('node:test');
const { Requests } = require('../../lib/tree/requests');
const { patiently, sleep } = require('../helpers/application');

// Returns a request that is answered by its own resolve() or reject().
function held() {
  const request = {};
  request.call = () =>
    new Promise((resolve, reject) => {
      Object.assign(request, { resolve, reject });
    });
  return request;
}

test('requests in time are answered or failed', async () => {
  const requests = new Requests();
  const list = [
    { call: async () => 'value' },
    { call: () => 'at once' },
    { call: async () => { throw new Error('refused'); } },
    { call: () => { throw new TypeError('a bug'); } },
  ];
  await requests.ask(list, 60000);
  assert.deepStrictEqual(list.map(({ state }) => state), ['answered', 'answered', 'failed', 'failed']);
  assert.deepStrictEqual(list.slice(0, 2).map(({ value }) => value), ['value', 'at once']);
  assert.deepStrictEqual(list.slice(2).map(({ value }) => value.message), ['refused', 'a bug']);
  assert.strictEqual(requests.responsive, true);
});

test('all requests are sent at once, and without any there is no wait', async () => {
  const requests = new Requests();
  const list = [held(), held(), held()];
  const asked = requests.ask(list, 60000);
  assert.ok(list.every(({ resolve, state }) => resolve !== undefined && state === 'asked'));
  for (const request of list) request.resolve();
  await asked;
  await requests.ask([], 60000);
});

test('a request without an answer in time is late, and overdue until it is answered or refused', async () => {
  const requests = new Requests();
  const [answered, refused, prompt] = [held(), held(), { call: async () => 1 }];
  await patiently(requests.ask([answered, refused, prompt], 20));
  assert.deepStrictEqual([answered, refused, prompt].map(({ state }) => state), ['late', 'late', 'answered']);
  assert.deepStrictEqual([requests.overdue, requests.responsive], [2, false]);
  answered.resolve('too late');
  await sleep(1);
  assert.deepStrictEqual([requests.overdue, requests.responsive], [1, false]);
  refused.reject(new Error('too late'));
  await sleep(1);
  assert.deepStrictEqual([requests.overdue, requests.responsive], [0, true]);
  assert.deepStrictEqual([answered.state, answered.value], ['late', undefined]);
});

test('a deadline does not concern requests that were sent later', async () => {
  const requests = new Requests();
  const [first, second] = [held(), held()];
  const early = requests.ask([first], 20);
  const late = requests.ask([second], 60000);
  await patiently(early);
  assert.deepStrictEqual([first.state, second.state], ['late', 'asked']);
  second.resolve(2);
  await late;
  assert.deepStrictEqual([second.state, second.value, requests.overdue], ['answered', 2, 1]);
});

test('an answered probe writes off what is older, and nothing younger', async () => {
  const requests = new Requests();
  const [older, younger, probe] = [held(), held(), held()];
  await patiently(requests.ask([older], 5));
  const probed = requests.probe(probe.call);
  await patiently(requests.ask([younger], 5));
  assert.strictEqual(requests.overdue, 2);
  await probed;
  probe.resolve();
  await sleep(1);
  assert.strictEqual(requests.overdue, 1, 'the probe is answered late');
  for (const request of [older, younger]) request.resolve();
  await sleep(1);
  assert.strictEqual(requests.overdue, 0, 'what was written off is not counted twice');
});

test('probes are sent one at a time, and only to a worker that owes an answer', async () => {
  const requests = new Requests();
  let probes = 0;
  const call = () => {
    probes += 1;
    return new Promise(() => {});
  };
  await requests.probe(call);
  assert.strictEqual(probes, 0);
  await patiently(requests.ask([held()], 5));
  for (let i = 0; i < 3; i += 1) await requests.probe(call);
  assert.strictEqual(probes, 1);
  requests.quietUntil = 0;
  await requests.probe(call);
  assert.strictEqual(probes, 2);
  requests.quietUntil = 0;
  await requests.probe(async () => {});
  assert.deepStrictEqual([requests.overdue, requests.responsive], [0, true]);
});
