// SPDX-License-Identifier: MIT
'use strict';

// The page of a participant: how it fares and why, its streams, and who suffers from what it sends.

const NO_PARTICIPANT = 'There is no such participant now: it has left, or has not been seen for two intervals.';
const NO_PARTICIPANT_THEN = 'There was no such participant then.';

const wayTile = (participant, way) => {
  const { row } = participant, streams = row[`${way}Streams`];
  const { level, ...cell } = wayCell(participant, way);
  return { ...cell, level, small: joinTexts(isKnown(streams) ? countText(streams, 'stream') : '', cell.small) };
};

function participantCells(participant) {
  const { row } = participant;
  return {
    Quality: qualityCell(participant),
    ...isKnown(row.since) && { Since: sinceCell(participant) },
    Uplink: wayTile(participant, 'uplink'),
    Downlink: wayTile(participant, 'downlink'),
    ...row.connection !== undefined && { Connection: connectionCell(participant) },
    ...isKnown(row.mos) && { 'Estimated MOS': { text: row.mos.toFixed(1), hint: 'The lowest of the audio that it receives, from 1 to 4.5, by the E-model: an estimate' } },
    ...isKnown(row.consumersAffected) && { 'Consumers affected': { ...countCell(row.consumersAffected), level: row.consumersAffected ? 'bad' : '' } },
  };
}

class ParticipantPage {
  #host;
  #by;
  #room;
  #name;
  #heading = isolated();
  #path = makeElement('p', { className: 'path' });
  #pathKey;
  #tiles = new Tiles();
  #streams = makeStreamTable('Streams');
  #sufferers = makeStreamTable('Who suffers from it');
  elements = [
    makeElement('h1', { tabIndex: -1 }, this.#heading), this.#path, this.#tiles.element,
    this.#streams.element, this.#sufferers.element,
  ];

  constructor(host, by, room, name) {
    Object.assign(this, { title: cut(name, 40) });
    [this.#host, this.#by, this.#room, this.#name] = [host, by, room, name];
  }

  paint() {
    const { participants } = shownModel(), isPast = past.at !== undefined;
    const participant = participants.find(({ host, room, name }) => host === this.#host && room === this.#room && name === this.#name);
    setText(this.#heading, participant?.title ?? cut(this.#name, 80));
    this.#paintPath(participant, isPast);
    this.#tiles.element.hidden = !participant;
    if (participant) this.#tiles.update(participantCells(participant));
    const streams = participant && !isPast ? streamsOfParticipant(participant) : [];
    this.#paintStreams(streams, isPast, filterWords());
  }

  #paintStreams(streams, isPast, words) {
    const matching = (list) => list.filter(({ searchText }) => hasWords(searchText, words));
    this.#streams.element.hidden = isPast;
    this.#streams.update(matching(streams), emptyListNote());
    const sufferers = sufferersOf(streams.filter(({ view }) => view === 'producers').map(({ id }) => id));
    this.#sufferers.element.hidden = sufferers.length === 0;
    this.#sufferers.update(matching(sufferers), emptyListNote());
  }

  #paintPath(participant, isPast) {
    const note = !participant ? (isPast ? NO_PARTICIPANT_THEN : NO_PARTICIPANT) : isPast ? NO_STREAMS_THEN : '';
    const nameless = participant && isNamelessParticipant(participant.row)
      ? `named by its transport ${this.#name}: appData has no key of ParticipantKeys` : '';
    const href = hrefNow(roomHref(this.#host, this.#by, this.#room));
    const key = keyOf(note, nameless, href);
    if (this.#pathKey === key) return;
    this.#pathKey = key;
    const title = this.#by === 'router' ? `router ${shortId(this.#room)}` : cut(this.#room, 80);
    this.#path.replaceChildren('participant of room ', makeLink(href, title), ` on ${clean(this.#host)}`,
      ...[nameless, note].filter(Boolean).flatMap((text) => [' · ', isolated(text)]));
  }
}
