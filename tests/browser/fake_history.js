// SPDX-License-Identifier: MIT
'use strict';

// A made-up /history: what a FakeViews has had at each of its samples.

const { participantsOf } = require('./fake_participants.js');

const LABELS = ['host', 'endpoint', 'group', 'appData', 'worker', 'pid', 'room', 'participant'];
const WORDS = ['quality', 'uplinkCause', 'downlinkCause', 'cause', 'connection', 'protocol'];
const isFigure = (name, key, value) => typeof value === 'number' ? !LABELS.includes(key) : name === 'participants' && WORDS.includes(key);

const STATES = { flowing: 'streams', paused: 'streamsPaused', waiting: 'streamsWaiting', inactive: 'streamsInactive', silent: 'streamsSilent' };

const CAUSES = ['Sender', 'Receiver', 'Bandwidth', 'Worker', 'Transport', 'Unknown'];

// A row of /group_producers or /group_consumers, of the streams of a room.
function groupOf(roomId, rows) {
  const flowing = rows.filter(({ state }) => state === 'flowing'), bitrate = rows.reduce((total, row) => total + row.bitrate, 0);
  const row = { endpoint: 'mediasoup', group: 'room', appData: { roomId }, bitrateBitsPerSecond: bitrate, streamsBad: rows.filter(({ bad }) => bad).length };
  for (const [state, name] of Object.entries(STATES)) row[name] = rows.filter((one) => one.state === state).length;
  for (const word of CAUSES) row[`streamsCause${word}`] = rows.filter(({ cause }) => cause === word.toLowerCase()).length;
  if (flowing.length === 0) return row;
  const lost = flowing.reduce((total, one) => total + one.fractionLost / 256 * one.bitrate, 0);
  return { ...row, lossRatio: lost / bitrate, scoreMinimum: Math.min(...flowing.map(({ score }) => score)) };
}

function groupsOf(rows, transports) {
  const roomOf = new Map(transports.map(({ transportId, routerId, appData }) => [transportId, appData.roomId ?? routerId]));
  const rooms = new Map();
  for (const row of rows) {
    const room = roomOf.get(row.transportId);
    rooms.set(room, rooms.get(room) ?? []);
    rooms.get(room).push(row);
  }
  return [...rooms].map(([room, list]) => groupOf(room, list));
}

const KEYS = { workers: ['worker'], group_producers: ['appData'], group_consumers: ['appData'], participants: ['room', 'participant'] };

class FakeHistory {
  #series = Object.fromEntries(Object.keys(KEYS).map((name) => [name, new Map()]));

  // rows: those of the views at this time
  record(time, rows, host) {
    const { workers, producers, consumers, transports } = rows;
    const classes = { workers, group_producers: groupsOf(producers, transports), group_consumers: groupsOf(consumers, transports), participants: participantsOf(rows) };
    for (const [name, list] of Object.entries(classes)) for (const row of list) this.#add(name, time, { ...row, host: row.host ?? host });
  }

  #add(name, time, row) {
    const key = JSON.stringify(KEYS[name].map((part) => row[part])), all = this.#series[name];
    if (!all.has(key)) all.set(key, { labels: Object.fromEntries(Object.entries(row).filter(([one]) => LABELS.includes(one))), samples: [] });
    all.get(key).samples.push([time, row]);
  }

  // Answers like /history.
  answer(parameters) {
    const { class: name, from = '0', to = '9e15', fields, points, ...filters } = Object.fromEntries(parameters);
    const wanted = [...this.#series[name]?.values() ?? []].filter(({ labels }) => Object.entries(filters).every(([key, value]) => String(labels[key]) === value));
    const series = wanted.map(({ labels, samples }) => ({ labels, samples: samples.filter(([time]) => time >= Number(from) && time <= Number(to)) }))
      .filter(({ samples }) => samples.length > 0);
    return { class: name, from: Number(from), to: Number(to), series: series.map(({ labels, samples }) => this.#columns(name, labels, samples, fields?.split(','))) };
  }

  #columns(of, labels, samples, fields) {
    const known = samples.flatMap(([, row]) => Object.keys(row).filter((key) => isFigure(of, key, row[key])));
    const names = [...new Set(known)].filter((key) => !fields || fields.includes(key));
    return { ...labels, times: samples.map(([time]) => time), figures: Object.fromEntries(names.map((name) => [name, samples.map(([, row]) => row[name] ?? null)])) };
  }
}

module.exports = { FakeHistory };
