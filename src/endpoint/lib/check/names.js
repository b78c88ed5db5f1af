// SPDX-License-Identifier: MIT
'use strict';

// Which appData there is, and whether rooms and participants have names, as the plugin finds them: the first key
// of a list that an object's appData has, or that of an object above it. A room without a name is called by its
// router's id.

const { counted, note, ok, warning } = require('./finding');
const { keyOf, OWN_ID, PARENT, parentOf } = require('./relations');

// The plugin's defaults for RoomKeys and ParticipantKeys.
const ROOM_KEYS = ['roomId', 'room_id', 'roomName', 'room'];
const PARTICIPANT_KEYS = ['peerId', 'peer_id', 'userId', 'participantId'];
const SHOWN_KEYS = 12;
const MEDIA = ['producers', 'consumers', 'data_producers', 'data_consumers'];
// What lies on these belongs to no participant.
const NO_PARTICIPANT = ['pipe', 'direct'];

// What an endpoint writes for a value that it cannot pass on, such as an instance of a class. The plugin passes over it.
const PLACEHOLDER = /^\[(object|circular|deep|unreadable|bigint|promise|[A-Z][\w$]*[a-z][\w$]*)\]$/;

const isName = (value) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '' && !PLACEHOLDER.test(value);
const namesIn = (appData = {}) => Object.fromEntries(Object.entries(appData).filter(([, value]) => isName(value)));

// Adds to each row what it inherits: { row, appData, above }, where `appData` has only what can be a name, and `above`
// are the rows from itself to its worker.
function withInherited(rows) {
  const byKey = new Map();
  return rows.filter((row) => OWN_ID[row.row]).map((row) => {
    const parent = byKey.get(parentOf(row)) || { appData: {}, above: [] };
    const entry = { row, appData: { ...parent.appData, ...namesIn(row.appData) }, above: [row, ...parent.above] };
    byKey.set(keyOf(row.row, row[OWN_ID[row.row]]), entry);
    return entry;
  });
}

const keyIn = (keys, appData) => keys.find((key) => key in appData);
const routerOf = ({ above }) => above.find(({ row }) => row === 'routers');
const transportOf = ({ above }) => above.find(({ row }) => row === 'transports');

// Returns { class: { key: how many rows have it } }.
function keysByClass(rows) {
  const found = {};
  for (const { row, appData } of rows) {
    for (const key of Object.keys(appData || {})) {
      found[row] = found[row] || {};
      found[row][key] = (found[row][key] || 0) + 1;
    }
  }
  return found;
}

function keysFinding(found) {
  const classes = Object.keys(PARENT).concat('workers').filter((name) => found[name]);
  if (classes.length === 0) return note('appData', 'no object has any');
  const texts = classes.map((name) => {
    const keys = Object.keys(found[name]);
    return `${name} ${keys.slice(0, SHOWN_KEYS).join(', ')}${keys.length > SHOWN_KEYS ? ', ...' : ''}`;
  });
  return note('appData', `keys of ${texts.join('; ')}`);
}

// Which of the keys name these entries: { names, used, without }.
function named(entries, keys) {
  const names = new Set();
  const used = new Set();
  let without = 0;
  for (const { appData } of entries) {
    const key = keyIn(keys, appData);
    if (key === undefined) {
      without += 1;
      continue;
    }
    names.add(String(appData[key]));
    used.add(key);
  }
  return { names: names.size, used: [...used], without };
}

// The objects that belong to rooms: media where there are any, or else what could carry them.
function members(entries) {
  const of = (classes) => entries.filter(({ row }) => classes.includes(row.row));
  return [of(MEDIA), of(['transports']), of(['routers'])].find((list) => list.length > 0) || [];
}

const LINE = {
  room: 'worker.createRouter({ mediaCodecs, appData: { roomId } })',
  participant: 'router.createWebRtcTransport({ ..., appData: { peerId } })',
};

// Returns the finding about names. `without` says what becomes of those that have none.
function namesFinding(what, entries, keys, { option, without }) {
  const found = named(entries, keys);
  const subject = `${what}s`;
  const by = `named by ${found.used.join(', ')}`;
  if (found.without === 0) return ok(subject, `${counted(found.names, what)}, ${by}`);
  const some = found.names === 0
    ? `no ${what} has a name: appData has none of ${keys.join(', ')}; ${without}`
    : `${counted(found.names, what)}, ${by}; ${found.without} of ${counted(entries.length, 'object')} belong to none: ${without}`;
  return warning(subject, some, `in the application: ${LINE[what]}; or, if another key of appData has the name, collectd's option ${option}`);
}

function roomsFinding(entries) {
  const all = members(entries);
  if (all.length === 0) return note('rooms', 'there is no router yet, so nothing to name');
  const routers = new Set(all.filter(({ appData }) => !keyIn(ROOM_KEYS, appData)).map((entry) => routerOf(entry).routerId));
  const without = `${counted(routers.size, 'router')} counts as a room by its id`.replace(/(routers) counts as a room by its id/, '$1 count as rooms by their ids');
  return namesFinding('room', all, ROOM_KEYS, { option: 'RoomKeys', without });
}

function participantsFinding(entries) {
  const isTheirs = (entry) => !NO_PARTICIPANT.includes((transportOf(entry) || {}).transportType);
  const all = members(entries).filter((entry) => entry.row.row !== 'routers' && isTheirs(entry));
  if (all.length === 0) return note('participants', 'nobody takes part yet, so nothing to name');
  return namesFinding('participant', all, PARTICIPANT_KEYS, { option: 'ParticipantKeys', without: 'their streams are shown without a participant' });
}

// Returns the findings about the appData of a snapshot's rows.
function checkNames(rows) {
  const entries = withInherited(rows);
  return [keysFinding(keysByClass(rows)), roomsFinding(entries), participantsFinding(entries)];
}

module.exports = { checkNames, keysByClass, PARTICIPANT_KEYS, ROOM_KEYS };
