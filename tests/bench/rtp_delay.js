// SPDX-License-Identifier: MIT
'use strict';

// How long RTP takes through a worker while its statistics are collected, beside how long it takes when they are not.

const { execFileSync } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');
const { Child } = require('./lib/child.js');
const { compare, cpuOfMainThread, quantile } = require('./lib/measure.js');
const { sleep, until } = require('../lib/wait.js');

const PACKETS = { quick: 300, whole: 1000 }; // at least, for a 99th percentile

// What is measured is the worker's delay, and not who else wants its core: it has one for itself, all others share the rest, and the
// probe goes before them. Returns a function that lets this process go anywhere again; undefined where one may not.
function isolate({ worker, probe, others }) {
  const last = os.cpus().length - 1;
  const pin = (cores, pid) => execFileSync('taskset', ['-a', '-c', '-p', cores, pid], { stdio: 'ignore' });
  try {
    pin(last, worker);
    for (const pid of [probe, ...others]) pin(`0-${last - 1}`, pid);
    execFileSync('chrt', ['-a', '-f', '-p', '1', probe], { stdio: 'ignore' });
    return () => pin(`0-${last}`, process.pid);
  } catch {
    return undefined;
  }
}

// The 99th percentiles, in milliseconds, of packets sent while none of `collections` goes on, and during each of them, all taking turns.
async function percentiles(probe, packets, collections) {
  let lengths = [0];
  while (Math.min(...lengths) < packets) {
    for (const [n, collect] of collections.entries()) {
      const began = performance.now();
      await probe.ask('phase', n + 1);
      await collect();
      await probe.ask('phase', 0);
      await sleep((performance.now() - began) / collections.length);
    }
    lengths = await probe.ask('lengths', collections.length + 1);
  }
  return (await probe.ask('take')).map((delays) => quantile(delays, 0.99) / 1000);
}

async function compareAll(context, application, probe) {
  const before = cpuOfMainThread(application.pid);
  await application.snapshot('public');
  const busy = (cpuOfMainThread(application.pid) - before) / 1000;
  const collections = [
    ['public lane', () => application.snapshot('public')],
    ['raw lane', application.sockets.raw && (() => application.snapshot('raw'))],
    ['mediasoup-exporter 0.0.4', application.seedPort && (() => application.seed('/metrics'))],
    ['plain loop of getStats', () => application.loop()],
    ['as busy, but nothing asked of the worker', () => application.ask('busy', busy)],
  ].filter(([, collect]) => collect);
  const rounds = [], packets = context.quick ? PACKETS.quick : PACKETS.whole;
  for (let run = -1; run < context.runsAt(application.consumers); run += 1) { // the first warms up
    rounds.push(await percentiles(probe, packets, collections.map(([, collect]) => collect)));
  }
  const [without, ...during] = rounds[0].map((_, phase) => rounds.slice(1).map((round) => round[phase]));
  const isNewest = application.version === context.newest;
  for (const [n, [name]] of collections.entries()) {
    // The figure itself is the default lane's, on the newest mediasoup.
    const aside = isNewest && n === 0 ? undefined : isNewest ? name : `${name}, ${application.version}`;
    context.report.add({ figure: 'rtp_delay_p99', size: application.consumers, aside, unit: 'ms', peerName: 'no collection',
      title: '99th percentile of RTP\'s delay through the worker', ...compare(during[n], without) });
  }
}

async function rtpDelay(context, application) {
  const probe = new Child(path.join(__dirname, 'probe_process.js'));
  let release;
  try {
    await probe.ask('send', await application.ask('openWay', await probe.ask('open')));
    await until(async () => (await probe.ask('lengths', 1))[0] > 100, { what: 'RTP through the worker' });
    await probe.ask('take');
    release = isolate({ worker: application.workerPid, probe: probe.process.pid, others: [application.pid, process.pid] });
    if (!release) context.report.say('rtp_delay_p99: the worker has no core of its own here, so that others\' work is in its delay');
    await compareAll(context, application, probe);
  } finally {
    release?.();
    await probe.stop();
  }
}

module.exports = { rtpDelay };
