// SPDX-License-Identifier: MIT
'use strict';

// Makes participants from the rows of /participants. A participant:
//   key, host, room, name     `room` and `name` as the plugin has them
//   title, href, and roomTitle, roomHref
//   row                       the row of /participants
//   quality, cause            one of QUALITIES, and why, in words
//   times, lists              its line: [its uplink's bitrate, its downlink's]
//   eventKey                  its events stand under it in model.eventsOf

const PARTICIPANT_FIGURES = ['StreamsBad', 'StreamsSilent', 'Streams', 'Score', 'LossRatio', 'RoundTripTime', 'Bitrate'];
const WAYS = ['uplink', 'downlink'];
const QUALITIES = ['bad', 'silent', 'unknown', 'good', 'idle']; // the worst first; unknown: the rows came without metadata

const participantKey = (row) => keyOf('participant', row.host, row.endpoint, row.room, row.participant);

// Which kind of address its room has; see common/routes.js. Rows of /history do not have the key.
const roomByOf = ({ roomKey, host, room }) => (roomKey === undefined ? roomBy(host, room) : roomKey === 'router' ? 'router' : 'roomId');

// The figures of one way: {Streams, Score, LossRatio, ...}.
const wayFigures = (row, way) => Object.fromEntries(PARTICIPANT_FIGURES.map((name) => [name, row[way + name]]));

// One text for each way that is bad or silent.
function participantCauses(row) {
  return WAYS.flatMap((way) => {
    const { StreamsBad, StreamsSilent, LossRatio, RoundTripTime } = wayFigures(row, way);
    const cause = row[`${way}Cause`];
    if (!cause && !(StreamsBad > 0) && !(StreamsSilent > 0)) return [];
    const silent = !(StreamsBad > 0) && StreamsSilent > 0;
    return [causeText(way, cause, { loss: LossRatio, silent, delay: RoundTripTime })];
  });
}

// A transport, or a router for a room, stands for a name that appData does not have.
function isNamelessParticipant({ participantKey: key, participant }) {
  return key === undefined ? LOOKS_LIKE_AN_ID.test(participant) : key === 'transport' || key === 'router';
}

function makeParticipant(row) {
  const name = clean(row.participant ?? ''), room = clean(row.room ?? ''), by = roomByOf(row);
  return {
    key: participantKey(row), eventKey: keyOf('participant', row.host, room, name), host: row.host, room, name, row,
    title: isNamelessParticipant(row) ? `transport ${shortId(name)}` : cut(name, 80),
    roomTitle: by === 'router' ? `router ${shortId(room)}` : cut(room, 80),
    href: participantHref(row.host, by, room, name), roomHref: roomHref(row.host, by, room),
    quality: QUALITIES.includes(row.quality) ? row.quality : 'unknown',
    cause: participantCauses(row).join('; '),
    searchText: [name, room, row.host, row.cause ?? '', row.quality ?? ''].join('\n').toLowerCase(),
    times: [], lists: [[], []],
  };
}

// Orders participants with the same quality: those with the most bad streams first, then by loss.
function compareParticipants(a, b) {
  const bad = ({ row }) => (row.uplinkStreamsBad ?? 0) + (row.downlinkStreamsBad ?? 0) + (row.consumersAffected ?? 0);
  const loss = ({ row }) => Math.max(row.uplinkLossRatio ?? 0, row.downlinkLossRatio ?? 0);
  return bad(b) - bad(a) || loss(b) - loss(a);
}

// Returns the streams of a participant: those of its transports, and those that name it on a transport that several share.
function streamsOfParticipant({ host, row, roomHref: href }) {
  const transports = new Set(row.transportIds);
  const isNamed = ({ facts, roomKey }) => facts.names?.participant === row.participant && model.rooms.get(roomKey)?.href === href;
  return [...model.streams.values()].filter((stream) => stream.host === host && (transports.has(stream.facts.transportId) || isNamed(stream)));
}

/* --- who suffers --- */

const isInTrouble = ({ bad, state, row }) => bad || state === 'silent' || row.cause !== undefined;

// The consumers of these producers that are bad or silent.
function sufferersOf(producerIds) {
  const ids = new Set(producerIds);
  return [...model.streams.values()].filter((stream) => stream.view === 'consumers' && ids.has(stream.facts.producerId) && isInTrouble(stream));
}
