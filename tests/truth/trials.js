// SPDX-License-Identifier: MIT
'use strict';

// The table of truth: what is done to one participant of a room of four, and what the rows of that room have to say then.
//
//   where    "plain": RTP without a browser (plain_room.js); "browser": Chromium (browser_room.js); "control": rooms of both, `room` says
//            which; "worker": a plain room whose worker is starved, and beside it one on another worker that nobody may accuse
//   fault    (room) => a function that ends it. What faults.js offers
//   expect   what has to be seen: { verdict, of, cause, who }: rows of producers or of consumers, bad, silent or waiting by that
//            cause, that name that participant; or a worker's, which is "stalled". None: nobody may be accused
//   shows    (reading) => whether its rows show what they have to besides, in one reading at least
//   maybe    true: it may be seen, and need not
//   seconds  how long it is done, where that is not what rounds.js says
//   times    how often it is done at most
//   long     true: ./check leaves it out, as it takes time or is not told each time
//   before   causes that may be told of the same one before: all that is known until then
//   also     causes that may be told of the same one besides
//   why      why that is so
//
// mediasoup's score is round(10 * (1 - x)^4) for each report, and of 24 reports a mean in which the youngest weigh most. x is what
// was lost, after what was sent again is taken off in part, divided by what was received (a producer) or sent (a consumer). A
// stream is bad at a score of 5 or less, or where 7.5 % of its packets are missing, smoothed over 15 s (src/mediasoup/loss.h). At so
// much loss, without anything sent again, x and the score are
//
//   loss    producer       consumer
//    5 %    0.053   8      0.05   8
//   10 %    0.111   6      0.10   7
//   20 %    0.250   3      0.20   4
//
// so that 5 % is not bad, and 10 % and 20 % are, by what is missing: 15 s * ln(1 / (1 - 7.5 / 10)) = 21 s after 10 % begins, and 7 s
// after 20 %. A cause needs two readings that lie 5 s apart. Reports come each second for video, and every 5 s for audio. Chromium
// sends all of it again that was lost, and mediasoup only video: that is not missing then, but mediasoup's score gives back no more than
// half of it.

const { bandwidth, cut, lose, nothing, pauseConsumer, pauseProducer, silence, starveWorker, stopLayers } = require('./faults.js');

const bySender = (verdict, who) => ({ verdict, of: 'producers', cause: 'sender', who });
const byReceiver = (verdict, who) => ({ verdict, of: 'consumers', cause: 'receiver', who });

const isLower = ({ currentLayers: current, preferredLayers: preferred }) => current?.spatialLayer < preferred?.spatialLayer;
const getsLowerLayers = (who) => ({ consumers }) => consumers.some((row) => row.names.participant === who && row.state === 'flowing' && isLower(row));

module.exports = [
  { name: 'healthy', where: 'plain', fault: nothing, why: 'nothing is wrong' },
  { name: 'uplink-5', where: 'plain', fault: lose('alice', 'in', 0.05), why: 'a score of 8' },
  { name: 'uplink-10', where: 'plain', fault: lose('alice', 'in', 0.1), expect: bySender('bad', 'alice'), why: 'a score of 6, but 10 % are missing; who listens misses them too, by the same cause' },
  { name: 'uplink-20', where: 'plain', fault: lose('alice', 'in', 0.2), expect: bySender('bad', 'alice'), why: 'a score of 3; who listens has the same, by the same cause' },
  { name: 'downlink-5', where: 'plain', fault: lose('alice', 'out', 0.05), why: 'a score of 8' },
  { name: 'downlink-10', where: 'plain', fault: lose('alice', 'out', 0.1), expect: byReceiver('bad', 'alice'), why: 'a score of 7, but 10 % are missing' },
  { name: 'downlink-20', where: 'plain', fault: lose('alice', 'out', 0.2), expect: byReceiver('bad', 'alice'), why: 'a score of 4' },
  { name: 'silent', where: 'plain', fault: silence('bob'), expect: bySender('silent', 'bob'), why: 'no packet comes, and nothing says why; who listens to bob is not silent' },
  { name: 'cut', where: 'plain', fault: cut('bob'), expect: bySender('silent', 'bob'), why: 'a plain transport does not know that it is cut: nothing comes from bob, and what goes to him is not known to be lost' },
  { name: 'layers-stopped', where: 'plain', fault: stopLayers('alice'), why: 'a client stops layers by itself, and the lowest flows' },
  { name: 'producer-paused', where: 'plain', fault: pauseProducer('bob'), why: 'the application paused it' },
  { name: 'consumer-paused', where: 'plain', fault: pauseConsumer('bob'), why: 'the application paused it' },

  { name: 'browser-healthy', where: 'browser', seconds: 15, fault: nothing, why: 'nothing is wrong' },
  { name: 'browser-layer-stopped', where: 'browser', long: true, fault: stopLayers('alice'), why: 'a browser stops layers by itself, and the lowest flows' },
  { name: 'browser-uplink-20', where: 'browser', long: true, fault: lose('bob', 'in', 0.2), expect: bySender('bad', 'bob'), maybe: true,
    why: 'nothing is missing, as the browser sends it again, but the score of video falls to 6, and now and then to 5' },
  { name: 'browser-downlink-20', where: 'browser', long: true, fault: lose('carol', 'out', 0.2), expect: byReceiver('bad', 'carol'), also: ['bandwidth'],
    why: 'mediasoup sends video again, but no audio; its estimate of the bandwidth falls with loss, so that video may be bad by that' },
  { name: 'bandwidth-lower-layer', where: 'browser', seconds: 20, fault: bandwidth('dave', 330000), shows: getsLowerLayers('dave'),
    expect: { verdict: 'bad', of: 'consumers', cause: 'bandwidth', who: 'dave' }, maybe: true, also: ['receiver'],
    why: 'the lower layers fit, and flow well after a moment, in which what goes to dave may be bad; the rows say which layers he gets and which he prefers' },
  { name: 'bandwidth-no-layer', where: 'browser', seconds: 30, fault: bandwidth('dave', 130000), expect: { verdict: 'silent', of: 'consumers', cause: 'bandwidth', who: 'dave' }, before: ['receiver'],
    why: 'mediasoup stops video of which not even the lowest layer fits, and tries now and then whether one of them does' },
  { name: 'transport-cut', where: 'browser', fault: cut('carol'), expect: { verdict: 'waiting', of: 'producers', cause: 'transport', who: 'carol' }, before: ['sender'],
    why: 'ICE notices after iceConsentTimeout, here 10 s; until then nothing comes, and nothing says why' },

  { name: 'healthy-long', where: 'control', room: 'plain', seconds: 600, times: 1, long: true, fault: nothing, why: 'nothing is wrong for ten minutes' },
  { name: 'browser-healthy-long', where: 'control', room: 'browser', seconds: 600, times: 1, long: true, fault: nothing, why: 'nothing is wrong for ten minutes' },

  { name: 'worker-starved', where: 'worker', fault: starveWorker, expect: { verdict: 'stalled', of: 'workers', cause: 'worker', who: 'worker' },
    why: 'it runs for some ms in a few seconds, and answers late or not at all: then its streams have no rows, and where they have some that are bad, it is by the worker' },
  { name: 'worker-beside', where: 'worker', fault: nothing, why: 'the other worker has a core' },
];
