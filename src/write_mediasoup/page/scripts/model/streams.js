// SPDX-License-Identifier: MIT
'use strict';

// Makes streams from the rows of /producers and /consumers. A stream remembers its last samples:
//   key, view, host, id        the view is 'producers' or 'consumers'
//   row, facts                 the newest row, and the newest one with facts
//   paused, loss               the loss is a ratio, NaN if not known
//   packetsSent, packetsLost   what the loss is made of; NaN if not known
//   bitrates, losses, scores   the last POINTS values, for charts
// app_data.js adds routerKey, inherited, room, peer and searchText; rooms.js adds idle and roomKey.

const POINTS = 60; // samples in a chart
const LOSS_SPAN = 10000; // ms; receivers may report only every 5 s: over a shorter span, the loss would jump

function pushPoint(list, value) {
  list.push(isKnown(value) ? value : NaN);
  if (list.length > POINTS) list.shift();
}

function makeStream(key, view, row) {
  const lists = { samples: [], bitrates: [], losses: [], scores: [] };
  return { key, view, host: row.host, id: row[STREAM_ID[view]], facts: {}, ...lists };
}

// Takes a row of a view. Returns the ms since the stream's previous sample, or 0 if there is none or no new one.
function takeStream(view, row) {
  const key = streamKey(view, row);
  const stream = model.streams.get(key) ?? makeStream(key, view, row);
  const before = stream.row;
  model.streams.set(key, stream);
  stream.row = row;
  stream.seen = model.polls;
  if ('appData' in row) stream.facts = row;
  stream.paused = isTrue(row.paused) || isTrue(row.producerPaused);
  if (before?.timestamp === row.timestamp) return 0;
  takeSample(stream);
  return before ? row.timestamp - before.timestamp : 0;
}

function takeSample(stream) {
  const { row, paused } = stream;
  countPackets(stream);
  stream.loss = paused ? NaN : stream.packetsSent > 0 ? stream.packetsLost / stream.packetsSent : reportedLoss(row);
  pushPoint(stream.bitrates, row.bitrate);
  pushPoint(stream.losses, stream.loss);
  pushPoint(stream.scores, paused ? NaN : row.score);
}

// What the last receiver report says, in units of 1/256.
const reportedLoss = (row) => (isKnown(row.fractionLost) ? row.fractionLost / 256 : NaN);

// Counts packets over the last LOSS_SPAN, or since the previous sample if that is older. The packetCount of a producer
// has only the packets that arrived.
function countPackets(stream) {
  const { row, samples } = stream;
  if (row.packetCount < samples.at(-1)?.packetCount) samples.length = 0; // the counter was reset
  samples.push(row);
  while (samples.length > 2 && samples[1].timestamp <= row.timestamp - LOSS_SPAN) samples.shift();
  const counted = row.packetCount - samples[0].packetCount, lost = row.packetsLost - samples[0].packetsLost;
  stream.packetsSent = counted > 0 && isKnown(lost) ? counted : NaN;
  stream.packetsLost = Math.max(0, lost);
  if (stream.view === 'producers') stream.packetsSent += stream.packetsLost;
  else stream.packetsLost = Math.min(stream.packetsLost, stream.packetsSent);
}

function forgetGoneStreams() {
  for (const [key, stream] of model.streams) if (stream.seen !== model.polls) model.streams.delete(key);
}

// Returns the stream with this id; of a simulcast producer, the first one.
function firstStream(view, id) {
  if (!model.firstStreams) {
    model.firstStreams = new Map();
    for (const stream of model.streams.values()) {
      const key = keyOf(stream.view, stream.id);
      if (!model.firstStreams.has(key)) model.firstStreams.set(key, stream);
    }
  }
  return model.firstStreams.get(keyOf(view, id));
}

/* --- levels: '', 'poor' or 'bad' --- */

const lossLevel = (ratio) => (ratio >= 0.05 ? 'bad' : ratio >= 0.02 ? 'poor' : '');
const scoreLevel = (score) => (score <= 4 ? 'bad' : score <= 7 ? 'poor' : '');

function isBad(stream) {
  if (stream.paused) return false;
  return lossLevel(stream.loss) === 'bad' || (!stream.idle && scoreLevel(stream.row.score) === 'bad');
}
