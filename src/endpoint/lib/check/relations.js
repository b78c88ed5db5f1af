// SPDX-License-Identifier: MIT
'use strict';

// How rows refer to each other, as PROTOCOL.md says.

// class: the member with its own id
const OWN_ID = {
  workers: 'worker',
  routers: 'routerId',
  transports: 'transportId',
  producers: 'producerId',
  consumers: 'consumerId',
  data_producers: 'dataProducerId',
  data_consumers: 'dataConsumerId',
};

// class: [its parent's class, the member with the parent's id]
const PARENT = {
  routers: ['workers', 'worker'],
  transports: ['routers', 'routerId'],
  producers: ['transports', 'transportId'],
  consumers: ['transports', 'transportId'],
  data_producers: ['transports', 'transportId'],
  data_consumers: ['transports', 'transportId'],
};

// The classes with a row for each RTP stream.
const STREAMS = ['producers', 'consumers'];

// Returns what tells an object from all others of its class. A pipe gives a producer the id of another one.
function identityOf(row) {
  const id = row[OWN_ID[row.row]];
  return /producers$/.test(row.row) ? `${row.transportId} ${id}` : String(id);
}

const keyOf = (rowClass, id) => `${rowClass} ${id}`;

// Returns the key of the row's parent, or undefined for rows that have none.
function parentOf(row) {
  const parent = PARENT[row.row];
  return parent && keyOf(parent[0], row[parent[1]]);
}

module.exports = { identityOf, keyOf, OWN_ID, PARENT, parentOf, STREAMS };
