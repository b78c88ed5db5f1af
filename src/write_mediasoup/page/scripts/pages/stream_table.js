// SPDX-License-Identifier: MIT
'use strict';

// The table of streams, on the pages of a room and of a producer.

// A stream that is meant to send nothing gets no warning colours.
const quietCell = (stream, cell) => (stream.paused || stream.idle ? { ...cell, level: 'quiet' } : cell);

// The peer; and below, what it sends or from whom it receives.
function streamCell(stream) {
  const { kind, rid } = stream.facts;
  const direction = stream.view === 'consumers' ? `← ${cut(sourceName(stream) ?? '?', 40)}` : 'sends';
  const small = `${direction} · ${clean(kind ?? '')}${rid ? ` ${clean(rid)}` : ''}`;
  return { text: cut(peerName(stream)), href: streamHref(stream.view, stream.id), small };
}

const mediaText = ({ facts }) => clean([facts.mimeType ?? facts.kind ?? '', facts.rid].filter(Boolean).join(' '));

function streamStateText(stream) {
  if (isTrue(stream.row.paused)) return 'paused';
  if (isTrue(stream.row.producerPaused)) return 'producer paused';
  return stream.idle ? 'layer idle' : '';
}

const STREAM_COLUMNS = [
  { title: 'Stream', value: peerName, cell: streamCell },
  { title: 'Class', isWide: true,
    value: (stream) => stream.view, cell: (stream) => ({ text: streamClass(stream.view) }) },
  { title: 'Media', isWide: true, value: mediaText, cell: (stream) => ({ text: mediaText(stream) }) },
  { title: 'State', isWide: true,
    value: streamStateText, cell: (stream) => ({ text: streamStateText(stream), level: 'quiet' }) },
  { title: 'Bitrate', isNumber: true, value: (stream) => stream.row.bitrate,
    cell: (stream) => quietCell(stream, bitrateCell(stream.row.bitrate, stream.bitrates)) },
  { title: 'Loss', hint: HINTS.loss, isNumber: true, value: (stream) => stream.loss,
    cell: (stream) => quietCell(stream, lossCell(stream.loss)) },
  { title: 'Score', hint: HINTS.score, isNumber: true, lowFirst: true, compare: compareTrouble,
    value: (stream) => (stream.paused || stream.idle ? NaN : stream.row.score),
    cell: (stream) => (stream.paused ? PAUSED_CELL : quietCell(stream, scoreCell(stream.row.score))) },
  { title: 'Round trip', isNumber: true, isWide: true, value: (stream) => stream.row.roundTripTime,
    cell: (stream) => quietCell(stream, { text: millisecondsText(stream.row.roundTripTime) }) },
];

const makeStreamTable = (caption) => new Table(caption, STREAM_COLUMNS, { sortedBy: 'Score' });
