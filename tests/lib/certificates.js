// SPDX-License-Identifier: MIT
'use strict';

// Certificates made by openssl: those that only their own key has signed, those of an authority, and expired ones.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { certificate } = require('../../src/endpoint/test/helpers/certificate');

const openssl = (...args) => execFileSync('openssl', args, { stdio: 'pipe' });

const sleep = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

// Makes FOLDER/NAME.key and FOLDER/NAME.pem, signed by `authority` (what certificate() or this returns) for so many
// `days`. With 0 it has expired when this returns: newer versions of openssl make none that ends before it begins.
// Returns { keyFile, certFile, key, cert }.
function signed(folder, authority, { name, names = 'DNS:localhost,IP:127.0.0.1', days = 2 }) {
  const file = (end) => path.join(folder, `${name}.${end}`);
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}`,
    '-keyout', file('key'), '-out', file('csr'));
  fs.writeFileSync(file('ext'), `subjectAltName=${names}\n`);
  openssl('x509', '-req', '-in', file('csr'), '-CA', authority.certFile, '-CAkey', authority.keyFile, '-CAcreateserial',
    '-days', String(days), '-extfile', file('ext'), '-out', file('pem'));
  if (days === 0) sleep(1100);
  return { keyFile: file('key'), certFile: file('pem'), key: fs.readFileSync(file('key')), cert: fs.readFileSync(file('pem')) };
}

module.exports = { certificate, signed };
