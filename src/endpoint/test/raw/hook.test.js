// SPDX-License-Identifier: MIT
'use strict';

// The class Channel of a mediasoup that is made of files of the test's.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { test } = require('node:test');
const { types } = require('util');
const { folderOf, watchChannels } = require('../../lib/raw/hook');
const { temporaryFolder } = require('../helpers/application');
const { copyOf } = require('../helpers/installed');

const CHANNEL = `
  exports.Channel = class Channel {
    constructor({ pid }) { this.pid = pid; }
  };`;

// Loads a mediasoup with this Channel.js, and returns the folder of its library and what it exports.
function load(channel) {
  const folder = path.join(temporaryFolder(), 'node_modules/mediasoup/node/lib');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'index.js'), copyOf('3.19.0'));
  fs.writeFileSync(path.join(folder, 'Channel.js'), channel);
  const holder = require(path.join(folder, 'Channel.js'));
  return { folder, holder, mediasoup: require(path.join(folder, 'index.js')) };
}

test('the folder of a mediasoup that was loaded', () => {
  const { folder, mediasoup } = load(CHANNEL);
  assert.strictEqual(folderOf(mediasoup), folder);
  assert.strictEqual(folderOf({ observer: mediasoup.observer }), folder, 'a namespace of it');
  assert.throws(() => folderOf({ observer: {} }), /the files of mediasoup are not known, it may have been bundled/);
});

test('channels are seen while they are watched, and are mediasoup\'s own', () => {
  const { folder, holder } = load(CHANNEL);
  const original = holder.Channel;
  const seen = [];
  const unwatch = watchChannels(folder, (argument) => seen.push(argument));
  const argument = { pid: 7 };
  const channel = new holder.Channel(argument);
  assert.strictEqual(seen[0], argument);
  assert.deepStrictEqual([channel.pid, channel instanceof original, Object.getPrototypeOf(channel)], [7, true, original.prototype]);
  class Special extends holder.Channel {}
  assert.ok(new Special({ pid: 8 }) instanceof Special);
  const { Channel: wrapped } = holder;
  unwatch();
  assert.strictEqual(holder.Channel, original);
  assert.strictEqual(new wrapped({ pid: 9 }).pid, 9);
  assert.deepStrictEqual(seen.map(({ pid }) => pid), [7, 8]);
});

test('a mistake of ours makes no difference to mediasoup', async () => {
  const { folder, holder } = load(CHANNEL);
  const unwatch = watchChannels(folder, () => { throw new Error('a bug'); });
  const warned = new Promise((resolve) => process.once('warning', resolve));
  assert.strictEqual(new holder.Channel({ pid: 7 }).pid, 7);
  assert.strictEqual((await warned).code, 'WARN_INTERNAL');
  unwatch();
});

test('what another tool has wrapped once more stays wrapped', () => {
  const { folder, holder } = load(CHANNEL);
  const unwatch = watchChannels(folder, () => assert.fail('watching is over'));
  const theirs = class extends holder.Channel {};
  holder.Channel = theirs;
  unwatch();
  assert.strictEqual(holder.Channel, theirs);
  assert.strictEqual(new holder.Channel({ pid: 7 }).pid, 7);
});

test('a module that is not as expected is refused, and left as it is', () => {
  const without = load('exports.Other = class {};');
  assert.throws(() => watchChannels(without.folder, () => {}), /mediasoup has no class Channel/);
  const fixed = load(`const Channel = class {}; Object.defineProperty(exports, 'Channel', { get: () => Channel, set() {} });`);
  assert.throws(() => watchChannels(fixed.folder, () => {}), /mediasoup's class Channel cannot be wrapped/);
  assert.ok(!types.isProxy(fixed.holder.Channel));
  assert.throws(() => watchChannels(temporaryFolder(), () => {}), /mediasoup has no class Channel/);
});
