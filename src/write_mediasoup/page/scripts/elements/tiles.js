// SPDX-License-Identifier: MIT
'use strict';

// The figures at the top of a page: titles, each with a cell.

class Tiles {
  element = makeElement('dl', { className: 'tiles' });
  #tiles = new Map(); // title -> element

  // cells: {title: cell}
  update(cells) {
    setChildren(this.element, Object.entries(cells).map(([title, cell]) => this.#paintTile(title, cell)));
  }

  #paintTile(title, cell) {
    if (!this.#tiles.has(title)) this.#tiles.set(title, this.#makeTile(title));
    const tile = this.#tiles.get(title);
    paintCell(tile.lastChild, cell);
    return tile;
  }

  #makeTile(title) {
    return makeElement('div', {}, makeElement('dt', { textContent: title }), makeElement('dd'));
  }
}
