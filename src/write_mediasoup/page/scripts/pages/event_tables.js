// SPDX-License-Identifier: MIT
'use strict';

// The tables of what happened and of what has ended.

const EVENT_WORDS = {
  worker_died: 'worker died', application_restarted: 'application restarted', endpoint_down: 'endpoint down', endpoint_up: 'endpoint up',
  room_bad: 'room bad', room_good: 'room good', participant_bad: 'participant bad', participant_good: 'participant good',
  participant_lost: 'participant lost',
};
const SEVERITY_LEVELS = { failure: 'bad', warning: 'poor', okay: '' };
const EVENTS_AT_ONCE = 10;

const wordsOf = (kind) => EVENT_WORDS[kind] ?? clean(kind ?? '').replaceAll('_', ' ');

// The overview at that moment.
const momentHref = (time) => `#/?at=${Math.ceil(time)}`;

const placeHref = ({ host, room, participant }) => (participant === undefined
  ? roomHref(host, roomBy(host, room), room) : participantHref(host, roomBy(host, room), room, participant));

// What it is about: the participant, else the room, else the host.
function placeCell(row) {
  const { host, room, participant } = row;
  if (room === undefined) return { text: clean(host ?? NONE) };
  const name = cut(clean(participant ?? room), 60), small = participant === undefined ? '' : cut(clean(room), 60);
  return { text: name, small, href: placeHref(row), hint: hasSeveralHosts() ? clean(host) : undefined };
}

const eventsTable = new Table('What happened', [
  { title: 'When', value: ({ time }) => time, cell: ({ time }) => ({ text: clockText(time), href: momentHref(time), hint: 'Shows how it was then' }) },
  { title: 'Event', value: ({ kind }) => wordsOf(kind), cell: ({ kind, severity }) => ({ text: wordsOf(kind), level: SEVERITY_LEVELS[severity] }) },
  { title: 'Subject', value: (event) => placeCell(event).text, cell: placeCell },
  { title: 'Details', isWide: true, value: ({ text }) => text ?? '',
    cell: ({ text, remedy }) => ({ text: clean(text ?? ''), small: remedy ? `What to do: ${clean(remedy)}` : '' }) },
], { sortedBy: 'When', descending: true, step: EVENTS_AT_ONCE });

const endedTable = new Table('Recently ended', [
  { title: 'When', value: ({ ended }) => ended, cell: ({ ended }) => ({ text: clockText(ended), href: momentHref(ended - 1), hint: 'Shows how it was just before' }) },
  { title: 'Subject', value: (row) => placeCell(row).text, cell: placeCell },
  { title: 'How', value: ({ outcome }) => outcome ?? '',
    cell: ({ outcome }) => ({ text: clean(outcome ?? NONE), level: ['lost', 'restarted'].includes(outcome) ? 'poor' : '' }) },
  { title: 'Lasted', isNumber: true, isWide: true, value: ({ duration }) => duration,
    cell: ({ duration }) => ({ text: isKnown(duration) ? durationText(duration) : NONE }) },
  { title: 'Uplink', hint: 'What mediasoup received', isNumber: true, isWide: true, value: (row) => row.bytesReceived, cell: (row) => ({ text: bytesText(row.bytesReceived) }) },
  { title: 'Downlink', hint: 'What mediasoup sent', isNumber: true, isWide: true, value: (row) => row.bytesSent, cell: (row) => ({ text: bytesText(row.bytesSent) }) },
  { title: 'Worst loss', isNumber: true, isWide: true, value: (row) => row.worstLossRatio,
    cell: (row) => ({ text: percentText(row.worstLossRatio), level: lossLevel(row.worstLossRatio) }) },
  { title: 'Bad for', isNumber: true, value: (row) => row.secondsBad,
    cell: ({ secondsBad }) => ({ text: isKnown(secondsBad) ? durationText(secondsBad) : NONE, level: secondsBad > 0 ? 'poor' : 'quiet' }) },
], { sortedBy: 'When', descending: true, step: EVENTS_AT_ONCE });

const keyedEvents = (events) => events.map((event) => ({ ...event, key: keyOf(event.host, event.number, event.time, event.kind) }));
const keyedEnded = (rows) => rows.map((row) => ({ ...row, key: keyOf(row.host, row.endpoint, row.room, row.participant, row.began, row.ended) }));
