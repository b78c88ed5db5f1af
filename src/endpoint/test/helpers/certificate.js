// SPDX-License-Identifier: MIT
'use strict';

// Certificates that nobody has signed but their own key, made by openssl.

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

// Makes FOLDER/NAME.key and FOLDER/NAME.pem for these names (`DNS:localhost`, `IP:127.0.0.1`). Returns
// { keyFile, certFile, key, cert }.
function certificate(folder, { name = 'own', names = 'DNS:localhost,IP:127.0.0.1', days = 2 } = {}) {
  const [keyFile, certFile] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', String(days),
    '-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`, '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' });
  return { keyFile, certFile, key: fs.readFileSync(keyFile), cert: fs.readFileSync(certFile) };
}

module.exports = { certificate };
