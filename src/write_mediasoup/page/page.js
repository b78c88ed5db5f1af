// SPDX-License-Identifier: MIT
'use strict';

// Polls the views, keeps a model of rooms and streams, paints what the hash names. All foreign text passes through
// textContent only.

const PAGE = 200; // rows shown at once
const POINTS = 60; // samples in a sparkline
const LOSS_SPAN = 10000; // ms: receivers report up to 5 s apart, within less the loss would jump to and fro
const MIN_WAIT = 2000, MAX_RETRY = 30000, TIMEOUT = 30000; // ms
const FIGURES = 'host,timestamp,age,routerId,ssrc,bitrate,packetCount,packetsLost,fractionLost,score,roundTripTime,paused';
const FACTS = ',kind,mimeType,rid,producerId,transportId,worker,appData';
const FACTS_EVERY = 10; // polls; and when there is a stream or router not seen before
const ID = { producers: 'producerId', consumers: 'consumerId' };
const HINT = {
  sent: 'Sum of bitrate over consumers',
  received: 'Sum of bitrate over producers',
  loss: 'Packets lost within 10 s, or between two samples: packetsLost by packetCount (of producers: by packetCount + packetsLost). Until there are two samples: fractionLost / 256. Paused streams are left out.',
  bad: 'Streams with a loss of 5 % or more, or a score of 4 or less',
  score: 'Worst of mediasoup’s scores, 0 (bad) to 10. Left out are paused streams, and simulcast layers at rest while another one flows.',
};

const byId = (id) => document.getElementById(id);
const main = byId('main'), filter = byId('filter');

/* --- text --- */

const NONE = '–';
const isTrue = (value) => value === true || value === 'true';
const known = (value) => typeof value === 'number' && Number.isFinite(value);
const plural = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
const shortId = (id) => String(id ?? '').slice(0, 8);
const cut = (text, length = 80) => (text.length > length ? `${text.slice(0, length)}…` : text);
// Control characters made visible, halves of characters made whole.
const clean = (value) => String(value).replace(/[\0-\x1f\x7f]/g, (c) => String.fromCharCode(c === '\x7f' ? 0x2421 : 0x2400 + c.charCodeAt(0))).replace(/\p{Cs}/gu, '\ufffd');
const asText = (value) => clean(typeof value === 'object' && value ? JSON.stringify(value) : value);

function scaled(value, step, units) {
  if (!known(value)) return NONE;
  let at = 0;
  while (Math.abs(value) >= step * 0.9995 && at < units.length - 1) { value /= step; at += 1; }
  const digits = at === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[at]}`;
}
const bits = (value) => scaled(value, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
const bytes = (value) => scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
const percent = (ratio) => (!known(ratio) ? NONE : ratio > 0 && ratio < 0.0005 ? '< 0.1 %' : `${(ratio * 100).toFixed(ratio > 0 && ratio < 0.0995 ? 1 : 0)} %`);
const millis = (ms) => (known(ms) ? `${ms.toFixed(ms < 10 && ms % 1 ? 1 : 0)} ms` : NONE);
const whole = (value) => (known(value) ? value.toLocaleString('en') : NONE);
const span = (seconds) => (seconds < 120 ? `${Math.round(seconds)} s` : seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`);

const lossLevel = (ratio) => (ratio >= 0.05 ? 'bad' : ratio >= 0.02 ? 'poor' : '');
const scoreLevel = (score) => (score <= 4 ? 'bad' : score <= 7 ? 'poor' : '');
const isBad = (stream) => !stream.paused && (lossLevel(stream.loss) === 'bad' || (!stream.resting && scoreLevel(stream.row.score) === 'bad'));

/* --- model --- */

const streams = new Map();
let rooms = new Map(), routers = new Map(), transports = new Map(), workers = [], totals;
const histories = new Map(); // a room's or worker's sparklines outlive its figures

const join = (...parts) => parts.join('\n');
const pairs = (value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : []);
const scalar = (value) => (value === undefined || value === null || value === '' ? undefined : asText(value));

function remember(list, value) {
  list.push(known(value) ? value : NaN);
  if (list.length > POINTS) list.shift();
}

function history(key, ...values) {
  if (!histories.has(key)) histories.set(key, { lists: values.map(() => []) });
  const { lists } = histories.get(key);
  values.forEach((value, i) => remember(lists[i], value));
  histories.get(key).seen = polls;
  return lists;
}

// appData as the stream has it: key -> [value, the class it comes from]. What is nearer to the stream wins.
function inherited(host, stream) {
  const transport = transports.get(join(host, stream?.transportId));
  const router = routers.get(join(host, stream?.routerId ?? transport?.routerId));
  const worker = workers.find((one) => one.host === host && String(one.worker) === String(router?.worker));
  const all = new Map();
  for (const [row, from] of [[worker, 'worker'], [router, 'router'], [transport, 'transport'], [stream, 'stream']])
    for (const [key, value] of pairs(row?.appData)) all.set(key, [value, from]);
  return all;
}
const find = (appData, key) => scalar(appData.get(key)?.[0]);
const appDataText = (appData, but) => [...appData].filter(([key]) => key !== but).map(([key, [value]]) => cut(`${clean(key)}=${asText(value)}`, 60)).join(', ');

// What was sent and lost since a sample that is LOSS_SPAN old, or the one before.
function takeLoss(stream) {
  const { kind, row, samples } = stream;
  if (row.packetCount < samples.at(-1)?.packetCount) samples.length = 0;
  samples.push(row);
  while (samples.length > 2 && samples[1].timestamp <= row.timestamp - LOSS_SPAN) samples.shift();
  const [first] = samples, sent = row.packetCount - first.packetCount;
  stream.expected = sent > 0 && known(row.packetsLost - first.packetsLost) ? sent : NaN;
  stream.lost = Math.max(0, row.packetsLost - first.packetsLost);
  if (kind === 'producers') stream.expected += stream.lost;
  else stream.lost = Math.min(stream.lost, stream.expected);
}

function takeStream(kind, row) {
  const key = join(kind, row.host, row[ID[kind]], row.ssrc);
  let stream = streams.get(key);
  if (!stream) {
    stream = { key, kind, host: row.host, id: row[ID[kind]], facts: {}, samples: [], rates: [], losses: [], scores: [] };
    streams.set(key, stream);
  }
  const before = stream.row;
  stream.row = row;
  stream.seen = polls;
  if ('appData' in row) stream.facts = row;
  stream.paused = isTrue(row.paused) || isTrue(row.producerPaused);
  if (before?.timestamp === row.timestamp) return 0;
  takeLoss(stream);
  stream.loss = stream.paused ? NaN : stream.expected > 0 ? stream.lost / stream.expected : known(row.fractionLost) ? row.fractionLost / 256 : NaN;
  remember(stream.rates, row.bitrate);
  remember(stream.losses, stream.loss);
  remember(stream.scores, stream.paused ? NaN : row.score);
  return before ? row.timestamp - before.timestamp : 0;
}

const emptySum = () => ({ sent: 0, received: 0, producers: 0, consumers: 0, paused: 0, bad: 0, lost: 0, expected: 0, guess: 0, weight: 0, score: NaN });

function add(sum, stream) {
  const rate = known(stream.row.bitrate) ? stream.row.bitrate : 0;
  sum[stream.kind] += 1;
  sum[stream.kind === 'consumers' ? 'sent' : 'received'] += rate;
  if (stream.paused) { sum.paused += 1; return; }
  if (isBad(stream)) sum.bad += 1;
  if (stream.expected > 0) { sum.lost += stream.lost; sum.expected += stream.expected; }
  else if (known(stream.loss)) { sum.guess += stream.loss * rate; sum.weight += rate; }
  if (!stream.resting && known(stream.row.score) && !(sum.score <= stream.row.score)) sum.score = stream.row.score;
}
function settle(sum) {
  sum.loss = sum.expected > 0 ? sum.lost / sum.expected : sum.weight > 0 ? sum.guess / sum.weight : NaN;
}

// When facts have come, how streams know their appData: their rooms' names, and the text that the filter looks into.
function readFacts() {
  const named = new Map(); // router -> the rooms that streams and transports name
  const name = (routerKey, room) => { if (room !== undefined) named.set(routerKey, (named.get(routerKey) ?? new Set()).add(room)); };
  for (const router of routers.values()) {
    router.all = inherited(router.host, router);
    router.room = find(router.all, 'roomId');
  }
  for (const transport of transports.values()) name(join(transport.host, transport.routerId), scalar(transport.appData?.roomId));
  for (const stream of streams.values()) {
    stream.routerKey = join(stream.host, stream.row.routerId);
    stream.appData = inherited(stream.host, { ...stream.facts, routerId: stream.row.routerId });
    stream.room = find(stream.appData, 'roomId');
    stream.peer = find(stream.appData, 'peerId');
    name(stream.routerKey, stream.room);
  }
  for (const [key, router] of routers) if (router.room === undefined && named.get(key)?.size === 1) [router.room] = named.get(key);
  for (const stream of streams.values()) {
    stream.room ??= routers.get(stream.routerKey)?.room;
    const { facts } = stream;
    stream.hay = [stream.kind.slice(0, -1), stream.id, facts.producerId, facts.transportId, stream.row.routerId, stream.row.ssrc, facts.rid, facts.kind,
      facts.mimeType, stream.host, stream.room, ...[...stream.appData.values()].map(([value]) => asText(value))].join('\n').toLowerCase();
  }
}

function roomOf(host, routerId, name, router) {
  const key = join(host, name === undefined ? 'router' : 'roomId', name ?? routerId);
  let room = rooms.get(key);
  if (!room) {
    const text = appDataText(router?.all ?? new Map());
    room = { key, host, title: cut(name ?? (text || `router ${shortId(routerId)}`), 120), href: `#/room/${[host, ...(name === undefined ? ['router', routerId] : ['roomId', name])].map((part) => encodeURIComponent(clean(part ?? ''))).join('/')}`,
      routers: new Map(), streams: [], ...emptySum() };
    room.hay = `${room.title}\n${name ?? ''}\n${host}`.toLowerCase();
    rooms.set(key, room);
  }
  if (router && !room.routers.has(routerId)) {
    room.routers.set(routerId, router);
    room.hay += `\n${routerId}\n${appDataText(router.all)}`.toLowerCase();
  }
  return room;
}

function sumUp() {
  rooms = new Map();
  totals = emptySum();
  const used = new Set();
  const flowing = new Set();
  for (const { kind, row, id } of streams.values()) if (kind === 'producers' && row.bitrate > 0) flowing.add(id);
  for (const stream of streams.values()) {
    stream.resting = stream.kind === 'producers' && !(stream.row.bitrate > 0) && flowing.has(stream.id);
    const room = roomOf(stream.host, stream.row.routerId, stream.room, routers.get(stream.routerKey));
    used.add(stream.routerKey);
    room.streams.push(stream);
    stream.roomKey = room.key;
    add(room, stream);
    add(totals, stream);
  }
  for (const [key, router] of routers) if (!used.has(key)) roomOf(router.host, router.routerId ?? router.id, router.room, router);
  for (const sum of [...rooms.values(), totals]) settle(sum);
}

function takeWorkers(rows, usage) {
  const applications = usage.filter((row) => row.type === 'parent').map((row) => ({ ...row, application: true, cpuRatio: row.cpu / 100, residentMemory: row.memory }));
  workers = [...rows, ...applications].map((row) => ({ ...row, key: join('worker', row.host, row.worker ?? `pid ${row.pid}`),
    silent: known(row.responding) && row.responding < 1 }));
}

const routerKey = (row) => join(row.host, row.routerId);

function take(views) {
  const [workerRows, usage, routerRows, transportRows] = views;
  const steps = [];
  takeWorkers(workerRows, usage);
  for (const kind of ['producers', 'consumers']) for (const row of views[kind]) steps.push(takeStream(kind, row));
  for (const [key, stream] of streams) if (stream.seen !== polls) streams.delete(key);
  if (transportRows) {
    routers = new Map(routerRows.map((row) => [routerKey(row), row]));
    transports = new Map(transportRows.map((row) => [join(row.host, row.transportId), row]));
    readFacts();
  }
  sumUp();
  const moved = [...steps, ...[...workers, ...routerRows].map(step)].filter((ms) => ms > 0);
  learnInterval(moved);
  for (const room of rooms.values()) room.lists = history(room.key, room.sent, room.received, room.loss, room.score);
  for (const worker of workers) worker.lists = history(worker.key, worker.cpuRatio);
  totals.lists = history('totals', totals.sent, totals.received, totals.loss, totals.score);
  for (const [key, { seen }] of histories) if (seen < polls - POINTS) histories.delete(key);
  return moved.length > 0;
}

/* --- polling --- */

let polls = 0, timer, running, paused = false, failure = '', nextTry = 0, failures = 0;
let age, everRows = false, gone = false, newcomers = true;
let interval = 0; // ms between a row's samples, learned from their timestamps
const recentSteps = [], lastTimes = new Map();

function step(row) {
  const key = join(row.key ?? row.routerId, row.host), before = lastTimes.get(key);
  lastTimes.set(key, row.timestamp);
  return row.timestamp - before;
}
// A step may be several intervals long, if polls skip samples. Waiting longer now and then tells: then steps differ, by
// an interval or a few. So it is found out without ever polling too fast.
function learnInterval(steps) {
  if (steps.length === 0) return;
  recentSteps.push(steps.reduce((least, one) => Math.min(least, one)));
  if (recentSteps.length > 8) recentSteps.shift();
  const apart = recentSteps.flatMap((a) => recentSteps.map((b) => a - b)).filter((ms) => ms > 1500);
  interval = Math.min(...recentSteps, ...apart);
}

async function get(view, signal) {
  const response = await fetch(view, { signal, credentials: 'same-origin' });
  if (!response.ok) throw Object.assign(new Error(`collectd answers ${response.status} to ${view.split('?')[0]}`), { status: response.status });
  const rows = await response.json();
  if (!Array.isArray(rows)) throw new Error(`collectd answers no list to ${view.split('?')[0]}`);
  return rows;
}

const streamView = (kind, all, signal) =>
  get(`/${kind}?fields=${ID[kind]},${FIGURES}${kind === 'consumers' ? ',producerPaused' : ''}${all ? FACTS : ''}`, signal);
const isNew = (kind) => (row) => !streams.has(join(kind, row.host, row[ID[kind]], row.ssrc));

async function fetchViews(signal) {
  const all = newcomers || polls % FACTS_EVERY === 0;
  const kinds = ['producers', 'consumers'];
  const fetched = await Promise.all([get('/workers', signal), get('/usage', signal), get('/routers?fields=routerId,worker,host,timestamp,age,appData', signal),
    ...kinds.map((kind) => streamView(kind, all, signal))]);
  const views = fetched.slice(0, 3);
  kinds.forEach((kind, i) => { views[kind] = fetched[3 + i]; });
  const [, , routerRows] = views;
  newcomers = kinds.some((kind) => views[kind].some(isNew(kind))) || routerRows.length !== routers.size || routerRows.some((row) => !routers.has(routerKey(row)));
  if (all || newcomers) views[3] = await get('/transports?fields=transportId,routerId,host,appData', signal);
  if (newcomers && !all) for (const kind of kinds) views[kind] = await streamView(kind, true, signal);
  return views;
}

function accept(views) {
  const ages = [views[0], views[1], views[2], views.producers, views.consumers].flatMap((rows) => rows.map((row) => row.age)).filter(known);
  gone = ages.length === 0 && everRows;
  if (gone) return; // the last picture stays, and is said to be old
  polls += 1;
  everRows ||= ages.length > 0;
  // What has not changed comes out of the browser's cache, with the age that it had then.
  if (take(views) || !age) age = ages.length ? { value: ages.reduce((least, one) => Math.min(least, one)), at: performance.now() } : undefined;
}

async function poll() {
  clearTimeout(timer);
  if (paused || document.hidden || running) return;
  const mine = running = new AbortController();
  const patience = setTimeout(() => mine.abort(), TIMEOUT);
  try {
    const views = await fetchViews(mine.signal);
    if (running !== mine) return;
    accept(views);
    await fetchDetail(mine.signal);
    if (running !== mine) return;
    failure = '';
    failures = 0;
  } catch (error) {
    if (running !== mine) return; // paused or hidden meanwhile
    failures += 1;
    recentSteps.length = 0;
    failure = error.status ? error.message : mine.signal.aborted ? `collectd did not answer within ${TIMEOUT / 1000} s` : error instanceof TypeError ? 'collectd does not answer' : error.message;
  } finally {
    clearTimeout(patience);
  }
  running = undefined;
  const stretch = interval > 1.2 * MIN_WAIT && polls % 5 === 0 ? 1.5 : 1;
  const pace = Math.max(MIN_WAIT, interval) * stretch;
  const wait = failures ? Math.max(pace, Math.min(MAX_RETRY, pace * 2 ** Math.min(failures - 1, 3))) : pace;
  nextTry = performance.now() + wait;
  timer = setTimeout(poll, wait);
  render();
}

function halt() {
  clearTimeout(timer);
  const stopped = running;
  running = undefined;
  stopped?.abort();
}

/* --- painting: nodes are made once and changed where what they say has changed --- */

function make(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}
const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const mark = (node, name, value) => { if (value) { if (node.getAttribute(name) !== value) node.setAttribute(name, value); } else node.removeAttribute(name); };

const SVG = 'http://www.w3.org/2000/svg';
function sparkPath(points, top) {
  const height = top ?? points.reduce((most, one) => (one > most ? one : most), 0);
  let path = '', pen = 'M';
  points.forEach((value, i) => {
    if (Number.isNaN(value)) { pen = 'M'; return; }
    const x = POINTS - points.length + i, y = (16 - 15 * Math.min(1, height ? value / height : 0)).toFixed(1);
    path += pen === 'M' ? `M${x - 1} ${y}H${x}` : `L${x} ${y}`;
    pen = 'L';
  });
  return path;
}

// look: {text, href, small, points, top, level, hint}
function paint(cell, look) {
  const parts = cell.parts ??= {};
  const link = look.href !== undefined;
  if (!parts.main || parts.link !== link) {
    const before = parts.main;
    parts.text = make('bdi');
    parts.main = link ? make('a', {}, parts.text) : parts.text;
    parts.link = link;
    if (before) before.replaceWith(parts.main);
    else cell.prepend(parts.main);
  }
  say(parts.text, look.text);
  if (link) mark(parts.main, 'href', look.href);
  if (look.small && !parts.small) { parts.small = make('bdi'); parts.main.after(make('small', {}, parts.small)); }
  if (parts.small) say(parts.small, look.small ?? '');
  if (look.points) {
    if (!parts.path) {
      const svg = document.createElementNS(SVG, 'svg');
      for (const [name, value] of [['viewBox', `0 0 ${POINTS} 17`], ['preserveAspectRatio', 'none'], ['aria-hidden', 'true']]) svg.setAttribute(name, value);
      svg.append(parts.path = document.createElementNS(SVG, 'path'));
      cell.append(svg);
    }
    mark(parts.path, 'd', sparkPath(look.points, look.top));
  }
  mark(cell, 'data-level', look.level);
  mark(cell, 'title', look.hint);
}

// Puts `nodes` into `parent`, in this order, moving as few as need be; the focus stays where it is.
function arrange(parent, nodes) {
  const focused = document.activeElement;
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, i) => { if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null); });
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

const { compare: compareTexts } = new Intl.Collator('en', { numeric: true });
const compare = (a, b) => (typeof a === 'string' ? compareTexts(a, b) : a - b);
const isBlank = (value) => value === undefined || value === '' || Number.isNaN(value);

// columns: {title, hint, wide, number, value: what it sorts by, look}. The first one is the rows' header.
function makeTable(caption, columns, sortedBy, { descending = false, level = () => '' } = {}) {
  const table = { shown: PAGE, column: columns[sortedBy], descending };
  const rows = new Map();
  const body = make('tbody'), more = make('button', { type: 'button', className: 'more' }), note = make('span');
  const heads = columns.map((column) => {
    const button = make('button', { type: 'button', textContent: column.title, title: column.hint ?? '' });
    button.addEventListener('click', () => {
      table.descending = table.column === column ? !table.descending : Boolean(column.number) && !column.low;
      table.column = column;
      render();
    });
    return make('th', { scope: 'col', className: style(column) }, button);
  });
  table.element = make('div', {}, make('div', { className: 'scroll' }, make('table', {}, make('caption', {}, make('h2', { textContent: caption }), note), make('thead', {}, make('tr', {}, ...heads)), body)), more);
  more.addEventListener('click', () => { table.shown += PAGE; render(); });

  function makeRow() {
    const row = make('tr');
    row.append(...columns.map((column, i) => make(i ? 'td' : 'th', { className: style(column), ...(i ? {} : { scope: 'row' }) })));
    return row;
  }
  // Unknown comes last either way; equals are told apart by the column's own second thought, then by the first column.
  function order(a, b) {
    const { column } = table, x = column.value(a), y = column.value(b);
    if (isBlank(x) !== isBlank(y)) return isBlank(x) - isBlank(y);
    return (isBlank(x) ? 0 : compare(x, y) * (table.descending ? -1 : 1)) || (column.then?.(a, b) ?? 0) || compare(columns[0].value(a), columns[0].value(b)) || compare(a.key, b.key);
  }
  table.update = (items, empty) => {
    const shown = [...items].sort(order).slice(0, table.shown);
    const kept = new Set(shown.map((item) => item.key));
    for (const key of rows.keys()) if (!kept.has(key)) rows.delete(key);
    arrange(body, shown.map((item) => {
      const row = rows.get(item.key) ?? makeRow();
      rows.set(item.key, row);
      columns.forEach((column, i) => paint(row.children[i], column.look(item)));
      mark(row, 'data-level', level(item));
      return row;
    }));
    columns.forEach((column, i) => mark(heads[i], 'aria-sort', column === table.column ? (table.descending ? 'descending' : 'ascending') : ''));
    say(note, items.length === 0 ? empty : items.length > shown.length ? `${whole(shown.length)} of ${whole(items.length)}` : whole(items.length));
    more.hidden = shown.length >= items.length;
    say(more, `Show ${whole(Math.min(PAGE, items.length - shown.length))} more`);
  };
  return table;
}
const style = (column) => `${column.number ? 'number' : ''}${column.wide ? ' wide' : ''}`;

function makeTiles() {
  const tiles = new Map();
  const element = make('dl', { className: 'tiles' });
  element.update = (looks) => arrange(element, Object.entries(looks).map(([title, look]) => {
    if (!tiles.has(title)) tiles.set(title, make('div', {}, make('dt', { textContent: title }), make('dd')));
    paint(tiles.get(title).lastChild, look);
    return tiles.get(title);
  }));
  return element;
}

/* --- looks --- */

const rateLook = (value, points, hint) => ({ text: bits(value), points, hint });
const lossLook = (value, points) => ({ text: percent(value), points, top: Math.max(0.05, ...(points ?? []).filter(known)), level: lossLevel(value), hint: HINT.loss });
const scoreLook = (value, points) => ({ text: known(value) ? String(value) : NONE, points, top: 10, level: scoreLevel(value), hint: HINT.score });
const worstFirst = (a, b) => (b.bad ?? 0) - (a.bad ?? 0) || Math.round((b.loss || 0) * 100) - Math.round((a.loss || 0) * 100);
const severalHosts = () => new Set(workers.map((worker) => worker.host)).size > 1;

function sumLooks(sum) {
  return {
    'Bad streams': { text: whole(sum.bad), level: sum.bad ? 'bad' : '', hint: HINT.bad },
    Sent: rateLook(sum.sent, sum.lists[0], HINT.sent),
    Received: rateLook(sum.received, sum.lists[1], HINT.received),
    Loss: lossLook(sum.loss, sum.lists[2]),
    'Worst score': scoreLook(sum.score, sum.lists[3]),
    Consumers: { text: whole(sum.consumers) },
    Producers: { text: whole(sum.producers), hint: 'Streams of producers: each layer of a simulcast counts' },
    Paused: { text: whole(sum.paused) },
  };
}

const roomsTable = makeTable('Rooms', [
  { title: 'Room', value: (room) => room.title, look: (room) => ({ text: room.title, href: room.href,
    small: [severalHosts() ? room.host : '', room.matches < room.streams.length ? `${whole(room.matches)} of ${plural(room.streams.length, 'stream')} match` : plural(room.streams.length, 'stream'), room.bad ? `${whole(room.bad)} bad` : ''].filter(Boolean).join(' · ') }) },
  { title: 'Sent', number: true, hint: HINT.sent, value: (room) => room.sent, look: (room) => rateLook(room.sent, room.lists[0]) },
  { title: 'Received', number: true, wide: true, hint: HINT.received, value: (room) => room.received, look: (room) => rateLook(room.received, room.lists[1]) },
  { title: 'Loss', number: true, hint: HINT.loss, value: (room) => room.loss, look: (room) => lossLook(room.loss, room.lists[2]) },
  { title: 'Score', number: true, low: true, hint: HINT.score, value: (room) => room.score, then: worstFirst, look: (room) => scoreLook(room.score, room.lists[3]) },
  { title: 'Consumers', number: true, wide: true, value: (room) => room.consumers, look: (room) => ({ text: whole(room.consumers) }) },
  { title: 'Producers', number: true, wide: true, value: (room) => room.producers, look: (room) => ({ text: whole(room.producers) }) },
  { title: 'Paused', number: true, wide: true, value: (room) => room.paused, look: (room) => ({ text: whole(room.paused), level: 'quiet' }) },
], 4, { level: (room) => (room.bad ? 'bad' : '') });

const workerName = (worker) => (worker.application ? 'application' : `worker ${clean(worker.worker ?? '')}`);
const workersTable = makeTable('Workers and the application', [
  { title: 'Process', value: workerName, look: (worker) => ({ text: workerName(worker), small: [severalHosts() ? worker.host : '', `pid ${worker.pid ?? '?'}`].filter(Boolean).join(' · ') }) },
  { title: 'State', value: (worker) => (worker.silent ? 0 : worker.application ? 2 : 1), look: (worker) => ({ text: worker.silent ? 'not responding' : worker.application ? NONE : 'responding', level: worker.silent ? 'bad' : '',
    hint: worker.silent ? 'Its other figures are the last known' : '' }) },
  { title: 'CPU', number: true, hint: 'Of one core', value: (worker) => worker.cpuRatio, look: (worker) => ({ text: percent(worker.cpuRatio), points: worker.lists[0], top: 1,
    level: worker.cpuRatio >= 0.9 ? 'bad' : worker.cpuRatio >= 0.7 ? 'poor' : '' }) },
  { title: 'Memory', number: true, hint: 'Resident', value: (worker) => worker.residentMemory, look: (worker) => ({ text: bytes(worker.residentMemory) }) },
  { title: 'Channel', number: true, wide: true, hint: 'From a request to the worker to its answer', value: (worker) => worker.channelRoundTripSeconds, look: (worker) => ({ text: millis(worker.channelRoundTripSeconds * 1000) }) },
  ...['Routers', 'Producers', 'Consumers'].map((title) => ({ title, number: true, wide: true, value: (worker) => worker[title.toLowerCase()],
    look: (worker) => ({ text: whole(worker[title.toLowerCase()]) }) })),
], 1, { level: (worker) => (worker.silent ? 'bad' : '') });

const streamHref = (kind, id) => `#/stream/${kind}/${encodeURIComponent(clean(id))}`;
const peerOf = (stream) => stream.peer ?? (appDataText(stream.appData, 'roomId') || shortId(stream.id));
function sourceOf(stream) {
  const source = stream.kind === 'consumers' && firstStream('producers', stream.facts.producerId);
  return source ? peerOf(source) : undefined;
}
let firsts; // kind and id -> stream, made when asked for
function firstStream(kind, id) {
  if (!firsts) {
    firsts = new Map();
    for (const stream of streams.values()) if (!firsts.has(join(stream.kind, stream.id))) firsts.set(join(stream.kind, stream.id), stream);
  }
  return firsts.get(join(kind, id));
}
const streamState = (stream) => (isTrue(stream.row.paused) ? 'paused' : isTrue(stream.row.producerPaused) ? 'producer paused' : stream.resting ? 'layer at rest' : '');
const quiet = (stream, look) => (stream.paused || stream.resting ? { ...look, level: 'quiet' } : look);
const mediaOf = ({ facts }) => clean([facts.mimeType ?? facts.kind ?? '', facts.rid].filter(Boolean).join(' '));

const makeStreamsTable = (caption) => makeTable(caption, [
  { title: 'Stream', value: (stream) => peerOf(stream), look: (stream) => ({ text: cut(peerOf(stream)), href: streamHref(stream.kind, stream.id),
    small: `${stream.kind === 'consumers' ? `← ${cut(sourceOf(stream) ?? '?', 40)}` : 'sends'} · ${clean(stream.facts.kind ?? '')}${stream.facts.rid ? ` ${clean(stream.facts.rid)}` : ''}` }) },
  { title: 'Class', wide: true, value: (stream) => stream.kind, look: (stream) => ({ text: stream.kind.slice(0, -1) }) },
  { title: 'Media', wide: true, value: mediaOf, look: (stream) => ({ text: mediaOf(stream) }) },
  { title: 'State', wide: true, value: streamState, look: (stream) => ({ text: streamState(stream), level: 'quiet' }) },
  { title: 'Bitrate', number: true, value: (stream) => stream.row.bitrate, look: (stream) => quiet(stream, rateLook(stream.row.bitrate, stream.rates)) },
  { title: 'Loss', number: true, hint: HINT.loss, value: (stream) => stream.loss, look: (stream) => quiet(stream, lossLook(stream.loss)) },
  { title: 'Score', number: true, low: true, hint: HINT.score, value: (stream) => (stream.paused || stream.resting ? NaN : stream.row.score), then: worstFirst,
    look: (stream) => (stream.paused ? { text: 'paused', level: 'quiet' } : quiet(stream, scoreLook(stream.row.score))) },
  { title: 'Round trip', number: true, wide: true, value: (stream) => stream.row.roundTripTime, look: (stream) => quiet(stream, { text: millis(stream.row.roundTripTime) }) },
], 6);

/* --- pages --- */

const words = () => filter.value.toLowerCase().split(/\s+/).filter(Boolean);
const matches = (hay, terms) => terms.every((term) => hay.includes(term));
const nothing = () => (filter.value.trim() ? 'none matches the filter' : 'none');

function makeOverview() {
  const tiles = makeTiles();
  const elements = [make('h1', { textContent: 'Overview', tabIndex: -1 }), tiles, roomsTable.element, workersTable.element];
  return { elements, title: 'Overview', paint() {
    const terms = words();
    const all = [...rooms.values()].map((room) => {
      const whole = matches(room.hay, terms);
      room.matches = whole ? room.streams.length : room.streams.filter((stream) => matches(`${stream.hay}\n${room.hay}`, terms)).length;
      return whole || room.matches ? room : undefined;
    }).filter(Boolean);
    tiles.update(sumLooks(totals));
    roomsTable.update(all, nothing());
    workersTable.update(workers, 'none');
  } };
}

function makeRoomPage(host, kind, id) {
  const tiles = makeTiles(), table = makeStreamsTable('Streams');
  const heading = make('h1', { tabIndex: -1 }, make('bdi')), path = make('p', { className: 'path' }, make('bdi'));
  const page = { elements: [heading, path, tiles, table.element], title: cut(id, 40) };
  page.paint = () => {
    const room = rooms.get(join(host, kind, id));
    say(heading.firstChild, room?.title ?? cut(id, 120));
    tiles.hidden = !room;
    if (room) tiles.update(sumLooks(room));
    const shared = room?.routers.size === 1 ? appDataText([...room.routers.values()][0].all, 'roomId') : '';
    say(path.firstChild, room ? [`on ${host}`, plural(room.routers.size, 'router'), ...[...room.routers.values()].map((router) => `worker ${clean(router.worker ?? '?')}`).filter((text, i, all) => all.indexOf(text) === i), shared].filter(Boolean).join(' · ')
      : polls ? 'There is no such room now: it has ended, or has not been seen for two intervals.' : '');
    const terms = words();
    table.update(room ? room.streams.filter((stream) => matches(`${stream.hay}\n${room.hay}`, terms)) : [], nothing());
  };
  return page;
}

const UNITS = [
  [/bitrate$/i, bits], [/^(byteCount|bytes.*|.*Bytes(Received|Sent)|bufferedAmount|memory)$/, bytes], [/^fractionLost$/, (value) => percent(value / 256)],
  [/^rtpPacketLoss/, percent], [/^roundTripTime$/, millis], [/^jitter$/, (value, row) => (known(row.clockRate) && row.clockRate > 0 ? millis(value / row.clockRate * 1000) : whole(value))],
  [/^timestamp$/, (value) => new Date(value).toLocaleString()], [/^age$/, (value) => `${value.toFixed(1)} s`], [/^clockRate$/, (value) => `${whole(value)} Hz`],
  [/^(ssrc|rtxSsrc|pid|worker)$/, String],
];
function fieldText(key, value, row) {
  if (!known(value)) return [value === undefined ? NONE : asText(value)];
  const unit = UNITS.find(([pattern]) => pattern.test(key))?.[1];
  const text = (unit ?? whole)(value, row);
  return unit && parseFloat(text) !== value ? [text, String(value)] : [text];
}

// A text of any length: the beginning, and all of it when asked for; and the raw number where it reads differently.
function longText(cell, text, raw) {
  const key = join(text, raw);
  if (cell.key === key) return;
  cell.key = key;
  cell.replaceChildren(text.length <= 300 ? make('bdi', { textContent: text })
    : make('details', {}, make('summary', {}, make('bdi', { textContent: cut(text, 120) }), make('small', { textContent: `${whole(text.length)} characters` })), make('bdi', { textContent: text })),
    ...(raw === undefined ? [] : [make('small', { textContent: raw })]));
}

// A name that may break before its capitals.
const breakable = (text) => make('bdi', {}, ...text.split(/(?=[A-Z])/).flatMap((part, i) => (i ? [make('wbr'), part] : [part])));

// A table of keys and values: one column for each of `rows`.
function makeFields(caption, first) {
  const made = new Map();
  const head = make('tr'), body = make('tbody');
  const element = make('div', { className: 'scroll' }, make('table', { className: 'fields' }, make('caption', {}, make('h2', { textContent: caption })), make('thead', {}, head), body));
  element.update = (titles, entries) => {
    const text = titles.join('\n');
    if (head.text !== text) {
      head.text = text;
      head.replaceChildren(make('th', { scope: 'col', textContent: first }), ...titles.map((title) => make('th', { scope: 'col' }, make('bdi', { textContent: title }))));
      made.clear();
    }
    arrange(body, entries.map(([key, values]) => {
      const row = made.get(key) ?? make('tr', {}, make('th', { scope: 'row' }, breakable(cut(clean(key)))), ...titles.map(() => make('td')));
      made.set(key, row);
      values.forEach(([text, raw], i) => longText(row.children[i + 1], text, raw));
      return row;
    }));
  };
  return element;
}

const fieldKeys = (rows) => [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => key !== 'appData').sort(compare);
const fieldEntries = (rows) => fieldKeys(rows).map((key) => [key, rows.map((row) => fieldText(key, row[key], row))]);

let detail; // {kind, id, rows, transport, error} of the stream that is looked at

async function fetchDetail(signal) {
  const { kind, id } = route();
  if (!ID[kind]) return;
  const absent = (error) => { if (error.status === 404) return []; throw error; };
  const rows = await get(`/${kind}/${encodeURIComponent(id)}`, signal).catch(absent);
  const transportId = rows[0]?.transportId;
  const [transport] = transportId ? await get(`/transports/${encodeURIComponent(transportId)}`, signal).catch(absent) : [];
  if (route().id === id) detail = { kind, id, rows, transport };
}

function makeStreamPage(kind, id) {
  const heading = make('h1', { tabIndex: -1 }, make('bdi')), path = make('p', { className: 'path' }), tiles = makeTiles();
  const appData = makeFields('appData', 'Key'), fields = makeFields('Fields', 'Field'), transport = makeFields('Its transport', 'Field');
  const table = makeStreamsTable('Its consumers');
  const page = { elements: [heading, path, tiles, fields, appData, table.element, transport], title: `${kind.slice(0, -1)} ${shortId(id)}` };
  page.paint = () => {
    const stream = firstStream(kind, id);
    const current = detail?.kind === kind && detail.id === id ? detail : undefined;
    const siblings = [...streams.values()].filter((one) => one.kind === kind && one.id === id);
    say(heading.firstChild, stream ? `${cut(peerOf(stream))} ${kind === 'consumers' ? `← ${cut(sourceOf(stream) ?? '?')}` : 'sends'} ${clean(stream.facts.kind ?? '')}` : `${kind.slice(0, -1)} ${cut(clean(id))}`);
    paintPath(stream, current);
    tiles.hidden = !stream;
    const sum = emptySum();
    siblings.forEach((one) => add(sum, one));
    settle(sum);
    const one = siblings.length === 1 ? siblings[0] : undefined;
    if (stream) tiles.update({ Bitrate: rateLook(sum.sent + sum.received, one?.rates), Loss: lossLook(sum.loss, one?.losses), Score: sum.paused === siblings.length ? { text: 'paused', level: 'quiet' } : scoreLook(sum.score, one?.scores), 'Round trip': { text: millis(stream.row.roundTripTime) } });
    const rows = current?.rows ?? [];
    fields.update(rows.map((row) => clean(row.rid ? `rid ${row.rid}` : row.ssrc ? `ssrc ${row.ssrc}` : 'value')), fieldEntries(rows));
    appData.update(['Value', 'From'], [...(stream?.appData ?? [])].map(([key, [value, from]]) => [key, [[asText(value)], [from === 'stream' ? kind.slice(0, -1) : from]]]));
    transport.update(['Value'], current?.transport ? fieldEntries([current.transport]) : []);
    table.element.hidden = kind !== 'producers';
    const terms = words();
    if (kind === 'producers') table.update([...streams.values()].filter((each) => each.kind === 'consumers' && each.facts.producerId === id && matches(each.hay, terms)), nothing());
  };
  function paintPath(stream, current) {
    const room = rooms.get(stream?.roomKey), source = stream && kind === 'consumers' && firstStream('producers', stream.facts.producerId);
    const key = join(stream?.key, room?.href, source?.id, current?.rows.length);
    if (path.key === key) return;
    path.key = key;
    path.replaceChildren(...(stream ? [make('bdi', { textContent: `${kind.slice(0, -1)} ${clean(id)}` })] : [current ? 'There is no such stream now: it is closed, or has not been seen for two intervals.' : polls ? 'Loading' : '']),
      ...(room ? [' · room ', make('a', { href: room.href }, make('bdi', { textContent: room.title }))] : []),
      ...(source ? [' · from ', make('a', { href: streamHref('producers', source.id) }, make('bdi', { textContent: `producer ${shortId(source.id)}` }))] : []));
  }
  return page;
}

/* --- routes --- */

const decode = (part) => { try { return decodeURIComponent(part); } catch { return part; } };
function route() {
  const [, name, ...parts] = location.hash.split('/');
  const [first = '', second = '', ...rest] = parts.map(decode);
  if (name === 'room' && rest.length) return { name, args: [first, second, rest.join('/')] };
  if (name === 'stream' && ID[first] && second) return { name, kind: first, id: second, args: [first, second] };
  return { name: 'overview', args: [] };
}

const makers = { overview: makeOverview, room: makeRoomPage, stream: makeStreamPage };
let page, pageHash;

function show() {
  const { name, args, kind } = route();
  const hash = JSON.stringify([name, args]);
  if (hash === pageHash) return;
  const isFirst = pageHash === undefined;
  pageHash = hash;
  page = makers[name](...args);
  main.replaceChildren(...page.elements);
  document.title = `${clean(page.title)} – mediasoup`;
  render();
  if (isFirst) return;
  window.scrollTo(0, 0);
  main.querySelector('h1').focus();
  if (kind) fetchDetail(AbortSignal.timeout(TIMEOUT)).then(render, (error) => { failure = error.message; render(); });
}

/* --- state --- */

function ageNow() { return age ? age.value + (performance.now() - age.at) / 1000 : NaN; }

function state() {
  if (paused) return ['paused', 'Paused'];
  if (failure) return ['error', failure];
  if (!polls && !gone) return ['empty', 'Loading'];
  if (!everRows) return ['empty', 'collectd answers, but has no rows yet'];
  if (gone || ageNow() * 1000 > Math.max(15000, 3 * interval)) return ['stale', 'collectd answers, but no new rows come'];
  return ['live', 'Live'];
}

function paintState() {
  const [name, text] = state();
  mark(document.body, 'data-state', name);
  say(byId('status'), text);
  const retry = name === 'error' && !running ? `next try in ${Math.max(0, Math.ceil((nextTry - performance.now()) / 1000))} s` : '';
  say(byId('age'), [known(ageNow()) ? `last rows ${span(ageNow())} old` : name === 'empty' && polls ? 'Is the plugin mediasoup loaded, and the application running?' : '', retry].filter(Boolean).join(' · '));
}

function render() {
  firsts = undefined;
  if (totals) page.paint();
  paintState();
}

/* --- controls --- */

byId('pause').addEventListener('click', () => {
  paused = !paused;
  mark(byId('pause'), 'aria-pressed', String(paused));
  if (paused) halt();
  else poll();
  paintState();
});

document.querySelector('.skip').addEventListener('click', (event) => { event.preventDefault(); main.focus(); });

let typing;
filter.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(render, streams.size > 2000 ? 200 : 0); });
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === '/' && event.target !== filter) { event.preventDefault(); filter.focus(); filter.select(); }
  if (event.key === 'Escape' && filter.value) { event.preventDefault(); filter.value = ''; render(); }
});

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const storage = (act) => { try { return act(localStorage); } catch { return null; } }; // may be forbidden
const isDark = () => (document.documentElement.dataset.theme ?? (prefersDark.matches ? 'dark' : 'light')) === 'dark';
function paintTheme() { const other = isDark() ? 'Light' : 'Dark'; say(byId('theme'), other); mark(byId('theme'), 'aria-label', `${other} colours`); }
const theme = storage((kept) => kept.getItem('theme'));
if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
byId('theme').addEventListener('click', () => {
  const next = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  storage((kept) => kept.setItem('theme', next));
  paintTheme();
});
prefersDark.addEventListener('change', paintTheme);

document.addEventListener('visibilitychange', () => { if (document.hidden) halt(); else poll(); });
window.addEventListener('hashchange', show);
setInterval(() => { if (!document.hidden) paintState(); }, 1000);
paintTheme();
show();
poll();
