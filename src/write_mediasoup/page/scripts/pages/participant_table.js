// SPDX-License-Identifier: MIT
'use strict';

// The tables of participants: of a room, and of the worst ones of all rooms.

const PARTICIPANT_HINTS = {
  nameless: 'appData has none of the keys that name participants, so the id of the transport stands for the name. '
    + 'Put peerId into the appData of its transports, or name your own key in ParticipantKeys.',
  quality: 'bad: a stream of it flows with a score of 5 or less, or 7.5 % of its packets are missing. silent: a stream of it should flow and does not. '
    + 'idle: it has no stream that flows',
  since: 'Since when it is bad or silent, seen in two readings in a row',
  uplink: 'From the participant to mediasoup',
  downlink: 'From mediasoup to the participant',
  connection: 'The worst of its transports, the protocol, and how long it took to connect',
};

const QUALITY_LEVELS = { bad: 'bad', silent: 'poor', good: '', idle: 'quiet', unknown: 'quiet' };

function participantCell(participant) {
  const nameless = isNamelessParticipant(participant.row);
  const several = hasSeveralHosts() ? participant.host : '';
  const small = joinTexts(several, nameless ? 'no name in appData' : '');
  return { text: participant.title, href: participant.href, small, hint: nameless ? PARTICIPANT_HINTS.nameless : undefined };
}

const qualityCell = ({ quality, cause }) => ({ text: quality, small: cause, level: QUALITY_LEVELS[quality], hint: PARTICIPANT_HINTS.quality });

function sinceCell({ row: { since, timestamp } }) {
  if (!isKnown(since)) return { text: NONE, level: 'quiet' };
  return { text: durationText(Math.max(0, timestamp - since) / 1000), small: `since ${clockText(since)}` };
}

// "score 4 · 12 % lost · 80 ms"
function wayText(row, way) {
  const { Score, LossRatio, RoundTripTime } = wayFigures(row, way);
  return joinTexts(isKnown(Score) ? `score ${Score}` : '', isKnown(LossRatio) ? `${percentText(LossRatio)} lost` : '',
    isKnown(RoundTripTime) ? millisecondsText(RoundTripTime) : '');
}

function wayCell(participant, way) {
  const { row } = participant, isBad = row[`${way}StreamsBad`] > 0, isSilent = row[`${way}StreamsSilent`] > 0;
  const cell = bitrateCell(row[`${way}Bitrate`], lineCell(participant, WAYS.indexOf(way)));
  return { ...cell, small: wayText(row, way), level: isBad ? 'bad' : isSilent ? 'poor' : '' };
}

// "udp · 0.35 s to connect"
const connectedText = ({ protocol, connectTime }) =>
  joinTexts(clean(protocol ?? ''), isKnown(connectTime) ? `${(connectTime / 1000).toFixed(2)} s to connect` : '');

const connectionCell = ({ row }) => ({
  text: row.connection === undefined ? NONE : clean(row.connection), small: connectedText(row),
  level: ['stuck', 'disconnected', 'lost', 'dtls_failed'].includes(row.connection) ? 'bad' : '', hint: PARTICIPANT_HINTS.connection,
});

const wayColumn = (title, way) => ({
  title, hint: PARTICIPANT_HINTS[way], isNumber: true, isWide: true,
  value: ({ row }) => row[`${way}Bitrate`], cell: (participant) => wayCell(participant, way),
});

const PARTICIPANT_COLUMNS = {
  name: { title: 'Participant', value: ({ title }) => title, cell: participantCell },
  room: { title: 'Room', value: ({ roomTitle }) => roomTitle, cell: ({ roomTitle, roomHref: href }) => ({ text: roomTitle, href }) },
  quality: { title: 'Quality', hint: PARTICIPANT_HINTS.quality, compare: compareParticipants,
    value: ({ quality }) => QUALITIES.indexOf(quality), cell: qualityCell },
  since: { title: 'Since', hint: PARTICIPANT_HINTS.since, isWide: true, value: ({ row }) => row.since, cell: sinceCell },
  uplink: wayColumn('Uplink', 'uplink'),
  downlink: wayColumn('Downlink', 'downlink'),
  connection: { title: 'Connection', hint: PARTICIPANT_HINTS.connection, isWide: true,
    value: ({ row }) => row.connection, cell: connectionCell },
};

const participantLevel = ({ quality }) => (quality === 'bad' ? 'bad' : '');
const participantColumns = (...names) => names.map((name) => PARTICIPANT_COLUMNS[name]);

const makeParticipantTable = () => new Table('Participants',
  participantColumns('name', 'quality', 'since', 'uplink', 'downlink', 'connection'), { sortedBy: 'Quality', level: participantLevel });

const makeWorstTable = () => new Table('Worst participants',
  participantColumns('name', 'room', 'quality', 'since'), { sortedBy: 'Quality' });
