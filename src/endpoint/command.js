#!/usr/bin/env node
// SPDX-License-Identifier: MIT
'use strict';

// The command `collectd-mediasoup`.

const { check, isSound, report } = require('./lib/check');
const { version } = require('./package.json');

const HELP = `collectd-mediasoup check [--json] [--user NAME] [SOCKET | URL]

Walks the road from a mediasoup application to collectd, and says what is in its way and what to do: whether the
socket is there and collectd's user may open it, whether the endpoint answers and keeps to the protocol, which
objects it has, and whether rooms and participants have names.

  SOCKET       path of the endpoint's Unix socket; %p in it stands for the process ids of several processes
  URL          such as http://127.0.0.1:4443, for an endpoint on a TCP port. COLLECTD_MEDIASOUP_TOKEN is the token that is
               sent; NODE_EXTRA_CA_CERTS names a file of certificates to trust beside the usual ones
               Without either: as COLLECTD_MEDIASOUP_SOCKET, _HOST and _PORT say, or /run/mediasoup/collectd.sock
  --user NAME  the user that collectd runs as, where the check does not find it running
  --json       the findings as JSON: [{ target, findings: [{ level, subject, text, cause, remedy }] }]

Ends with 0 when collectd can read the endpoint, with 1 when it cannot, with 2 when called wrongly. It asks for a few
snapshots, as collectd does, and changes nothing.
`;

// Says what is wrong with the arguments.
class UsageError extends Error {}

const FLAGS = { '--json': 'json', '--help': 'help', '-h': 'help', '--version': 'version' };

// Returns { names, json, help, version, user }; throws a UsageError for what it does not know.
function parse(args) {
  const options = { names: [] };
  const rest = [...args];
  while (rest.length > 0) {
    const argument = rest.shift();
    if (argument in FLAGS) options[FLAGS[argument]] = true;
    else if (argument === '--user' && rest.length > 0) options.user = rest.shift();
    else if (argument.startsWith('--user=')) options.user = argument.slice('--user='.length);
    else if (argument.startsWith('-')) throw new UsageError(`there is no option ${argument}`);
    else options.names.push(argument);
  }
  return options;
}

// Resolves with the exit code.
async function run(args, write = (text) => process.stdout.write(text)) {
  const { names, help, version: isVersion, json, user } = parse(args);
  if (help || isVersion) {
    write(help ? HELP : `${version}\n`);
    return 0;
  }
  const [command, given, ...others] = names;
  if (command !== 'check') throw new UsageError(command === undefined ? 'what is to be done?' : `there is no command ${command}`);
  if (others.length > 0) throw new UsageError('one socket or URL can be checked at a time');
  const results = await check(given, { user });
  write(json ? `${JSON.stringify(results, null, 2)}\n` : report(results));
  return isSound(results) ? 0 : 1;
}

async function main() {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError) && error.code !== 'ERR_INVALID_URL') throw error;
    process.stderr.write(`collectd-mediasoup: ${error.message}; see collectd-mediasoup --help\n`);
    process.exitCode = 2;
  }
}

main();
