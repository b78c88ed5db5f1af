// SPDX-License-Identifier: MIT
'use strict';

// Whether the socket is there, whose it is, and whether somebody listens on it.

const fs = require('fs');
const net = require('net');
const path = require('path');
const { userName } = require('./accounts');
const { failure, ok } = require('./finding');
const { checkReader, described } = require('./reader');

const KNOCK_MS = 5000;

// Resolves with undefined when somebody listens, else with the code of the system's error.
function knock(socket) {
  return new Promise((resolve) => {
    const client = net.connect({ path: socket });
    const done = (code) => {
      client.destroy();
      resolve(code);
    };
    client.setTimeout(KNOCK_MS, () => done('ETIMEDOUT'));
    client.once('connect', () => done(undefined));
    client.once('error', (error) => done(error.code));
  });
}

function socketsIn(folder) {
  try {
    const files = fs.readdirSync(folder, { withFileTypes: true });
    return files.filter((file) => file.isSocket()).map((file) => path.join(folder, file.name));
  } catch (error) {
    return [];
  }
}

function missing(socket) {
  const folder = path.dirname(socket);
  const text = `there is no ${socket}`;
  if (!fs.existsSync(folder)) {
    return failure('socket', text, `the folder ${folder} is missing, so nothing has served there since it was removed or the machine started`,
      'start the application with serve(); its user must be able to make the folder (systemd: RuntimeDirectory=)');
  }
  const others = socketsIn(folder);
  if (others.length > 0) {
    return failure('socket', text, `${folder} has ${others.join(', ')}`, 'pass one of those, or a path with %p in the place of the process id');
  }
  return failure('socket', text, 'no endpoint listens there: the application does not run, has not called serve(), or was given another path',
    'look into the application\'s log for warnings of collectd-mediasoup, and pass the path that serve() was given');
}

const DEAF = {
  ECONNREFUSED: ['the process that made it has ended and left the file', 'start the application; it replaces the file. Where other processes serve beside it, they remove it within seconds'],
  EACCES: [
    `the user ${userName(process.getuid ? process.getuid() : 0)}, as whom this check runs, may not open it`,
    'run the check as root, or as a user in the socket\'s group',
  ],
  ETIMEDOUT: ['its process does not accept connections', 'see whether the process is stopped or its event loop blocked'],
};

function deaf(socket, code) {
  const [cause, remedy] = DEAF[code] || [`the system says ${code}`, 'see whether the application runs'];
  return failure('socket', `nobody can be reached at ${socket}`, cause, remedy);
}

function look(socket) {
  try {
    return { status: fs.statSync(socket) };
  } catch (error) {
    if (error.code === 'ENOENT') return { finding: missing(socket) };
    return { finding: failure('socket', `${socket} cannot be looked at`, error.message, 'run the check as root') };
  }
}

// Resolves with the findings about a socket's file. Without a failure of the subject `socket` it can be asked.
async function checkSocket(socket, user) {
  const { status, finding } = look(socket);
  if (finding !== undefined) return [finding];
  if (!status.isSocket()) {
    return [failure('socket', `${socket} is no socket`, 'it is another kind of file', 'pass the path that serve() was given')];
  }
  const findings = [ok('socket', `${socket} belongs to ${described(status)}`), checkReader(socket, user)];
  const code = await knock(socket);
  return code === undefined ? findings : [...findings, deaf(socket, code)];
}

module.exports = { checkSocket };
