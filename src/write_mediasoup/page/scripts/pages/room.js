// SPDX-License-Identifier: MIT
'use strict';

// The page of a room: its figures and its streams.

const NO_ROOM = 'There is no such room now: it has ended, or has not been seen for two intervals.';

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
  #id;
  #heading = isolated();
  #path = isolated();
  #tiles = new Tiles();
  #table = makeStreamTable('Streams');
  elements = [
    makeElement('h1', { tabIndex: -1 }, this.#heading),
    makeElement('p', { className: 'path' }, this.#path),
    this.#tiles.element, this.#table.element,
  ];

  // `by` says what `id` is: 'roomId' or 'router'.
  constructor(host, by, id) {
    this.#key = keyOf(host, by, id);
    this.#id = id;
    this.title = cut(id, 40);
  }

  paint() {
    const room = model.rooms.get(this.#key);
    setText(this.#heading, room?.title ?? cut(this.#id, 120));
    setText(this.#path, room ? roomPathText(room) : NO_ROOM);
    this.#tiles.element.hidden = !room;
    if (room) this.#tiles.update(sumCells(room));
    this.#table.update(room ? streamsThatMatch(room, filterWords()) : [], emptyListNote());
  }
}
