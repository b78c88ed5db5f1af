// SPDX-License-Identifier: MIT
'use strict';

// The option `tls`: a certificate and its key. They are tried out here, so that a mistake shows at the start.

const { EndpointError, reason } = require('../common/errors');

// What https.createServer() takes and what can be sent to the raw lane's thread.
const MEMBERS = ['key', 'cert', 'passphrase', 'ciphers', 'minVersion', 'maxVersion'];

const isBytes = (value) => (typeof value === 'string' && value !== '') || (ArrayBuffer.isView(value) && value.byteLength > 0);
const isText = (value) => value === undefined || typeof value === 'string';

// Whether it is { key, cert } and nothing that we do not know: a member such as `requestCert`, if it were ignored,
// would let in those whom it is to keep out.
function isTls(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { key, cert, ...others } = value;
  return isBytes(key) && isBytes(cert) && Object.keys(others).every((name) => MEMBERS.includes(name) && isText(others[name]));
}

// Returns a copy that the endpoint can serve with. Throws an EndpointError.
function usable(tls) {
  // Only here: most endpoints do without TLS, and it takes long to load.
  const { createSecureContext } = require('tls');
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new EndpointError(
      'ERR_OPTION_INVALID',
      `option "tls" cannot be used: ${reason(error)}; pass a certificate in PEM and the key that belongs to it: ` +
        "{ key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') }"
    );
  }
  return { ...tls };
}

module.exports = { isTls, TLS_WANTED: `{ key, cert } in PEM, and at most ${MEMBERS.slice(2).join(', ')} beside them`, usable };
