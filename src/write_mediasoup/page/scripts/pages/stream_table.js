// SPDX-License-Identifier: MIT
'use strict';

// The table of streams, on the pages of a room and of a producer.

// The figures of a stream that does not flow get no warning colours.
const quietCell = (stream, cell) => (stream.flows ? cell : { ...cell, level: 'quiet' });

// The peer; and below, what it sends or from whom it receives.
function streamCell(stream) {
  const { kind, rid } = stream.facts;
  const direction = stream.view === 'consumers' ? `← ${cut(sourceName(stream) ?? '?', 40)}` : 'sends';
  const small = joinTexts(`${direction} · ${clean(kind ?? '')}${rid ? ` ${clean(rid)}` : ''}`, streamCauseText(stream));
  return { text: cut(peerName(stream)), href: streamHref(stream.view, stream.id), small };
}

const mediaText = ({ facts }) => clean([facts.mimeType ?? facts.kind ?? '', facts.rid].filter(Boolean).join(' '));

function streamStateText({ state, bad, piped, row }) {
  const text = state === 'paused' && !isTrue(row.paused) ? 'producer paused' : state === 'flowing' ? '' : state;
  return joinTexts(text, bad ? 'bad' : '', piped ? 'piped' : '');
}

const STREAM_COLUMNS = [
  { title: 'Stream', value: peerName, cell: streamCell },
  { title: 'Class', isWide: true,
    value: (stream) => stream.view, cell: (stream) => ({ text: streamClass(stream.view) }) },
  { title: 'Media', isWide: true, value: mediaText, cell: (stream) => ({ text: mediaText(stream) }) },
  { title: 'State', isWide: true,
    value: streamStateText, cell: (stream) => ({ ...stateCell(stream.state), text: streamStateText(stream), ...(stream.bad && { level: 'bad' }) }) },
  { title: 'Bitrate', isNumber: true, value: (stream) => stream.row.bitrate,
    cell: (stream) => quietCell(stream, bitrateCell(stream.row.bitrate, { points: stream.bitrates })) },
  { title: 'Loss', hint: HINTS.loss, isNumber: true, value: (stream) => stream.loss,
    cell: (stream) => quietCell(stream, lossCell(stream.loss)) },
  { title: 'Score', hint: HINTS.score, isNumber: true, lowFirst: true, compare: compareTrouble,
    value: (stream) => (stream.flows ? stream.row.score : stream.state === 'silent' ? -1 : NaN), // silent: before the worst
    cell: (stream) => (stream.flows ? scoreCell(stream.row.score, stream.bad) : stateCell(stream.state)) },
  { title: 'Round trip', isNumber: true, isWide: true, value: (stream) => stream.row.roundTripTime,
    cell: (stream) => quietCell(stream, { text: millisecondsText(stream.row.roundTripTime) }) },
];

const makeStreamTable = (caption) => new Table(caption, STREAM_COLUMNS, { sortedBy: 'Score' });
