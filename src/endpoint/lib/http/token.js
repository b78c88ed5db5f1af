// SPDX-License-Identifier: MIT
'use strict';

// The secret that readers have to send, where the application has set one.

const { createHash, timingSafeEqual } = require('crypto');

const BEARER = /^Bearer +(\S+) *$/i;

const digest = (text) => createHash('sha256').update(text).digest();

// Whether the request has the token in its header Authorization. Takes the same time wherever the two differ, so
// that no token can be guessed letter by letter. Without a token, everybody may read.
function hasToken(req, token) {
  if (token === undefined) return true;
  const [, given] = BEARER.exec(req.headers.authorization || '') || [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

module.exports = { hasToken };
