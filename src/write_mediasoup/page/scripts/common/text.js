// SPDX-License-Identifier: MIT
'use strict';

// Turns values into text. Text that comes from applications passes through `clean` or `asText` before it is shown.

const NONE = '–'; // stands for a value that is not known

const isKnown = (value) => typeof value === 'number' && Number.isFinite(value);
const isTrue = (value) => value === true || value === 'true';

// Makes a key of several values.
const keyOf = (...parts) => parts.join('\n');

const cut = (text, length = 80) => (text.length > length ? `${text.slice(0, length)}…` : text);
const shortId = (id) => String(id ?? '').slice(0, 8);

// Shows control characters as symbols, and replaces halves of surrogate pairs.
function clean(value) {
  const symbol = (c) => String.fromCharCode(c === '\x7f' ? 0x2421 : 0x2400 + c.charCodeAt(0));
  return String(value).replace(/[\0-\x1f\x7f]/g, symbol).replace(/\p{Cs}/gu, '\ufffd');
}

const asText = (value) => clean(typeof value === 'object' && value ? JSON.stringify(value) : value);

// The same, but undefined for an empty value.
const optionalText = (value) => (value === undefined || value === null || value === '' ? undefined : asText(value));

const joinTexts = (...texts) => texts.filter(Boolean).join(' · ');

/* --- numbers: NONE if not known --- */

const numberText = (value) => (isKnown(value) ? value.toLocaleString('en') : NONE);
const countText = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

// Takes the largest unit that keeps the number at 1 or above, and shows three digits.
function scaledText(value, step, units) {
  if (!isKnown(value)) return NONE;
  let at = 0;
  while (Math.abs(value) >= step * 0.9995 && at < units.length - 1) {
    value /= step;
    at += 1;
  }
  const digits = at === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[at]}`;
}

const bitrateText = (value) => scaledText(value, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
const bytesText = (value) => scaledText(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);

function percentText(ratio) {
  if (!isKnown(ratio)) return NONE;
  if (ratio > 0 && ratio < 0.0005) return '< 0.1 %';
  return `${(ratio * 100).toFixed(ratio > 0 && ratio < 0.0995 ? 1 : 0)} %`;
}

const millisecondsText = (ms) => (isKnown(ms) ? `${ms.toFixed(ms < 10 && ms % 1 ? 1 : 0)} ms` : NONE);

function durationText(seconds) {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

// The time of day, and the date if it is another day's.
function clockText(ms) {
  const date = new Date(ms), time = date.toLocaleTimeString('en-GB');
  return date.toDateString() === new Date().toDateString() ? time : `${date.toLocaleDateString('en-CA')} ${time}`;
}
