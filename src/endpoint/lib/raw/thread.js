'use strict';

// The thread of the raw lane. A batch comes in: the worker's answers as it sent them, and the text
// the main thread has for each row. The rows' bytes go out, or what was in doubt.

const { parentPort, workerData } = require('worker_threads');
const { TextEncoder } = require('util');
const { reason } = require('../errors');
const { answeredRows, CLASS_OF, refusedRow, silentRow } = require('../rows');
const { Decoder, KINDS, UNANSWERED, UNASKED } = require('./decoder');

// The type of answer by decoder, as it was when the answers were compared.
const bodyTypes = new Map();

async function rowsOf(decoder, kind, code, shared, response) {
  if (code === UNASKED) return [silentRow(shared)];
  if (code === UNANSWERED) return [refusedRow(shared, 'deadline')];
  if (response === undefined) throw new Error('an answer is missing');
  if (!response.accepted()) return [refusedRow(shared, response.reason())];
  if (response.bodyType() !== bodyTypes.get(code)) throw new Error('an answer is of another type');
  return answeredRows(kind, shared, await decoder.stats(code, response));
}

// What the main thread knows of the nodes' rows, by their numbers.
const texts = new Map();

function learn({ gone, changed, lines }) {
  for (const number of gone) texts.delete(number);
  if (changed.length === 0) return;
  const list = lines.split('\n');
  changed.forEach((number, i) => texts.set(number, list[i]));
}

// The ids of those that were asked follow each other, beginning with `first`. A node without a number is left out.
async function render(decoder, message) {
  learn(message);
  const { first, codes, kinds, numbers } = message;
  const answers = new Map(decoder.answers(message.bytes));
  const counts = {};
  let text = '';
  let id = first;
  for (let i = 0; i < codes.length; i += 1) {
    const response = answers.get(id);
    if (codes[i] !== UNASKED) id += 1;
    if (numbers[i] === 0) continue;
    const kind = KINDS[kinds[i]];
    const rows = await rowsOf(decoder, kind, codes[i], texts.get(numbers[i]), response);
    counts[CLASS_OF[kind]] = (counts[CLASS_OF[kind]] || 0) + rows.length;
    for (const row of rows) text += row;
  }
  return { rows: new TextEncoder().encode(text), counts };
}

// A single answer as JSON, to be compared with getStats().
async function decode(decoder, { code, bytes }) {
  const [[, response]] = decoder.answers(bytes);
  bodyTypes.set(code, response.bodyType());
  return { stats: JSON.stringify(await decoder.stats(code, response)) };
}

function serve() {
  const decoder = new Decoder(workerData.folder);
  let last = Promise.resolve();
  parentPort.on('message', (message) => {
    const work = message.proof ? decode : render;
    last = last
      .then(() => work(decoder, message))
      .catch((error) => ({ doubt: reason(error) }))
      .then((result) => {
        const transfer = result.rows ? [result.rows.buffer] : [];
        parentPort.postMessage({ number: message.number, ...result }, transfer);
      });
  });
  parentPort.postMessage({ number: 0, methods: decoder.methods });
}

serve();
