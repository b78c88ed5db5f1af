'use strict';

// How long RTP takes through a worker while its statistics are collected, beside how long it takes when they are not.

const path = require('node:path');
const { Child } = require('./lib/child.js');
const { compare, quantile } = require('./lib/measure.js');
const { sleep, until } = require('../lib/wait.js');

const PACKETS = 1000; // at least, for a 99th percentile

// The 99th percentiles, in milliseconds, of packets sent without a collection and during one, which take turns.
async function percentiles(probe, collect) {
  let lengths = [0, 0];
  while (Math.min(...lengths) < PACKETS) {
    const began = performance.now();
    await probe.ask('phase', 1);
    await collect();
    await probe.ask('phase', 0);
    await sleep(performance.now() - began);
    lengths = await probe.ask('phase', 0);
  }
  return (await probe.ask('take')).map((delays) => quantile(delays, 0.99) / 1000);
}

async function compareLane(context, application, probe, { lane, aside }) {
  const during = [], without = [];
  for (let run = -1; run < context.runs; run += 1) {
    const [rest, busy] = await percentiles(probe, () => application.snapshot(lane));
    if (run < 0) continue; // the warm-up
    during.push(busy);
    without.push(rest);
  }
  context.report.add({ figure: 'rtp_delay_p99', size: application.consumers, aside, unit: 'ms', peerName: aside ? `no collection (${aside})` : 'no collection',
    title: '99th percentile of RTP\'s delay through the worker', ...compare(during, without) });
}

async function rtpDelay(context, application) {
  const probe = new Child(path.join(__dirname, 'probe_process.js'));
  try {
    await probe.ask('send', await application.ask('openWay', await probe.ask('open')));
    await until(async () => (await probe.ask('phase', 0))[0] > 100, { what: 'RTP through the worker' });
    await probe.ask('take');
    await compareLane(context, application, probe, { lane: 'public' });
    if (application.sockets.raw) await compareLane(context, application, probe, { lane: 'raw', aside: 'raw lane' });
  } finally {
    await probe.kill();
  }
}

module.exports = { rtpDelay };
