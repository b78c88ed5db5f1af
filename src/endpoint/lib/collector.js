// SPDX-License-Identifier: MIT
'use strict';

// Makes snapshots: walks the tree and has the rows of each worker's objects added to a sweep, by public_sweep.js
// or raw/sweep.js. Workers are swept side by side, each in its own order, parents before children.
//
// One sweep runs at a time. Who asks for the same classes meanwhile shares it; who asks for others
// waits for its end. So the requests in flight are bounded whoever asks, and how often.

const { performance } = require('perf_hooks');
const { keyOf } = require('./snapshot/chunks');
const { reason, warn } = require('./errors');
const { turn } = require('./requests');
const { Pace } = require('./public/pace');
const { PublicSweep } = require('./public/worker_part');
const { RawSweep } = require('./raw/worker_part');
const { CLASS_OF, plainRow } = require('./snapshot/rows');
const { Sweep } = require('./snapshot/snapshot');
const { readProcess, Usage } = require('./snapshot/usage');
const { version } = require('../package.json');

const CLASSES = ['usage', ...Object.values(CLASS_OF)];
// appData is inherited through these, so they are told of without being asked for.
const ALWAYS = new Set(['workers', 'routers', 'transports']);

const milliseconds = (value) => Math.round(value * 1000) / 1000;

// The living objects below a node of which there are rows, parents first.
function below(node, classes, list) {
  for (const child of node.children) {
    const rowClass = CLASS_OF[child.kind];
    if (rowClass === undefined || !(ALWAYS.has(rowClass) || classes.has(rowClass))) continue;
    list.push(child);
    if (child.children) below(child, classes, list);
  }
  return list;
}

class Collector {
  // `raw` is the raw lane, undefined where it is not wanted.
  constructor(tree, { appData, deadline, window }, raw) {
    this.tree = tree;
    this.raw = raw;
    this.options = { appData, deadline, window };
    this.usage = new Usage();
    this.sweeps = new Map();
    this.paces = new WeakMap();
  }

  // Returns the sweep of these classes (a Set) that is under way, or begins one. The caller joins it
  // at once.
  snapshot(classes) {
    const key = keyOf(classes);
    const shared = this.sweeps.get(key);
    if (shared !== undefined && !shared.abandoned) return shared;
    const sweep = new Sweep(classes);
    this.sweeps.set(key, sweep);
    const run = () =>
      this.run(sweep)
        .catch((error) => {
          sweep.fail();
          warn('WARN_SNAPSHOT', `a snapshot failed: ${reason(error)}`);
        })
        .then(() => {
          if (this.sweeps.get(key) === sweep) this.sweeps.delete(key);
        });
    // The tree's, and not ours: several endpoints may share one.
    this.tree.lastSweep = (this.tree.lastSweep || Promise.resolve()).then(run);
    return sweep;
  }

  async run(sweep) {
    await turn();
    if (sweep.abandoned) {
      sweep.fail();
      return;
    }
    const began = performance.now();
    const workers = [...this.tree.workers];
    sweep.lane = this.raw !== undefined && this.raw.trusted && sweep.number !== undefined ? 'raw' : 'public';
    sweep.add('endpoint', [plainRow('endpoint', this.endpointMembers(workers, sweep.lane))]);
    sweep.flush();
    if (sweep.classes.has('usage')) {
      this.addUsage(sweep, readProcess(process.pid), { type: 'parent' });
      this.usage.keep([process.pid, ...workers.map(({ object }) => object.pid)]);
    }
    await Promise.all(workers.map((worker) => this.sweepWorker(sweep, worker)));
    if (sweep.abandoned) sweep.fail();
    else sweep.finish(milliseconds(performance.now() - began));
  }

  endpointMembers(workers, lane) {
    const { tree } = this;
    const { counts } = tree;
    const active = workers.filter((worker) => worker.counts.router > 0).length;
    return {
      protocol: 1,
      time: Date.now(),
      implementation: 'collectd-mediasoup',
      version,
      mediasoup: String(tree.mediasoup.version),
      runtime: `node ${process.version}`,
      pid: process.pid,
      lane,
      processes: 1 + workers.length,
      workers: workers.length,
      workersActive: active,
      workersIdle: workers.length - active,
      routers: counts.router,
      transports: counts.transport,
      producers: counts.producer,
      consumers: counts.consumer,
      dataProducers: counts.dataProducer,
      dataConsumers: counts.dataConsumer,
      webRtcServers: counts.webRtcServer,
      workerDeaths: tree.workerDeaths,
      webRtcTransportsCreated: tree.webRtcTransportsCreated,
      iceFailures: tree.iceFailures,
      dtlsFailures: tree.dtlsFailures,
    };
  }

  addUsage(sweep, reading, members) {
    if (reading === undefined) return;
    sweep.add('usage', [plainRow('usage', { ...members, ...this.usage.figures(reading) })]);
  }

  async sweepWorker(sweep, worker) {
    if (!worker.lane.responsive) sweep.unanswered += worker.lane.overdue;
    const nodes = below(worker, sweep.classes, []);
    await this.sweepItself(sweep, worker);
    if (sweep.lane === 'raw') {
      const done = await new RawSweep(this, sweep, worker).run(nodes);
      await this.sweepPublicly(sweep, worker, nodes.slice(done));
    } else {
      await this.sweepPublicly(sweep, worker, nodes);
    }
  }

  sweepPublicly(sweep, worker, nodes) {
    return new PublicSweep(this, sweep, worker).run(nodes);
  }

  // A worker keeps its pace from one snapshot to the next.
  paceOf(worker) {
    if (!this.paces.has(worker)) this.paces.set(worker, new Pace(this.options.window));
    return this.paces.get(worker);
  }

  // The worker's own row. Its request goes alone, so that its time is the channel's and not that of
  // a window's other answers, and so that a worker that hangs costs one request.
  async sweepItself(sweep, worker) {
    const { classes } = sweep;
    const reading =
      classes.has('workers') || classes.has('usage')
        ? readProcess(worker.object.pid)
        : undefined;
    if (worker.closed) return;
    const part = new PublicSweep(this, sweep, worker);
    const request = part.request(worker);
    const asked = performance.now();
    await part.ask(request.state === 'ready' ? [request] : []);
    const more = {};
    if (classes.has('workers')) {
      if (reading) more.residentMemory = reading.residentBytes;
      if (request.state === 'answered') more.channelRoundTripTime = milliseconds(performance.now() - asked);
    }
    part.addRows(request, more);
    if (classes.has('usage') && !worker.closed) {
      this.addUsage(sweep, reading, { type: 'worker', worker: worker.slot });
    }
  }

  // Returns what `make` makes of the node, undefined when it is left out.
  tell(sweep, node, make) {
    if (node.closed || sweep.abandoned) return undefined;
    // No row without its parent's before it.
    if (sweep.unsaid.size > 0 && sweep.unsaid.has(node.parent)) {
      sweep.unsaid.add(node);
      return undefined;
    }
    try {
      return make(node);
    } catch (error) {
      sweep.unsaid.add(node);
      warn('WARN_ROW', `a ${node.kind} cannot be told of and is left out: ${reason(error)}`);
      return undefined;
    }
  }

  // Ends what is under way, for an endpoint that closes.
  close() {
    for (const sweep of this.sweeps.values()) sweep.fail();
    this.sweeps.clear();
  }
}

module.exports = { CLASSES, Collector };
