// SPDX-License-Identifier: MIT
'use strict';

// The fields of rows of a view, grouped by what they are about: a table for each group, in two columns on a wide screen.

// The groups and the order of their fields. A field that is not named here stands in the last group.
const FIELD_GROUPS = {
  Quality: ['state', 'bad', 'cause', 'badSince', 'score', 'mos', 'consumersAffected', 'fractionLost', 'packetsLost', 'jitter', 'roundTripTime',
    'rtpPacketLossReceived', 'rtpPacketLossSent'],
  Traffic: ['paused', 'producerPaused', 'bitrate', 'byteCount', 'packetCount', 'sendBitrate', 'recvBitrate', 'rtpSendBitrate', 'rtpRecvBitrate',
    'rtxSendBitrate', 'rtxRecvBitrate', 'probationSendBitrate', 'availableOutgoingBitrate', 'availableIncomingBitrate', 'maxOutgoingBitrate',
    'minOutgoingBitrate', 'maxIncomingBitrate', 'bytesSent', 'bytesReceived', 'rtpBytesSent', 'rtpBytesReceived', 'rtxBytesSent',
    'rtxBytesReceived', 'probationBytesSent'],
  Repair: ['nackCount', 'nackPacketCount', 'pliCount', 'firCount', 'packetsRetransmitted', 'packetsRepaired', 'packetsDiscarded',
    'rtxPacketsDiscarded'],
  Layers: ['producerType', 'consumerType', 'encodings', 'rid', 'currentLayers', 'preferredLayers'],
  Connection: ['connection', 'protocol', 'connectTime', 'iceState', 'iceRole', 'iceSelectedTuple', 'dtlsState', 'sctpState', 'tuple', 'rtcpTuple',
    'rtcpMux', 'comedia'],
  Identity: ['names', 'inherited', 'kind', 'mimeType', 'clockRate', 'type', 'transportType', 'ssrc', 'rtxSsrc', 'consumerId', 'producerId',
    'transportId', 'routerId', 'worker', 'host', 'endpoint', 'piped', 'rtpObserverIds'],
  Time: ['timestamp', 'age'],
};
const OTHER_FIELDS = 'Other';

// name of a field -> [name of its group, its place in it]
const FIELD_PLACES = new Map(Object.entries(FIELD_GROUPS).flatMap(([group, names]) => names.map((name, i) => [name, [group, i]])));

// Returns a Map: name of a group -> its entries (elements/fields.js), in the order of the table above.
function groupEntries(entries) {
  const groups = new Map([...Object.keys(FIELD_GROUPS), OTHER_FIELDS].map((group) => [group, []]));
  for (const entry of entries) groups.get(FIELD_PLACES.get(entry[0])?.[0] ?? OTHER_FIELDS).push(entry);
  const place = ([name]) => FIELD_PLACES.get(name)?.[1] ?? 0; // others stay in the order of the alphabet
  for (const list of groups.values()) list.sort((a, b) => place(a) - place(b));
  return groups;
}

class FieldGroups {
  #tables = new Map(); // name of a group -> FieldTable
  #groups = makeElement('div', { className: 'groups' });

  constructor(title) {
    this.element = makeElement('section', { className: 'scroll' }, makeElement('h2', { textContent: title }), this.#groups);
  }

  // As FieldTable's.
  update(titles, entries) {
    const groups = [...groupEntries(entries)].filter(([, list]) => list.length > 0);
    setChildren(this.#groups, groups.map(([group, list]) => this.#paintGroup(group, titles, list)));
    this.element.hidden = groups.length === 0;
  }

  #paintGroup(group, titles, entries) {
    if (!this.#tables.has(group)) this.#tables.set(group, new FieldTable(group, 'Field', { heading: 'h3', merges: true }));
    const fields = this.#tables.get(group);
    fields.update(titles, entries);
    fields.table.classList.toggle('single', titles.length === 1); // its header would say nothing
    return fields.table;
  }
}
