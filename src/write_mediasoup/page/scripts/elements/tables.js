// SPDX-License-Identifier: MIT
'use strict';

// A table that the user can sort by any column. A column is an object:
//   title, hint    of the column's header
//   value(item)    what the column sorts by
//   cell(item)     what it shows (elements/cells.js)
//   isNumber       aligned to the right; the first click sorts the greatest first
//   lowFirst       for numbers: the first click sorts the least first
//   isWide         hidden on a narrow screen
//   compare(a, b)  orders items with equal values
// The first column is the header of each row. Each item has a unique `key`.

const ROWS_AT_ONCE = 200; // until the user asks for more

const compareTexts = new Intl.Collator('en', { numeric: true }).compare;
const compareValues = (a, b) => (typeof a === 'string' ? compareTexts(a, b) : a - b);
const isBlank = (value) => value === undefined || value === '' || Number.isNaN(value);
const columnClass = (column) => `${column.isNumber ? 'number' : ''}${column.isWide ? ' wide' : ''}`;

class Table {
  #columns;
  #level;
  #sortedBy;
  #descending;
  #step; // rows that are shown at first, and more at each click
  #limit;
  #items; // undefined before the first update
  #emptyNote;
  #rows = new Map(); // key of an item -> its row
  #body = makeElement('tbody');
  #note = makeElement('span');
  #more = makeElement('button', { type: 'button', className: 'more' });
  #heads;

  // `sortedBy` is the title of a column; `level(item)` sets the colour of a row, like the level of a cell; `step` is how many
  // rows there are at first.
  constructor(caption, columns, { sortedBy, descending = false, level = () => '', step = ROWS_AT_ONCE }) {
    this.#descending = descending;
    this.#step = this.#limit = step;
    this.#columns = columns;
    this.#level = level;
    this.#sortedBy = columns.find(({ title }) => title === sortedBy);
    this.#heads = columns.map((column) => this.#makeHead(column));
    this.#more.addEventListener('click', () => this.#showMore());
    const table = makeElement('table', {},
      makeElement('caption', {}, makeElement('h2', { textContent: caption }), this.#note),
      makeElement('thead', {}, makeElement('tr', {}, ...this.#heads)),
      this.#body);
    this.element = makeElement('div', {}, makeElement('div', { className: 'scroll' }, table), this.#more);
  }

  // `emptyNote` is shown beside the caption if there are no items.
  update(items, emptyNote) {
    this.#items = items;
    this.#emptyNote = emptyNote;
    this.#repaint();
  }

  #makeHead(column) {
    const button = makeElement('button', { type: 'button', textContent: column.title, title: column.hint ?? '' });
    button.addEventListener('click', () => this.#sortBy(column));
    return makeElement('th', { scope: 'col', className: columnClass(column) }, button);
  }

  #sortBy(column) {
    const isAgain = column === this.#sortedBy;
    this.#descending = isAgain ? !this.#descending : Boolean(column.isNumber) && !column.lowFirst;
    this.#sortedBy = column;
    this.#repaint();
  }

  #showMore() {
    this.#limit += this.#step;
    this.#repaint();
  }

  // Blanks come last in both directions. Equal values are ordered by the column's `compare`, then by the first column.
  #order(a, b) {
    const column = this.#sortedBy, x = column.value(a), y = column.value(b);
    if (isBlank(x) !== isBlank(y)) return isBlank(x) - isBlank(y);
    const byValue = isBlank(x) ? 0 : compareValues(x, y) * (this.#descending ? -1 : 1);
    const [{ value: name }] = this.#columns;
    return byValue || (column.compare?.(a, b) ?? 0) || compareValues(name(a), name(b)) || compareValues(a.key, b.key);
  }

  #repaint() {
    if (!this.#items) return;
    const shown = [...this.#items].sort((a, b) => this.#order(a, b)).slice(0, this.#limit);
    this.#forgetRowsExcept(shown);
    setChildren(this.#body, shown.map((item) => this.#paintRow(item)));
    this.#paintDirection();
    this.#paintCounts(this.#items.length, shown.length);
  }

  #forgetRowsExcept(items) {
    const kept = new Set(items.map((item) => item.key));
    for (const key of this.#rows.keys()) if (!kept.has(key)) this.#rows.delete(key);
  }

  #makeRow() {
    const [first, ...others] = this.#columns;
    return makeElement('tr', {}, makeElement('th', { className: columnClass(first), scope: 'row' }),
      ...others.map((column) => makeElement('td', { className: columnClass(column) })));
  }

  #paintRow(item) {
    const row = this.#rows.get(item.key) ?? this.#makeRow();
    this.#rows.set(item.key, row);
    this.#columns.forEach((column, i) => paintCell(row.children[i], column.cell(item)));
    setAttribute(row, 'data-level', this.#level(item));
    return row;
  }

  #paintDirection() {
    const direction = this.#descending ? 'descending' : 'ascending';
    this.#columns.forEach((column, i) => {
      setAttribute(this.#heads[i], 'aria-sort', column === this.#sortedBy ? direction : '');
    });
  }

  #paintCounts(all, shown) {
    const count = all > shown ? `${numberText(shown)} of ${numberText(all)}` : numberText(all);
    setText(this.#note, all === 0 ? this.#emptyNote : count);
    setText(this.#more, `Show ${numberText(Math.min(this.#step, all - shown))} more`);
    this.#more.hidden = shown >= all;
  }
}
