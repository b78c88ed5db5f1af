// SPDX-License-Identifier: MIT
'use strict';

// The overview: totals, the worst participants, rooms, workers and the application, what happened and what has ended. The tables are
// made only once, to keep the chosen order.

// A room of the past has no streams, but counts of them.
const streamCount = (room) => room.streams.length || room.producers + room.consumers;

function roomCell(room) {
  const count = streamCount(room), streams = countText(count, 'stream');
  const matching = room.matches < count ? `${numberText(room.matches)} of ${streams} match` : streams;
  const bad = room.bad ? `${numberText(room.bad)} bad` : '', silent = countOf(room, 'silent');
  const silentText = silent ? `${numberText(silent)} silent` : '';
  const [nameless, hint] = room.isRouter ? ['no name in appData', ROUTER_HINT] : [];
  const causes = causesText(room);
  const small = joinTexts(hasSeveralHosts() ? room.host : '', nameless, matching, bad, silentText, causes && `by cause: ${causes}`);
  return { text: room.title, href: room.href, hint, small };
}

const roomsTable = new Table('Rooms', [
  { title: 'Room', value: (room) => room.title, cell: roomCell },
  { title: 'Uplink', hint: HINTS.received, isNumber: true, isWide: true,
    value: (room) => room.received, cell: (room) => bitrateCell(room.received, lineCell(room, 1)) },
  { title: 'Downlink', hint: HINTS.sent, isNumber: true,
    value: (room) => room.sent, cell: (room) => bitrateCell(room.sent, lineCell(room, 0)) },
  { title: 'Loss', hint: HINTS.loss, isNumber: true,
    value: (room) => room.loss, cell: (room) => lossCell(room.loss, lineCell(room, 2)) },
  { title: 'Score', hint: HINTS.score, isNumber: true, lowFirst: true, compare: compareTrouble,
    value: (room) => room.score, cell: (room) => scoreCell(room.score, room.bad > 0, lineCell(room, 3)) },
  { title: 'Consumers', isNumber: true, isWide: true,
    value: (room) => room.consumers, cell: (room) => countCell(room.consumers) },
  { title: 'Producers', isNumber: true, isWide: true,
    value: (room) => room.producers, cell: (room) => countCell(room.producers) },
  { title: 'Paused', isNumber: true, isWide: true,
    value: (room) => countOf(room, 'paused'), cell: (room) => ({ ...countCell(countOf(room, 'paused')), level: 'quiet' }) },
], { sortedBy: 'Score', level: (room) => (room.bad ? 'bad' : '') });

function processCell(worker) {
  const host = hasSeveralHosts() ? worker.host : '';
  return { text: workerName(worker), small: joinTexts(host, `pid ${worker.pid ?? '?'}`) };
}

function workerStateCell(worker) {
  if (worker.silent) return { text: 'not responding', level: 'bad', hint: 'Its other figures are the last known ones' };
  return { text: worker.application ? NONE : 'responding' };
}

function cpuCell(worker) {
  const { cpuRatio } = worker;
  const level = cpuRatio >= 0.85 ? 'bad' : cpuRatio >= 0.7 ? 'poor' : '';
  return { text: percentText(cpuRatio), ...lineCell(worker, 0), top: 1, level };
}

const workersTable = new Table('Workers and the application', [
  { title: 'Process', value: workerName, cell: processCell },
  { title: 'State', value: (worker) => (worker.silent ? 0 : worker.application ? 2 : 1), cell: workerStateCell },
  { title: 'CPU', hint: 'Share of one CPU core', isNumber: true, value: (worker) => worker.cpuRatio, cell: cpuCell },
  { title: 'Memory', hint: 'Resident memory', isNumber: true,
    value: (worker) => worker.residentMemory, cell: (worker) => ({ text: bytesText(worker.residentMemory) }) },
  { title: 'Channel', hint: 'Time from a request to the worker until its answer', isNumber: true, isWide: true,
    value: (worker) => worker.channelRoundTripSeconds,
    cell: (worker) => ({ text: millisecondsText(worker.channelRoundTripSeconds * 1000) }) },
  { title: 'Routers', isNumber: true, isWide: true,
    value: (worker) => worker.routers, cell: (worker) => countCell(worker.routers) },
  { title: 'Producers', isNumber: true, isWide: true,
    value: (worker) => worker.producers, cell: (worker) => countCell(worker.producers) },
  { title: 'Consumers', isNumber: true, isWide: true,
    value: (worker) => worker.consumers, cell: (worker) => countCell(worker.consumers) },
], { sortedBy: 'State', level: (worker) => (worker.silent ? 'bad' : '') });

// Returns the rooms that match, or that have streams that match. Sets `matches`, the number of these streams.
function roomsThatMatch(words) {
  return [...shownModel().rooms.values()].filter((room) => {
    const isMatch = hasWords(room.searchText, words);
    room.matches = isMatch ? streamCount(room) : streamsThatMatch(room, words).length;
    return isMatch || room.matches > 0;
  });
}

const worstTable = makeWorstTable();
const rowsThatMatch = (rows, words) => rows.filter((row) => hasWords(JSON.stringify(row).toLowerCase(), words));

class OverviewPage {
  title = 'Overview';
  #tiles = new Tiles();
  elements = [
    makeElement('h1', { textContent: 'Overview', tabIndex: -1 }),
    this.#tiles.element, worstTable.element, roomsTable.element, workersTable.element, eventsTable.element, endedTable.element,
  ];

  paint() {
    const { totals, workers, worst } = shownModel(), words = filterWords();
    this.#tiles.update(sumCells(totals));
    const matching = participantsThatMatch(worst, words);
    worstTable.element.hidden = matching.length === 0;
    worstTable.update(matching, 'none');
    roomsTable.update(roomsThatMatch(words), emptyListNote());
    workersTable.update(workers, 'none');
    this.#paintEvents(words);
  }

  #paintEvents(words) {
    eventsTable.element.hidden = absentPaths.has('/events');
    const until = past.at ?? Infinity;
    eventsTable.update(keyedEvents(rowsThatMatch(model.events, words).filter(({ time }) => time <= until)), emptyListNote());
    endedTable.element.hidden = absentPaths.has('/ended');
    endedTable.update(keyedEnded(rowsThatMatch(model.ended, words).filter(({ ended }) => ended <= until)), emptyListNote());
  }
}
