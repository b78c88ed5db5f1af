// SPDX-License-Identifier: MIT
'use strict';

// What collectd's plugin `exec` is told of notifications: a program that keeps each of them in a file of its own.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { STOCK_PLUGIN_DIR } = require('../lib/collectd.js');

// exec runs nothing as root.
const user = () => (process.getuid() === 0 ? 'nobody' : os.userInfo().username);

// "Key: value" lines, an empty line, the message.
function parsed(note) {
  const end = note.indexOf('\n\n');
  const head = note.slice(0, end).split('\n').map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  return { ...Object.fromEntries(head), message: note.slice(end + 2).trimEnd() };
}

// Writes the program into `folder`. Answers { configuration, notifications }: the text that loads exec with it, and a
// function that returns what it was told so far, in no order.
function execSink(folder) {
  const program = path.join(folder, 'told'), kept = path.join(folder, 'told.d');
  fs.chmodSync(folder, 0o755);
  fs.mkdirSync(kept);
  fs.chmodSync(kept, 0o777);
  fs.writeFileSync(program, `#!/bin/sh\nfile=$(mktemp '${kept}/new.XXXXXXXX') && cat >"$file" && mv "$file" "\${file}.whole"\n`, { mode: 0o755 });
  const whole = () => fs.readdirSync(kept).filter((name) => name.endsWith('.whole'));
  return {
    configuration: `PluginDir "${STOCK_PLUGIN_DIR}"\nLoadPlugin exec\n<Plugin exec>\n  NotificationExec "${user()}" "${program}"\n</Plugin>`,
    program,
    notifications: () => whole().map((name) => parsed(fs.readFileSync(path.join(kept, name), 'utf8'))),
  };
}

module.exports = { execSink, parsed, user };
