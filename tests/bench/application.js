// SPDX-License-Identifier: MIT
'use strict';

// What a collection costs the application: CPU of Node's main thread, the delay of its event loop, the delay of RTP through
// its worker. On mediasoup 3.7.19 against the seed's exporter, on those that speak flatbuffers against a plain loop of getStats.

const { Application } = require('./lib/application.js');
const { cpuOfMainThread, pairs } = require('./lib/measure.js');
const { rtpDelay } = require('./rtp_delay.js');
const { consumersView } = require('./consumers_view.js');
const { sleep } = require('../lib/wait.js');

const FIGURES = ['main_thread_cpu_public', 'main_thread_cpu_raw', 'loop_delay_public', 'loop_delay_raw', 'rtp_delay_p99', 'consumers_view'];
const SETTLED = 20; // ms after an answer's last byte, until the main thread has put everything away
const WARM_UP = 100000; // consumers read by each lane before it is measured: an application that is monitored has been asked often, and Node has compiled that
const AT_LEAST = 2000; // consumers read in a measurement of CPU, in several collections if need be
const SEED = 'mediasoup-exporter 0.0.4, 3.7.19';
const LOOP = 'plain loop of getStats';
const WINDOWS = 'getStats alone in our windows';

// What the application does by itself, as a share of a core.
async function idleShare(application) {
  const before = cpuOfMainThread(application.pid), began = performance.now();
  await sleep(1000);
  return (cpuOfMainThread(application.pid) - before) / 1000 / (performance.now() - began);
}

// Microseconds on the CPU of the main thread for each consumer.
async function cpuPerConsumer(application, idle, collect) {
  const times = Math.ceil(AT_LEAST / application.consumers);
  const before = cpuOfMainThread(application.pid), began = performance.now();
  for (let n = 0; n < times; n += 1) await collect();
  await sleep(SETTLED);
  const spent = cpuOfMainThread(application.pid) - before - idle * 1000 * (performance.now() - began);
  return spent / times / application.consumers;
}

// Milliseconds that the event loop's longest delay during a collection is above that of a span in which it is as busy, but with
// nothing that takes long: a thread that others displace is delayed, too.
async function addedDelay(application, collect) {
  const began = performance.now(), before = cpuOfMainThread(application.pid);
  await application.ask('watchDelay');
  await collect();
  const during = await application.ask('delay');
  const span = performance.now() - began, busy = (cpuOfMainThread(application.pid) - before) / 1000;
  await application.ask('watchDelay');
  await Promise.all([application.ask('busy', busy), sleep(span)]);
  return Math.max(0, during - await application.ask('delay'));
}

// Rounds that are left out: a lane is warmed up once in each application.
function warmUpRounds({ quick }, { consumers, warm }, lane) {
  if (quick || warm.has(lane)) return 1;
  warm.add(lane);
  return Math.ceil(WARM_UP / Math.max(consumers, AT_LEAST));
}

async function compareLane(context, application, { figures: [cpu, delay], aside, lane, peer, peerName }) {
  const { report } = context;
  const runs = context.runsAt(application.consumers);
  const point = { size: application.consumers, aside, peerName, oursName: `our ${lane} lane, ${application.version}` };
  const ours = () => application.snapshot(lane);
  if (context.wants(cpu)) {
    const warmUp = warmUpRounds(context, application, lane);
    const idle = await idleShare(application);
    const total = (value, size) => (value * size) / 1000;
    report.add({ figure: cpu, unit: 'us/consumer', title: `CPU of Node's main thread for a collection, ${lane} lane`, totalUnit: 'ms a collection', total, ...point,
      ...await pairs({ runs, warmUp, ours: () => cpuPerConsumer(application, idle, ours), peer: () => cpuPerConsumer(application, idle, peer) }) });
  }
  if (delay && context.wants(delay)) {
    // A busy machine delays it, too: the more runs the better.
    const result = await pairs({ runs: runs > 3 ? 2 * runs : runs, ours: () => addedDelay(application, ours), peer: () => addedDelay(application, peer) });
    report.add({ figure: delay, unit: 'ms', title: `Longest delay of Node's event loop that a collection adds, ${lane} lane`, ...point, ...result, ratio: result.peer / result.ours });
  }
}

const PUBLIC = ['main_thread_cpu_public', 'loop_delay_public'];
const RAW = ['main_thread_cpu_raw', 'loop_delay_raw'];

async function compareLanes(context, application) {
  const { version, seedPort, sockets } = application;
  if (seedPort) {
    await compareLane(context, application, { figures: PUBLIC, lane: 'public', peer: () => application.seed('/metrics'), peerName: SEED });
    await compareLane(context, application, { figures: PUBLIC.slice(0, 1), aside: 'beside a plain loop', lane: 'public', peer: () => application.loop(), peerName: `${LOOP}, ${version}` });
    await compareLane(context, application, { figures: PUBLIC.slice(0, 1), aside: 'beside what it cannot do without', lane: 'public', peer: () => application.windows(), peerName: `${WINDOWS}, ${version}` });
    if (context.wants('consumers_view')) await consumersView(context, application, 'mediasoup-exporter 0.0.4');
    return;
  }
  const newest = version === context.newest;
  const peer = () => application.loop(), peerName = `${LOOP}, ${version}`;
  await compareLane(context, application, { figures: PUBLIC, aside: version, lane: 'public', peer, peerName });
  if (sockets.raw) await compareLane(context, application, { figures: RAW, aside: newest ? undefined : version, lane: 'raw', peer, peerName });
  else for (const figure of RAW) if (context.wants(figure)) context.leftOut(figure, `the endpoint does not serve mediasoup ${version} in a raw lane, with ${application.consumers} consumers`);
}

// On the newest mediasoup at every size, on the others at one; a quick run has no time for these.
const isRtpMeasured = ({ newest, headline, quick, wants }, version, consumers) =>
  wants('rtp_delay_p99') && (version === newest || (!quick && consumers === headline));

// The seed where it works; the newest mediasoup at every size, the other at one.
function rounds(context) {
  const { versions, sizes, headline, newest, quick, wants } = context;
  const list = [];
  for (const [version, directory] of versions) {
    const legacy = version.startsWith('3.7.');
    if (quick && !legacy && version !== newest) continue;
    const isAny = FIGURES.some((figure) => figure !== 'rtp_delay_p99' && wants(figure) && (legacy ? !figure.endsWith('_raw') : figure !== 'consumers_view'));
    for (const consumers of legacy || version === newest ? sizes : [headline]) {
      if (isAny || isRtpMeasured(context, version, consumers)) list.push({ directory, consumers, version });
    }
  }
  return list;
}

async function run(context) {
  for (const { directory, consumers, version } of rounds(context)) {
    context.report.say(`an application with mediasoup ${version} and ${consumers} consumers ...`);
    const application = await Application.open({ directory, consumers });
    try {
      await compareLanes(context, application);
      if (isRtpMeasured(context, version, consumers)) await rtpDelay(context, application);
    } finally {
      await application.close();
    }
  }
}

module.exports = { FIGURES, run };
