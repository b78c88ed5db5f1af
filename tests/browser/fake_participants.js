// SPDX-License-Identifier: MIT
'use strict';

// Made-up rows of /participants, of the rows of a FakeViews: each of its transports is a participant.

const QUALITIES = ['bad', 'silent', 'good', 'idle'];

const known = (values) => values.filter((value) => typeof value === 'number');
const lowest = (values) => (known(values).length ? Math.min(...known(values)) : undefined);
const highest = (values) => (known(values).length ? Math.max(...known(values)) : undefined);

// The figures of the streams of one way.
function wayOf(way, rows) {
  const flowing = rows.filter(({ state }) => state === 'flowing');
  const figures = {
    Streams: flowing.length, StreamsBad: rows.filter(({ bad }) => bad).length, StreamsSilent: rows.filter(({ state }) => state === 'silent').length,
    Score: lowest(flowing.map(({ score }) => score)), LossRatio: highest(flowing.map(({ fractionLost }) => fractionLost / 256)),
    RoundTripTime: highest(flowing.map(({ roundTripTime }) => roundTripTime)),
    Bitrate: rows.reduce((total, { bitrate }) => total + bitrate, 0), Cause: rows.find(({ cause }) => cause)?.cause,
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [way + name, value]));
}

function qualityOf(row) {
  if (row.uplinkStreamsBad + row.downlinkStreamsBad > 0) return 'bad';
  if (row.uplinkStreamsSilent + row.downlinkStreamsSilent > 0) return 'silent';
  return row.uplinkStreams + row.downlinkStreams > 0 ? 'good' : 'idle';
}

function participantOf(transport, producers, consumers) {
  const { transportId, routerId, appData, connection = 'connected', protocol = 'udp', connectTime = 350 } = transport;
  const up = producers.filter((row) => row.transportId === transportId), down = consumers.filter((row) => row.transportId === transportId);
  const row = {
    endpoint: 'mediasoup', host: transport.host, room: appData.roomId ?? routerId, roomKey: appData.roomId === undefined ? 'router' : 'roomId',
    participant: appData.peerId ?? transportId, participantKey: appData.peerId === undefined ? 'transport' : 'peerId',
    routerIds: [routerId], transportIds: [transportId], ...wayOf('uplink', up), ...wayOf('downlink', down),
    consumersAffected: up.reduce((total, { consumersAffected = 0 }) => total + consumersAffected, 0),
    mos: lowest(down.map(({ mos }) => mos)), connection, protocol, connectTime, since: lowest([...up, ...down].map(({ badSince }) => badSince)),
  };
  const quality = qualityOf(row);
  return { ...row, quality, cause: quality === 'bad' || quality === 'silent' ? row.uplinkCause ?? row.downlinkCause : undefined };
}

const byTransport = (rows) => Map.groupBy?.(rows, ({ transportId }) => transportId) ?? rows.reduce((map, row) => map.set(row.transportId, [...map.get(row.transportId) ?? [], row]), new Map());

function participantsOf({ transports, producers, consumers }) {
  const up = byTransport(producers), down = byTransport(consumers);
  return transports.map((transport) => participantOf(transport, up.get(transport.transportId) ?? [], down.get(transport.transportId) ?? []));
}

const worstFirst = (a, b) => QUALITIES.indexOf(a.quality) - QUALITIES.indexOf(b.quality);

module.exports = { participantsOf, worstFirst };
