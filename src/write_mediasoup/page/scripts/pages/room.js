// SPDX-License-Identifier: MIT
'use strict';

// The page of a room: its figures, participants and streams.

const NO_ROOM = 'There is no such room now: it has ended, or has not been seen for two intervals.';
const NO_ROOM_THEN = 'There was no such room then, or its Group block was not there.';
const NO_STREAMS_THEN = 'Single streams of the past are not kept; rooms, workers and participants are.';

// The host, routers and workers of the room, and the appData of its router if there is only one.
function roomPathText(room) {
  const routers = [...room.routers.values()];
  const workers = new Set(routers.map((router) => `worker ${clean(router.worker ?? '?')}`));
  const appData = routers.length === 1 ? appDataText(routers[0].inherited, 'roomId') : '';
  const name = room.isRouter ? `named by its router ${clean(routers[0]?.routerId ?? '')}: appData has no key of RoomKeys` : '';
  return joinTexts(name, `on ${room.host}`, countText(routers.length, 'router'), ...workers, appData);
}

class RoomPage {
  #key;
  #host;
  #id;
  #heading = isolated();
  #path = isolated();
  #tiles = new Tiles();
  #participants = makeParticipantTable();
  #table = makeStreamTable('Streams');
  elements = [
    makeElement('h1', { tabIndex: -1 }, this.#heading),
    makeElement('p', { className: 'path' }, this.#path),
    this.#tiles.element, this.#participants.element, this.#table.element,
  ];

  // `by` says what `id` is: 'roomId' or 'router'.
  constructor(host, by, id) {
    this.#key = keyOf(host, by, id);
    this.#host = host;
    this.#id = id;
    this.title = cut(id, 40);
  }

  // Those of another room may still be there.
  #own(participants) {
    return participants.filter(({ host, room }) => host === this.#host && room === this.#id);
  }

  paint() {
    const { rooms, participants } = shownModel(), room = rooms.get(this.#key), isPast = past.at !== undefined;
    setText(this.#heading, room?.title ?? cut(this.#id, 120));
    setText(this.#path, !room ? (isPast ? NO_ROOM_THEN : NO_ROOM) : isPast ? joinTexts(`on ${room.host}`, NO_STREAMS_THEN) : roomPathText(room));
    this.#tiles.element.hidden = !room;
    if (room) this.#tiles.update(sumCells(room));
    this.#participants.element.hidden = absentPaths.has('/participants');
    this.#participants.update(participantsThatMatch(this.#own(participants), filterWords()), emptyListNote());
    this.#table.element.hidden = isPast;
    this.#table.update(room ? streamsThatMatch(room, filterWords()) : [], emptyListNote());
  }
}
