// SPDX-License-Identifier: MIT
'use strict';

// The page of a producer or consumer: its figures, fields, appData and transport, and the consumers of a producer.

const NO_STREAM = 'There is no such stream now: it is closed, or has not been seen for two intervals.';

function streamTitle(stream) {
  const direction = stream.view === 'consumers' ? `← ${cut(sourceName(stream) ?? '?')}` : 'sends';
  return `${cut(peerName(stream))} ${direction} ${clean(stream.facts.kind ?? '')}`;
}

// The tiles. The layers of a simulcast producer are summed up; only a single stream has charts.
function streamCells(streams) {
  const sum = sumOf(streams);
  const { bitrates, losses, scores } = streams.length === 1 ? streams[0] : {};
  return {
    Bitrate: bitrateCell(sum.sent + sum.received, bitrates),
    Loss: lossCell(sum.loss, losses),
    Score: streams.some(({ flows }) => flows) ? scoreCell(sum.score, sum.bad > 0, scores) : stateCell(streams[0].state),
    'Round trip': { text: millisecondsText(streams[0].row.roundTripTime) },
  };
}

const makeLink = (href, text) => makeElement('a', { href }, isolated(text));

// The header of the column for a row.
const rowTitle = (row) => clean(row.rid ? `rid ${row.rid}` : row.ssrc ? `ssrc ${row.ssrc}` : 'value');

const streamsWhere = (condition) => [...model.streams.values()].filter(condition);

class StreamPage {
  #view;
  #id;
  #heading = isolated();
  #path = makeElement('p', { className: 'path' });
  #pathKey;
  #tiles = new Tiles();
  #fields = new FieldTable('Fields', 'Field');
  #appData = new FieldTable('appData', 'Key');
  #consumers = makeStreamTable('Its consumers');
  #transport = new FieldTable('Its transport', 'Field');
  elements = [
    makeElement('h1', { tabIndex: -1 }, this.#heading), this.#path, this.#tiles.element,
    this.#fields.element, this.#appData.element, this.#consumers.element, this.#transport.element,
  ];

  constructor(view, id) {
    this.#view = view;
    this.#id = id;
    this.title = `${streamClass(view)} ${shortId(id)}`;
    this.#consumers.element.hidden = view !== 'producers';
  }

  paint() {
    const streams = streamsWhere((stream) => stream.view === this.#view && stream.id === this.#id);
    const [first] = streams;
    const isFetched = model.detail?.view === this.#view && model.detail.id === this.#id;
    const { rows, transport } = isFetched ? model.detail : {};
    setText(this.#heading, first ? streamTitle(first) : `${streamClass(this.#view)} ${cut(clean(this.#id))}`);
    this.#paintPath(first, rows);
    this.#tiles.element.hidden = !first;
    if (first) this.#tiles.update(streamCells(streams));
    this.#paintFields(first, rows ?? [], transport);
    if (this.#view === 'producers') this.#consumers.update(this.#consumersThatMatch(filterWords()), emptyListNote());
  }

  #paintFields(stream, rows, transport) {
    this.#fields.update(rows.map(rowTitle), fieldEntries(rows));
    this.#transport.update(['Value'], transport ? fieldEntries([transport]) : []);
    const originText = (from) => (from === 'stream' ? streamClass(this.#view) : from);
    const pairs = [...stream?.inherited ?? []];
    const entries = pairs.map(([key, [value, from]]) => [key, [[asText(value)], [originText(from)]]]);
    this.#appData.update(['Value', 'From'], entries);
  }

  #consumersThatMatch(words) {
    return streamsWhere(({ view, facts, searchText }) =>
      view === 'consumers' && facts.producerId === this.#id && hasWords(searchText, words));
  }

  // `rows` is undefined until it is fetched. Links that do not change stay the same elements, to keep the focus.
  #paintPath(stream, rows) {
    const room = model.rooms.get(stream?.roomKey);
    const source = stream && this.#view === 'consumers' && firstStream('producers', stream.facts.producerId);
    const key = keyOf(stream?.key, room?.href, source?.id, rows?.length);
    if (this.#pathKey === key) return;
    this.#pathKey = key;
    const name = stream ? isolated(`${streamClass(this.#view)} ${clean(this.#id)}`) : rows ? NO_STREAM : 'Loading';
    this.#path.replaceChildren(name);
    if (room) this.#path.append(' · room ', makeLink(room.href, room.title));
    if (source) {
      const href = streamHref('producers', source.id);
      this.#path.append(' · from ', makeLink(href, `producer ${shortId(source.id)}`));
    }
  }
}
