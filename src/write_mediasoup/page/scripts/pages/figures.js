// SPDX-License-Identifier: MIT
'use strict';

// Cells (elements/cells.js) for figures that several pages show.

const HINTS = {
  sent: 'Sum of the bitrates of all consumers',
  received: 'Sum of the bitrates of all producers',
  producers: 'Streams of producers: each simulcast layer counts as one',
  bad: 'Streams with a loss of 5 % or more, or a score of 4 or less',
  loss: 'Packets lost in the last 10 s, or since the previous sample if that is older. '
    + 'Consumers: packetsLost / packetCount. Producers: packetsLost / (packetCount + packetsLost). '
    + 'If there is only one sample: fractionLost / 256. Paused streams do not count.',
  score: 'The lowest of the scores that mediasoup gives, from 0 (bad) to 10. Paused streams do not count, '
    + 'nor do simulcast layers that are idle while another layer of the same producer is sent.',
};

const countCell = (count) => ({ text: numberText(count) });
const bitrateCell = (value, points, hint) => ({ text: bitrateText(value), points, hint });

function lossCell(ratio, points) {
  const top = Math.max(0.05, ...(points ?? []).filter(isKnown));
  return { text: percentText(ratio), points, top, level: lossLevel(ratio), hint: HINTS.loss };
}

function scoreCell(score, points) {
  return { text: isKnown(score) ? String(score) : NONE, points, top: 10, level: scoreLevel(score), hint: HINTS.score };
}

const PAUSED_CELL = { text: 'paused', level: 'quiet' };

// The tiles of a room, or of all rooms.
function sumCells(sum) {
  const [sent, received, losses, scores] = sum.lists;
  return {
    'Bad streams': { ...countCell(sum.bad), level: sum.bad ? 'bad' : '', hint: HINTS.bad },
    Sent: bitrateCell(sum.sent, sent, HINTS.sent),
    Received: bitrateCell(sum.received, received, HINTS.received),
    Loss: lossCell(sum.loss, losses),
    'Worst score': scoreCell(sum.score, scores),
    Consumers: countCell(sum.consumers),
    Producers: { ...countCell(sum.producers), hint: HINTS.producers },
    Paused: countCell(sum.paused),
  };
}

// Orders rooms or streams with the same score: bad ones first, then by loss in whole percents.
function compareTrouble(a, b) {
  return (b.bad ?? 0) - (a.bad ?? 0) || Math.round((b.loss || 0) * 100) - Math.round((a.loss || 0) * 100);
}
