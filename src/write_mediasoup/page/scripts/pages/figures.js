// SPDX-License-Identifier: MIT
'use strict';

// Cells (elements/cells.js) for figures that several pages show.

const HINTS = {
  sent: 'From mediasoup to the participants: the sum of the bitrates of all consumers',
  received: 'From the participants to mediasoup: the sum of the bitrates of all producers',
  producers: 'Streams of producers, by their state: each simulcast layer counts as one',
  bad: 'Streams that flow with a score of 5 or less, or of whose packets 7.5 % are missing, as streams_bad counts them. Unknown (–) where no row says its state, '
    + 'as when collectd\'s network plugin has brought them. Below: how many streams are bad or silent by which cause',
  silent: 'Streams that should flow, but have no packet since the previous sample',
  states: 'Streams by their state. A stream between two routers of the same application does not count twice',
  loss: 'Packets lost in the last 10 s, or since the previous sample if that is older. '
    + 'Consumers: packetsLost / packetCount. Producers: packetsLost / (packetCount + packetsLost). '
    + 'If there is only one sample: fractionLost / 256. Only streams that flow count.',
  score: 'The lowest of the scores that mediasoup gives, from 0 (bad) to 10. Only streams that flow '
    + 'count: not those that are paused, and not layers that the sender has stopped.',
};

const ROUTER_HINT = 'appData has none of the keys that name rooms, so the id of the router stands for the name. '
  + "collectd's log says which keys there are; name one of them in RoomKeys.";

const countCell = (count) => ({ text: numberText(count) });

// The line of an item's i-th figure, for a cell: its points, and the marks of what happened.
const lineCell = (item, i) => ({ points: item.lists[i], marks: marksOf(item) });

// `line` is what lineCell makes, or undefined.
const bitrateCell = (value, line, hint) => ({ text: bitrateText(value), ...line, hint });

function lossCell(ratio, line) {
  const top = Math.max(0.05, ...(line?.points ?? []).filter(isKnown));
  return { text: percentText(ratio), ...line, top, level: lossLevel(ratio), hint: HINTS.loss };
}

function scoreCell(score, isBad, line) {
  return { text: isKnown(score) ? String(score) : NONE, ...line, top: 10, level: scoreLevel(score, isBad), hint: HINTS.score };
}

// In the place of a figure that says nothing, since the stream does not flow.
const stateCell = (state) => ({ text: state, level: state === 'silent' ? 'poor' : 'quiet', hint: HINTS[state] });

// The streams of one view: how many there are, and below, how many are in which state.
function streamsCell(sum, view, hint) {
  const states = Object.entries(sum.states[view]).filter(([, count]) => count > 0);
  return { ...countCell(sum[view]), small: states.map(([state, count]) => `${numberText(count)} ${state}`).join(', '), hint };
}

function badCell(sum) {
  const all = sum.producers + sum.consumers;
  if (all > 0 && countOf(sum, 'unknown') === all) return { text: NONE, hint: HINTS.bad };
  return { ...countCell(sum.bad), small: causesText(sum), level: sum.bad ? 'bad' : '', hint: HINTS.bad };
}

function silentCell(sum) {
  const silent = countOf(sum, 'silent');
  return { ...countCell(silent), level: silent ? 'poor' : '', hint: HINTS.silent };
}

// The tiles of a room, or of all rooms.
function sumCells(sum) {
  return {
    'Bad streams': badCell(sum),
    Silent: silentCell(sum),
    Uplink: bitrateCell(sum.received, lineCell(sum, 1), HINTS.received),
    Downlink: bitrateCell(sum.sent, lineCell(sum, 0), HINTS.sent),
    Loss: lossCell(sum.loss, lineCell(sum, 2)),
    'Worst score': scoreCell(sum.score, sum.bad > 0, lineCell(sum, 3)),
    Consumers: streamsCell(sum, 'consumers', HINTS.states),
    Producers: streamsCell(sum, 'producers', HINTS.producers),
  };
}

// Orders rooms or streams with the same score: bad ones first, then silent ones, then by loss in whole percents.
function compareTrouble(a, b) {
  const silent = (item) => (item.states ? countOf(item, 'silent') : Number(item.state === 'silent'));
  return b.bad - a.bad || silent(b) - silent(a) || Math.round((b.loss || 0) * 100) - Math.round((a.loss || 0) * 100);
}
