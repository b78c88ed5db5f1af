// SPDX-License-Identifier: MIT
'use strict';

// The page of a producer or consumer: its figures, fields, appData and transport; the consumers of a producer, and who suffers from it.

const NO_STREAM = 'There is no such stream now: it is closed, or has not been seen for two intervals.';

function streamTitle(stream) {
  const direction = stream.view === 'consumers' ? `← ${cut(sourceName(stream) ?? '?')}` : 'sends';
  return `${cut(peerName(stream))} ${direction} ${clean(stream.facts.kind ?? '')}`;
}

// Why it is bad or silent, and since when; of a simulcast producer, the first layer that is.
function causeCells(streams) {
  const stream = streams.find((one) => streamCauseText(one));
  if (!stream) return {};
  const { badSince, timestamp } = stream.row;
  const since = isKnown(badSince) ? `since ${clockText(badSince)}, ${durationText(Math.max(0, timestamp - badSince) / 1000)}` : '';
  return { Cause: { text: streamCauseText(stream), small: since, level: stream.bad ? 'bad' : 'poor' } };
}

// The tiles. The layers of a simulcast producer are summed up; only a single stream has charts.
function streamCells(streams) {
  const sum = sumOf(streams);
  const [bitrates, losses, scores] = streams.length === 1 ? streamLines(streams[0]) : [];
  return {
    Bitrate: bitrateCell(sum.sent + sum.received, bitrates),
    Loss: lossCell(sum.loss, losses),
    Score: streams.some(({ flows }) => flows) ? scoreCell(sum.score, sum.bad > 0, scores) : stateCell(streams[0].state),
    'Round trip': { text: millisecondsText(streams[0].row.roundTripTime) },
    ...causeCells(streams),
  };
}

const streamLines = ({ bitrates, losses, scores }) => [bitrates, losses, scores].map((points) => ({ points }));

// The header of the column for a row.
const rowTitle = (row) => clean(row.rid ? `rid ${row.rid}` : row.ssrc ? `ssrc ${row.ssrc}` : 'value');

// The page of the participant whose stream it is, if the plugin has said its name.
function personHref(stream, room) {
  const name = stream.facts.names?.participant;
  if (!room || name === undefined || absentPaths.has('/participants')) return undefined;
  return participantHref(stream.host, room.isRouter ? 'router' : 'roomId', room.id, name);
}

const streamsWhere = (condition) => [...model.streams.values()].filter(condition);

class StreamPage {
  #view;
  #id;
  #heading = isolated();
  #path = makeElement('p', { className: 'path' });
  #pathKey;
  #tiles = new Tiles();
  #fields = new FieldGroups('Fields');
  #appData = new FieldTable('appData', 'Key');
  #sufferers = makeStreamTable('Who suffers from it');
  #consumers = makeStreamTable('Its consumers');
  #transport = new FieldGroups('Its transport');
  elements = [
    makeElement('h1', { tabIndex: -1 }, this.#heading), this.#path, this.#tiles.element,
    this.#sufferers.element, this.#fields.element, this.#appData.element, this.#consumers.element, this.#transport.element,
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
    this.#paintSufferers(filterWords());
    if (this.#view === 'producers') this.#consumers.update(this.#consumersThatMatch(filterWords()), emptyListNote());
  }

  #paintSufferers(words) {
    const sufferers = this.#view === 'producers' ? sufferersOf([this.#id]) : [];
    this.#sufferers.element.hidden = sufferers.length === 0;
    this.#sufferers.update(sufferers.filter(({ searchText }) => hasWords(searchText, words)), emptyListNote());
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
    const person = stream && personHref(stream, room);
    const key = keyOf(stream?.key, room?.href, source?.id, person, rows?.length);
    if (this.#pathKey === key) return;
    this.#pathKey = key;
    const name = stream ? isolated(`${streamClass(this.#view)} ${clean(this.#id)}`) : rows ? NO_STREAM : 'Loading';
    this.#path.replaceChildren(name);
    if (room) this.#path.append(' · room ', makeLink(room.href, room.title));
    if (person) this.#path.append(' · participant ', makeLink(person, cut(peerName(stream), 60)));
    if (source) {
      const href = streamHref('producers', source.id);
      this.#path.append(' · from ', makeLink(href, `producer ${shortId(source.id)}`));
    }
  }
}
