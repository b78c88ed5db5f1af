// SPDX-License-Identifier: MIT
'use strict';

// Takes packets of chosen transports away: nftables drops them on arrival, in the network namespace that `run` made. Both ends are
// in it, and a transport is told by its port of the worker.

const { execFileSync } = require('node:child_process');

const nft = (text) => execFileSync('nft', ['-f', '-'], { input: text });

let rules = 0;

// Where the worker listens for a WebRTC transport, or for a plain one.
const endsOf = ({ iceCandidates, tuple }) => iceCandidates ?? [{ protocol: 'udp', port: tuple.localPort }];

// Drops `share` (0..1) of the packets over `protocols` from and to `transports`; "in" or "out" alone are seen from the worker.
// Answers a function that ends it.
function lose(transports, { share = 1, protocols = ['udp', 'tcp'], directions = ['in', 'out'] } = {}) {
  const table = `inet lost${rules += 1}`;
  const some = share < 1 ? `numgen random mod 1000 < ${Math.round(share * 1000)} ` : '';
  const lines = transports.flatMap(endsOf).filter(({ protocol }) => protocols.includes(protocol))
    .flatMap(({ protocol, port }) => directions.map((direction) => `${protocol} ${direction === 'in' ? 'dport' : 'sport'} ${port} ${some}drop`));
  nft(`table ${table} {\n chain arrival {\n type filter hook input priority 0;\n ${lines.join('\n ')}\n }\n}\n`);
  return () => nft(`delete table ${table}\n`);
}

module.exports = { lose };
