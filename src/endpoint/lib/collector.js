// SPDX-License-Identifier: MIT
'use strict';

// Makes snapshots of the tree: the endpoint's row, and for each worker its part, which public/ or raw/
// makes. Workers are asked side by side. Within each, parents come before children.
//
// One snapshot is made at a time. Readers that ask for the same classes meanwhile share it; others wait
// for its end. So there is a bound on the requests under way, however many readers there are.

const { performance } = require('perf_hooks');
const { reason, warn } = require('./common/errors');
const { isTurnOver, turn } = require('./common/event_loop');
const limits = require('./common/limits');
const { milliseconds } = require('./common/milliseconds');
const { Pace } = require('./public/pace');
const { PublicPart } = require('./public/worker_part');
const { RawPart } = require('./raw/worker_part');
const { hasRows } = require('./snapshot/classes');
const { ConnectionEvents } = require('./snapshot/connection_events');
const { endpointRow } = require('./snapshot/endpoint_row');
const { EventLoopDelay } = require('./snapshot/event_loop_delay');
const { OpenFiles } = require('./snapshot/open_files');
const { plainRow } = require('./snapshot/rows');
const { SharedSnapshots } = require('./snapshot/sharing');
const { Snapshot } = require('./snapshot/snapshot');
const { readProcess, Usage } = require('./snapshot/usage');
const { UnseenWatch } = require('./start/unseen');
const { WorkerFigures } = require('./worker_figures');

// Adds the living objects below a node that have rows to the list, parents first.
function below(node, classes, list) {
  for (const child of node.children) {
    if (!hasRows(child, classes)) continue;
    list.push(child);
    if (child.children) below(child, classes, list);
  }
  return list;
}

class Collector {
  // `raw` is the raw lane, or undefined when it is not wanted.
  constructor(tree, { appData, deadline, window }, raw) {
    this.tree = tree;
    this.raw = raw;
    this.options = { appData, deadline, window };
    this.usage = new Usage();
    this.workerFigures = new WorkerFigures(tree);
    this.openFiles = new OpenFiles();
    this.eventLoopDelay = new EventLoopDelay();
    this.unseen = new UnseenWatch();
    this.shared = new SharedSnapshots((classes, events, over) => this.begin(classes, events, over));
    this.paces = new WeakMap();
    this.events = new ConnectionEvents(appData);
    this.happened = (node, event) => this.events.add(node, event);
    tree.connections.listeners.add(this.happened);
  }

  // Returns a running Snapshot of these classes (a Set), with the events after this number unless it is
  // undefined. The caller joins it at once.
  snapshot(classes, events) {
    return this.shared.snapshot(classes, events);
  }

  begin(classes, events, over) {
    const snapshot = new Snapshot(classes, events);
    const run = () =>
      this.run(snapshot)
        .catch((error) => {
          snapshot.fail();
          warn(
            'WARN_SNAPSHOT',
            `a snapshot failed, and its readers got no end row: ${reason(error)}; ` +
              'the next one begins anew; please report it'
          );
        })
        .then(over);
    this.tree.lastSnapshot = this.tree.lastSnapshot.then(run);
    return snapshot;
  }

  async run(snapshot) {
    await turn();
    if (snapshot.abandoned) {
      snapshot.fail();
      return;
    }
    this.unseen.look();
    const began = performance.now();
    const workers = [...this.tree.workers];
    snapshot.isRaw = this.raw !== undefined && this.raw.trusted && snapshot.number !== undefined;
    snapshot.add('endpoint', [endpointRow(this.tree, this.laneOf(snapshot), this.events.newest)]);
    const events = snapshot.events === undefined ? [] : this.events.after(snapshot.events);
    snapshot.flush();
    await this.addEvents(snapshot, events);
    if (snapshot.classes.has('usage')) this.addOwnUsage(snapshot, workers);
    await Promise.all(workers.map((worker) => this.addWorker(snapshot, worker)));
    if (snapshot.abandoned) snapshot.fail();
    else snapshot.finish(milliseconds(performance.now() - began));
  }

  // Adds rows of events, which may be megabytes.
  async addEvents(snapshot, rows) {
    for (let i = 0; i < rows.length && !snapshot.abandoned; i += limits.EVENTS_AT_ONCE) {
      snapshot.add('connections', rows.slice(i, i + limits.EVENTS_AT_ONCE));
      if (isTurnOver()) await turn();
    }
  }

  // Which lane a snapshot uses, and why statistics come through the public API.
  laneOf({ isRaw }) {
    if (isRaw) return { lane: 'raw' };
    return { lane: 'public', laneReason: this.raw === undefined ? 'the option "lane" is not "raw"' : this.raw.reason };
  }

  // Adds the application's own usage, and forgets what is known of processes that are gone.
  addOwnUsage(snapshot, workers) {
    const { heapUsed, heapTotal: heapSize, external: externalMemory } = process.memoryUsage();
    const runtime = { ...this.eventLoopDelay.figures(), heapUsed, heapSize, externalMemory };
    this.addUsage(snapshot, readProcess(process.pid), { type: 'parent' }, runtime);
    const living = [process.pid, ...workers.map(({ object }) => object.pid)];
    this.usage.keep(living);
    this.openFiles.keep(living);
  }

  addUsage(snapshot, reading, members, runtime) {
    if (reading === undefined) return;
    const figures = { ...this.usage.figures(reading), ...this.openFiles.figures(reading.pid) };
    snapshot.add('usage', [plainRow('usage', { ...members, ...figures, ...runtime })]);
  }

  // Adds a worker's part: its own rows first, then those of its objects.
  async addWorker(snapshot, worker) {
    if (!worker.requests.responsive) await worker.requests.probe(() => worker.object.getResourceUsage());
    if (!worker.requests.responsive) snapshot.unanswered += worker.requests.overdue;
    worker.requests.begin(Math.max(limits.SNAPSHOT_MS, this.options.deadline));
    const nodes = below(worker, snapshot.classes, []);
    await this.addWorkerItself(snapshot, worker);
    const done = snapshot.isRaw ? await new RawPart(this, snapshot, worker).run(nodes) : 0;
    await this.addPublicly(snapshot, worker, nodes.slice(done));
  }

  // Adds the rows of nodes of a worker through mediasoup's public API.
  addPublicly(snapshot, worker, nodes) {
    return new PublicPart(this, snapshot, worker).run(nodes);
  }

  // Returns the worker's Pace, which it keeps from one snapshot to the next.
  paceOf(worker) {
    if (!this.paces.has(worker)) this.paces.set(worker, new Pace(this.options.window));
    return this.paces.get(worker);
  }

  // Adds the worker's own rows. Its request goes alone: its time is then the channel's and not that of
  // a window's other answers, and a worker that hangs costs one request.
  async addWorkerItself(snapshot, worker) {
    const { classes } = snapshot;
    const reading = this.readWorker(worker, classes);
    if (worker.closed) return;
    const part = new PublicPart(this, snapshot, worker);
    const request = part.request(worker);
    const asked = performance.now();
    await part.ask(request.state === 'ready' ? [request] : []);
    const more = {};
    if (classes.has('workers')) {
      if (reading) more.residentMemory = reading.residentBytes;
      if (request.state === 'answered') more.channelRoundTripTime = this.roundTrip(worker, performance.now() - asked);
    }
    part.addRows(request, more);
    if (classes.has('usage') && !worker.closed) {
      this.addUsage(snapshot, reading, { type: 'worker', worker: worker.slot });
    }
  }

  // Returns what readProcess() says of a worker's process, where these classes need it.
  readWorker(worker, classes) {
    if (!classes.has('workers') && !classes.has('usage')) return undefined;
    const reading = readProcess(worker.object.pid);
    this.workerFigures.note(worker, reading);
    return reading;
  }

  // Returns the member of a worker's row for how long it took to answer.
  roundTrip(worker, ms) {
    this.workerFigures.noteAnswer(worker, ms);
    return milliseconds(ms);
  }

  // Ends the snapshots under way, for an endpoint that closes.
  close() {
    this.eventLoopDelay.close();
    this.tree.connections.listeners.delete(this.happened);
    for (const snapshot of this.shared.underWay.values()) snapshot.fail();
    this.shared.underWay.clear();
  }
}

module.exports = { Collector };
