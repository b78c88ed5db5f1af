// SPDX-License-Identifier: MIT
'use strict';

// Workers, from /workers, and the applications that started them, from /usage. Each row gets `key` and `silent`.

const workerKey = ({ host, worker, pid }) => keyOf('worker', host, worker ?? `pid ${pid}`);
const applicationOf = (row) => ({ ...row, application: true, cpuRatio: row.cpu / 100, residentMemory: row.memory });

function takeWorkers(rows, usage) {
  const applications = usage.filter((row) => row.type === 'parent').map(applicationOf);
  model.workers = [...rows, ...applications].map((row) => ({
    ...row,
    key: workerKey(row),
    eventKey: workerKey(row),
    silent: isKnown(row.responding) && row.responding < 1,
  }));
}

const workerName = (worker) => (worker.application ? 'application' : `worker ${clean(worker.worker ?? '')}`);

const hasSeveralHosts = () => new Set((shownModel().workers ?? []).map((worker) => worker.host)).size > 1;
