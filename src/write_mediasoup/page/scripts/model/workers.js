// SPDX-License-Identifier: MIT
'use strict';

// Workers, from /workers, and the applications that started them, from /usage. Each row gets `key` and `silent`.

const applicationOf = (row) => ({ ...row, application: true, cpuRatio: row.cpu / 100, residentMemory: row.memory });

function takeWorkers(rows, usage) {
  const applications = usage.filter((row) => row.type === 'parent').map(applicationOf);
  model.workers = [...rows, ...applications].map((row) => ({
    ...row,
    key: keyOf('worker', row.host, row.worker ?? `pid ${row.pid}`),
    silent: isKnown(row.responding) && row.responding < 1,
  }));
}

const workerName = (worker) => (worker.application ? 'application' : `worker ${clean(worker.worker ?? '')}`);

const hasSeveralHosts = () => new Set(model.workers.map((worker) => worker.host)).size > 1;
