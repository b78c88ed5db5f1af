// SPDX-License-Identifier: MIT
'use strict';

// jest runs this before each of mediasoup's test files: the endpoint serves the mediasoup that the file will use, before
// its first worker, and closes after its last.

const path = require('path');
const { serve } = require('../../src/endpoint');

const { HARMLESS_LANE, HARMLESS_SOCKETS } = process.env;
const name = path.basename(expect.getState().testPath, '.js');
let endpoint;

beforeAll(async () => {
  const mediasoup = require(path.join(process.cwd(), 'node/lib'));
  endpoint = await serve({ mediasoup, socket: path.join(HARMLESS_SOCKETS, `${name}.sock`), lane: HARMLESS_LANE });
});

afterAll(() => endpoint.close());
