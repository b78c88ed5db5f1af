// SPDX-License-Identifier: MIT
'use strict';

// Keeps what trials have found, as soon as it is known: in a folder, where there is one, so that a run that is cut short has lost nothing, and
// several runs make one table. results.jsonl has a line a trial, NAME-NUMBER.json the rows that it has read.

const fs = require('node:fs');
const path = require('node:path');

class Results {
  // `folder` may be ''. It is made, and what is in it counts too.
  constructor(folder) {
    this.folder = folder;
    this.all = [];
    if (!folder) return;
    fs.mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, 'results.jsonl');
    if (fs.existsSync(this.file)) this.all = fs.readFileSync(this.file, 'utf8').trimEnd().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  // `results` as doAll() hands them over.
  add(results) {
    for (const { trial: { name }, readings, ...found } of results) {
      const result = { name, at: new Date().toISOString(), ...found };
      this.all.push(result);
      if (this.folder) this.#write(result, readings);
    }
  }

  #write(result, readings) {
    const number = this.all.filter(({ name }) => name === result.name).length;
    fs.writeFileSync(path.join(this.folder, `${result.name}-${number}.json`), JSON.stringify(readings));
    fs.appendFileSync(this.file, `${JSON.stringify(result)}\n`);
  }
}

module.exports = { Results };
