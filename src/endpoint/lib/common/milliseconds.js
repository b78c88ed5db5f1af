// SPDX-License-Identifier: MIT
'use strict';

// Milliseconds as rows show them: to the microsecond.
const milliseconds = (value) => Math.round(value * 1000) / 1000;

module.exports = { milliseconds };
