// SPDX-License-Identifier: MIT
'use strict';

// What the browser keeps from visit to visit.

// A browser may refuse access to its storage.
function tryStorage(action) {
  try {
    return action(localStorage);
  } catch {
    return null;
  }
}
