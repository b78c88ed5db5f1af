// SPDX-License-Identifier: MIT
'use strict';

// Says in words why a stream, or one way of a participant, is bad or silent: what the plugin calls its `cause`. A way is
// 'uplink', what the participant sends to mediasoup, or 'downlink', what it receives from mediasoup.

const LOSS_TO_NAME = 0.01; // a lower loss is not what makes a stream bad

const WAY_OF = { producers: 'uplink', consumers: 'downlink' };

// "loses 12 %", or `otherwise` where it is not the loss that makes it bad.
function lossOr(loss, otherwise) {
  return loss >= LOSS_TO_NAME ? `loses ${percentText(loss)}` : otherwise;
}

// What each cause says of each way. `loss` is a ratio, `silent` tells that nothing comes at all, `delay` is the round trip in ms.
const CAUSES = {
  sender: {
    uplink: ({ loss, silent }) => (silent ? 'sends nothing' : lossOr(loss, 'arrives badly from its sender')),
    downlink: () => 'bad already on the uplink of its sender',
  },
  receiver: {
    uplink: ({ loss }) => lossOr(loss, 'arrives badly'),
    downlink: ({ loss, delay }) => lossOr(loss,
      isKnown(delay) ? `arrives badly, with a round trip of ${millisecondsText(delay)}` : 'arrives badly at its receiver'),
  },
  bandwidth: {
    uplink: () => 'too little bandwidth',
    downlink: () => 'too little bandwidth for the layer that it wants',
  },
  worker: { uplink: () => 'its worker is overloaded', downlink: () => 'its worker is overloaded' },
  transport: { uplink: () => 'its transport is not connected', downlink: () => 'its transport is not connected' },
};

// "uplink: loses 12 %". Without a cause, the plugin has not seen it bad in two readings in a row.
function causeText(way, cause, figures) {
  if (!cause) return `${way}: for too short a time to know why`;
  const text = Object.hasOwn(CAUSES, cause) ? CAUSES[cause][way](figures) : cause === 'unknown' ? 'no cause found' : clean(cause);
  return `${way}: ${text}`;
}

// "2 receiver, 1 sender": of a room, whose fault how many streams are in trouble.
function causesText({ causes }) {
  return [...causes].sort(([, a], [, b]) => b - a).map(([cause, count]) => `${numberText(count)} ${clean(cause)}`).join(', ');
}

// Why a stream is bad or silent; '' if it is neither.
function streamCauseText({ view, row, loss, bad, state }) {
  if (!row.cause && !bad && state !== 'silent') return '';
  return causeText(WAY_OF[view], row.cause, { loss, silent: state === 'silent', delay: row.roundTripTime });
}
