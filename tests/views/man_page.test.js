// SPDX-License-Identifier: MIT
'use strict';

// collectd-write_mediasoup(5) names the paths and parameters that there are.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { WRITER, sectionOf } = require('../lib/man_page.js');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, snapshot } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');

const views = sectionOf(WRITER, 'VIEWS');
const paths = views.split('\n').filter((line) => /^\.(It )?Ic (GET )?\//.test(line)).flatMap((line) => line.match(/\/[a-z_]*/g));
const parameters = [...views.matchAll(/^\.It Ic ([a-z]\w*)( \. Ns Ar KEY)? Ns/gm)].map(([, name, key]) => name + (key ? '.KEY' : ''));
const errorOf = async (rig, url) => JSON.parse(text(await rig.ask(url))).error;

describe('collectd-write_mediasoup(5)', () => {
  let rig;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(oneOfEach('man'))));
    await rig.when('/consumers', (list) => list.length > 0);
  });
  after(() => rig?.close());

  test('names the paths that the plugin names, and each of them answers', async () => {
    const said = (await errorOf(rig, '/nothing')).split(';')[1].match(/\/[a-z_]*(?=[ ,]|$)/g).filter((path) => path !== '/<id>');
    assert.deepEqual([...new Set(paths)].sort(), [...new Set(said)].sort());
    const asked = (path) => (path === '/history' ? '/history?class=endpoint' : path); // as the page has it: it takes no less
    for (const path of paths.filter((name) => name !== '')) assert.equal((await rig.ask(asked(path))).status, 200, path);
  });

  test('names the parameters that the plugin names, and each of them is taken', async () => {
    const said = /there are (.*), and the names/.exec(await errorOf(rig, '/consumers?nonsense=1'))[1].split(', ');
    assert.deepEqual([...parameters].sort(), said.sort());
    for (const name of parameters) assert.equal((await rig.ask(`/consumers?${name}=${name === 'fields' ? 'kind' : 1}`)).status, 200, name);
  });
});
