// SPDX-License-Identifier: MIT
'use strict';

// The types, as TypeScript finds and reads them in each kind of project: the oldest version that knows NodeNext, the
// one most in use, and the newest.

const { test, before } = require('node:test');
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { application, ENVIRONMENT, write } = require('./application.js');

// What is right, and after each `@ts-expect-error` what is not.
const USE = `
async function main() {
  const onSocket: Endpoint = await serve();
  const path: string | undefined = onSocket.socket;
  await serve({ socket: '/run/mediasoup/collectd.sock', mode: 0o660, lane: 'raw', deadline: 1000, window: 8, appData: ['roomId'] });
  const onPort = await serve({ port: 0, host: '127.0.0.1', appData: (appData, { class: kind, id }) => ({ kind, id, room: appData.roomId }) });
  const port: number | undefined = onPort.port;
  if (onPort.listening) await onPort.close();
  const options: ServeOptions = { appData: () => undefined };
  serve(options).catch((error) => { if (error instanceof EndpointError && error.code === 'ERR_WORKERS_EXIST') console.log(path, port, version); });
  const began: Endpoint | undefined = endpoint();
  for (const { worker, pid, slot, routers, transports, producers, consumers, responding, cpu = 0, at = 0, roundTrip = 0, roundTripAt = 0 } of began ? began.workers() : []) {
    const sum: number = pid + slot + routers + transports + producers + consumers + cpu + at + roundTrip + roundTripAt;
    const answers: boolean = responding;
    worker.createRouter({ sum, answers });
  }
  const [least] = onSocket.workers<{ createRouter(options: object): Promise<string> }>();
  const router: string | undefined = least && (await least.worker.createRouter({}));
  const load: WorkerFigures[] = onSocket.workers().filter(({ consumers }) => consumers < 500);
  console.log(router, load);
  // @ts-expect-error
  const share: number = load[0]!.cpu;
  // @ts-expect-error
  onSocket.workers()[0]!.load;
  // @ts-expect-error
  onSocket.workers<{ pid: number }>()[0]!.worker.createRouter();
  // @ts-expect-error
  endpoint().workers();
  // @ts-expect-error
  await serve({ socket: 1 });
  // @ts-expect-error
  await serve({ host: '127.0.0.1' });
  // @ts-expect-error
  await serve({ socket: '/s', port: 1 });
  // @ts-expect-error
  await serve({ lane: 'fast' });
  // @ts-expect-error
  await serve({ sokcet: '/s' });
  // @ts-expect-error
  onSocket.listening = true;
}
main();
`;
const IMPORTED = `import { serve, endpoint, EndpointError, version } from 'collectd-mediasoup';
import type { Endpoint, ServeOptions, WorkerFigures } from 'collectd-mediasoup';
import 'collectd-mediasoup/register';
declare const console: { log(...args: unknown[]): void };
${USE}`;
const REQUIRED = `import collectd = require('collectd-mediasoup');
const { serve, endpoint, EndpointError, version } = collectd;
type Endpoint = collectd.Endpoint;
type WorkerFigures = collectd.WorkerFigures;
type ServeOptions = collectd.ServeOptions;
declare const console: { log(...args: unknown[]): void };
${USE}`;
const DEFAULT = 'import collectd from \'collectd-mediasoup\';\ncollectd.serve({ port: 0 }).then((endpoint) => endpoint.close());\n';

// [kind of project, its options, its files, the oldest TypeScript that has it]
const PROJECTS = [
  ['CommonJS', { module: 'commonjs', moduleResolution: 'node10' }, { 'use.ts': IMPORTED, 'require.ts': REQUIRED }, 5, 5],
  ['CommonJS of old', { module: 'commonjs', moduleResolution: 'node' }, { 'use.ts': IMPORTED, 'require.ts': REQUIRED }, 4, 4],
  ['CommonJS in Node\'s way', { module: 'node16', moduleResolution: 'node16' }, { 'use.cts': IMPORTED, 'require.cts': REQUIRED }, 4],
  ['ESM', { module: 'node16', moduleResolution: 'node16', esModuleInterop: true }, { 'use.mts': IMPORTED, 'default.mts': DEFAULT }, 4],
  ['NodeNext', { module: 'nodenext', moduleResolution: 'nodenext', esModuleInterop: true }, { 'use.mts': IMPORTED, 'use.cts': IMPORTED, 'require.cts': REQUIRED, 'default.mts': DEFAULT }, 4],
  ['exactOptionalPropertyTypes', { module: 'nodenext', moduleResolution: 'nodenext', exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true }, { 'use.mts': IMPORTED, 'require.cts': REQUIRED }, 4],
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler', esModuleInterop: true }, { 'use.ts': IMPORTED, 'default.ts': DEFAULT }, 5],
];
const COMPILERS = ['typescript-oldest', 'typescript', 'typescript-newest'];
const EVERYWHERE = { noEmit: true, strict: true, skipLibCheck: false, target: 'es2020', lib: ['es2020'], types: [] };

const fileOf = (compiler) => path.join(__dirname, 'node_modules', compiler, 'bin/tsc');
const versionOf = (compiler) => JSON.parse(fs.readFileSync(path.join(__dirname, 'node_modules', compiler, 'package.json'), 'utf8')).version;

let folder;
before(() => { folder = application(); });

// Returns what the compiler says of a project of these files.
function compile(compiler, options, files) {
  const place = path.join(folder, 'project');
  fs.rmSync(place, { recursive: true, force: true });
  write(place, { ...files, 'tsconfig.json': JSON.stringify({ compilerOptions: { ...EVERYWHERE, ...options }, include: ['*'] }) });
  const { status, stdout } = spawnSync(process.execPath, [fileOf(compiler), '-p', place], { encoding: 'utf8', env: ENVIRONMENT });
  return { status, stdout };
}

for (const compiler of COMPILERS) {
  const version = versionOf(compiler);
  const major = parseInt(version, 10);
  for (const [kind, options, files, from, to = Infinity] of PROJECTS.filter(([, , , oldest, newest = Infinity]) => major >= oldest && major <= newest))
    test(`TypeScript ${version}: ${kind}`, () => {
      assert.ok(major >= from && major <= to);
      assert.deepEqual(compile(compiler, options, files), { status: 0, stdout: '' });
    });

  test(`TypeScript ${version} would say what is wrong`, () => {
    const { status, stdout } = compile(compiler, PROJECTS[4][1], { 'use.mts': 'import { serve } from \'collectd-mediasoup\';\nserve({ port: \'1\' });\n' });
    assert.notEqual(status, 0);
    assert.match(stdout, /use\.mts\(2,9\): error TS2322|use\.mts\(2,\d+\): error TS\d+/);
  });
}
