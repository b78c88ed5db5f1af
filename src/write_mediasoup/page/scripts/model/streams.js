// SPDX-License-Identifier: MIT
'use strict';

// Makes streams from the rows of /producers and /consumers. A stream remembers its last samples:
//   key, view, host, id        the view is 'producers' or 'consumers'
//   row, facts                 the newest row, and the newest one with facts
//   state                      one of STREAM_STATES, as the plugin has decided; undefined if the row came without metadata
//   flows, bad, piped          the figures of a stream that does not flow say nothing; `bad` is the plugin's streams_bad
//   loss                       a ratio, NaN if not known
//   packetsSent, packetsLost   what the loss is made of; NaN if not known
//   bitrates, losses, scores   the last POINTS values, for charts
// app_data.js adds routerKey, inherited, room, peer and searchText; rooms.js adds roomKey.

const STREAM_STATES = ['flowing', 'paused', 'waiting', 'inactive', 'silent'];
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
  takeVerdict(stream);
  if (before?.timestamp === row.timestamp) return 0;
  takeSample(stream);
  return before ? row.timestamp - before.timestamp : 0;
}

// The plugin decides what a stream is like (src/mediasoup/state.h), for groups and alerts as for the page.
function takeVerdict(stream) {
  const { state, bad, piped } = stream.row;
  stream.state = STREAM_STATES.includes(state) ? state : undefined;
  stream.flows = stream.state === 'flowing' || stream.state === undefined;
  stream.bad = isTrue(bad);
  stream.piped = isTrue(piped);
}

function takeSample(stream) {
  const { row, flows } = stream;
  countPackets(stream);
  stream.loss = !flows ? NaN : stream.packetsSent > 0 ? stream.packetsLost / stream.packetsSent : reportedLoss(row);
  pushPoint(stream.bitrates, row.bitrate);
  pushPoint(stream.losses, stream.loss);
  pushPoint(stream.scores, flows ? row.score : NaN);
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

/* --- levels: the colour of a figure. Only what the plugin calls bad is 'bad' --- */

const lossLevel = (ratio) => (ratio >= 0.02 ? 'poor' : '');
const scoreLevel = (score, isBad) => (isBad ? 'bad' : score <= 7 ? 'poor' : '');
