// SPDX-License-Identifier: MIT
'use strict';

// A table of names and values, with one column of values for each of several rows of a view.

const TEXT_AT_ONCE = 300; // characters; a longer text is folded

// How a field's number reads: pattern of its name -> text. Other numbers have no unit.
const UNITS = [
  [/bitrate$/i, bitrateText],
  [/^(byteCount|bytes.*|.*Bytes(Received|Sent)|bufferedAmount|memory)$/, bytesText],
  [/^fractionLost$/, (value) => percentText(value / 256)],
  [/^rtpPacketLoss/, percentText],
  [/^roundTripTime$/, millisecondsText],
  [/^jitter$/, jitterText],
  [/^timestamp$/, (value) => new Date(value).toLocaleString()],
  [/^age$/, (value) => `${value.toFixed(1)} s`],
  [/^clockRate$/, (value) => `${numberText(value)} Hz`],
  [/^(ssrc|rtxSsrc|pid|worker)$/, String],
];

// A jitter is in units of the RTP clock.
function jitterText(value, { clockRate }) {
  return isKnown(clockRate) && clockRate > 0 ? millisecondsText(value / clockRate * 1000) : numberText(value);
}

// [text], or [text, raw value] where the text does not have the exact number.
function fieldTexts(name, value, row) {
  if (!isKnown(value)) return [value === undefined ? NONE : asText(value)];
  const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1];
  if (!unit) return [numberText(value)];
  const text = unit(value, row);
  return parseFloat(text) === value ? [text] : [text, String(value)];
}

// [name, texts of each row] of every field that any of the rows has. appData has a table of its own.
function fieldEntries(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== 'appData');
  return names.sort(compareTexts).map((name) => [name, rows.map((row) => fieldTexts(name, row[name], row))]);
}

// A long text shows its beginning, and all of it when it is unfolded.
function makeLongText(text) {
  if (text.length <= TEXT_AT_ONCE) return isolated(text);
  const length = makeElement('small', { textContent: `${numberText(text.length)} characters` });
  return makeElement('details', {}, makeElement('summary', {}, isolated(cut(text, 120)), length), isolated(text));
}

// A cell is left alone while it shows the same, so that what the user has unfolded stays so.
function paintField(cell, [text, raw]) {
  const key = keyOf(text, raw);
  if (cell.key === key) return;
  cell.key = key;
  cell.replaceChildren(makeLongText(text), ...(raw === undefined ? [] : [makeElement('small', { textContent: raw })]));
}

class FieldTable {
  #firstTitle;
  #titles; // one text; undefined before the first update
  #rows = new Map(); // name of a field -> its row
  #head = makeElement('tr');
  #body = makeElement('tbody');

  // `firstTitle` is the header of the names.
  constructor(caption, firstTitle) {
    this.#firstTitle = firstTitle;
    const title = makeElement('caption', {}, makeElement('h2', { textContent: caption }));
    const head = makeElement('thead', {}, this.#head);
    const table = makeElement('table', { className: 'fields' }, title, head, this.#body);
    this.element = makeElement('div', { className: 'scroll' }, table);
  }

  // titles: headers of the columns of values; entries: [name, [text, raw] for each of these columns]
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

  #paintRow(name, values) {
    if (!this.#rows.has(name)) {
      const header = makeElement('th', { scope: 'row' }, breakableName(cut(clean(name))));
      this.#rows.set(name, makeElement('tr', {}, header, ...values.map(() => makeElement('td'))));
    }
    const row = this.#rows.get(name);
    values.forEach((value, i) => paintField(row.children[i + 1], value));
    return row;
  }
}
