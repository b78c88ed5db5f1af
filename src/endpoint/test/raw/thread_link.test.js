// SPDX-License-Identifier: MIT
'use strict';

// The main thread's link to the raw lane's thread.

const assert = require('assert');
const path = require('path');
const { test } = require('node:test');
const { ThreadLink } = require('../../lib/raw/thread_link');

const fakeThread = path.join(__dirname, '../helpers/fake_thread.js');

test('what cannot be posted to the thread is a doubt, not an exception', async () => {
  for (const post of [(link) => link.ask({ kind: 'proof', bytes: () => {} }), (link) => link.tell({ bytes: () => {} })]) {
    const doubts = [];
    const link = new ThreadLink('', { ready() {}, doubt: (why) => doubts.push(why) }, fakeThread);
    const said = await post(link);
    if (said !== undefined) assert.match(said.doubt, /thread is gone/);
    assert.match(doubts.join(), /^its thread failed: .*could not be cloned/);
    assert.strictEqual(link.open, false);
    await link.ended;
  }
});
