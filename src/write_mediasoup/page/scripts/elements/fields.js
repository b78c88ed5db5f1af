// SPDX-License-Identifier: MIT
'use strict';

// A table of all fields of a few rows of a view: one line for each field, one column for each row.

const TEXT_AT_ONCE = 300; // characters; a longer text is folded

// Where names of fields and their texts may be broken into lines.
const BEFORE_CAPITALS = /(?=[A-Z])/;
const AFTER_PUNCTUATION = /(?<=[,:;{[])/;

// The units of numbers: [pattern for the field's name, function that makes the text]. Other numbers have no unit.
const UNITS = [
  [/bitrate$/i, bitrateText],
  [/^(byteCount|bytes.*|.*Bytes(Received|Sent)|bufferedAmount|memory)$/, bytesText],
  [/^fractionLost$/, (value) => percentText(value / 256)],
  [/^rtpPacketLoss/, percentText],
  [/^(roundTripTime|connectTime)$/, millisecondsText],
  [/^jitter$/, jitterText],
  [/^(timestamp|badSince)$/, (value) => new Date(value).toLocaleString()],
  [/^age$/, (value) => `${value.toFixed(1)} s`],
  [/^clockRate$/, (value) => `${numberText(value)} Hz`],
  [/^(ssrc|rtxSsrc|pid|worker)$/, String],
];

// mediasoup gives jitter in units of the RTP clock.
function jitterText(value, { clockRate }) {
  return isKnown(clockRate) && clockRate > 0 ? millisecondsText(value / clockRate * 1000) : numberText(value);
}

// Returns [text], or [text, raw value] if the text is not the exact number.
function fieldTexts(name, value, row) {
  if (!isKnown(value)) return [value === undefined ? NONE : asText(value)];
  const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1];
  if (!unit) return [numberText(value)];
  const text = unit(value, row);
  return parseFloat(text) === value ? [text] : [text, String(value)];
}

// Returns the entries for FieldTable: all fields that any of the rows has, but for appData, which has its own table.
function fieldEntries(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== 'appData');
  return names.sort(compareTexts).map((name) => [name, rows.map((row) => fieldTexts(name, row[name], row))]);
}

// A long text is folded: it shows its beginning until the user opens it.
function makeLongText(text) {
  if (text.length <= TEXT_AT_ONCE) return breakable(text, AFTER_PUNCTUATION);
  const length = makeElement('small', { textContent: `${numberText(text.length)} characters` });
  return makeElement('details', {}, makeElement('summary', {}, isolated(cut(text, 120)), length), isolated(text));
}

// A cell with the same content is left alone, so that a text that the user has opened stays open.
function paintField(cell, [text, raw]) {
  const key = keyOf(text, raw);
  if (cell.key === key) return;
  cell.key = key;
  cell.replaceChildren(makeLongText(text), ...(raw === undefined ? [] : [makeElement('small', { textContent: raw })]));
}

class FieldTable {
  #firstTitle;
  #merges;
  #titles; // one text; undefined before the first update
  #rows = new Map(); // name of a field -> its row
  #head = makeElement('tr');
  #body = makeElement('tbody');

  // `firstTitle` is the header of the first column, `heading` the element of the caption. With `merges`, a value that all columns
  // share stands once, across them.
  constructor(caption, firstTitle, { heading = 'h2', merges = false } = {}) {
    this.#merges = merges;
    this.#firstTitle = firstTitle;
    const title = makeElement('caption', {}, makeElement(heading, { textContent: caption }));
    const head = makeElement('thead', {}, this.#head);
    this.table = makeElement('table', { className: 'fields' }, title, head, this.#body);
    this.element = makeElement('div', { className: 'scroll' }, this.table);
  }

  // titles: the headers of the other columns; entries: [name, [[text, raw] for each of these columns]]
  update(titles, entries) {
    this.#paintHead(titles);
    setChildren(this.#body, entries.map(([name, values]) => this.#paintRow(name, values)));
  }

  #paintHead(titles) {
    const key = keyOf(...titles);
    if (this.#titles === key) return;
    this.#titles = key;
    this.#rows.clear();
    this.#head.replaceChildren(makeElement('th', { scope: 'col', textContent: this.#firstTitle }),
      ...titles.map((title) => makeElement('th', { scope: 'col' }, isolated(title))));
  }

  #merge([first, ...others], values) {
    const isShared = values.every((value) => keyOf(...value) === keyOf(...values[0]));
    first.colSpan = isShared ? values.length : 1;
    for (const cell of others) cell.hidden = isShared;
  }

  #paintRow(name, values) {
    if (!this.#rows.has(name)) {
      const header = makeElement('th', { scope: 'row' }, breakable(cut(clean(name)), BEFORE_CAPITALS));
      this.#rows.set(name, makeElement('tr', {}, header, ...values.map(() => makeElement('td'))));
    }
    const row = this.#rows.get(name);
    values.forEach((value, i) => paintField(row.children[i + 1], value));
    if (this.#merges) this.#merge([...row.children].slice(1), values);
    return row;
  }
}
