// SPDX-License-Identifier: MIT
'use strict';

// A real collectd with the uninstalled plugin, as a child in the foreground, with a folder of its own.
//
//   MEDIASOUP_PLUGIN_DIR   the folder that holds mediasoup.so (DEFAULT_PLUGIN_DIR when unset)
//   MEDIASOUP_VALGRIND=1   every collectd of the run goes through valgrind
//   ASAN_OPTIONS           added to those of a sanitized plugin's collectd
//
// A plugin built with AddressSanitizer is recognised, and its runtime is loaded into the daemon first.

const { spawn, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { until } = require('./wait.js');

const ROOT = path.resolve(__dirname, '../..');
const DEFAULT_PLUGIN_DIR = path.join(ROOT, 'build/plugin/.libs');
const PLUGIN_DIR = path.resolve(process.env.MEDIASOUP_PLUGIN_DIR || DEFAULT_PLUGIN_DIR);
const COLLECTD = process.env.COLLECTD || '/usr/sbin/collectd';
const STOCK_PLUGIN_DIR = process.env.COLLECTD_PLUGIN_DIR || '/usr/lib/collectd';
// Debian's own configuration, as the package collectd installs it.
const COLLECTD_CONF = process.env.COLLECTD_CONF || '/usr/share/doc/collectd-core/examples/collectd.conf';
const VALGRIND_ERROR = 99;
const SANITIZER_ERROR = 98;

function uninstalledPlugin() {
  const plugin = path.join(PLUGIN_DIR, 'mediasoup.so');
  if (!fs.existsSync(plugin)) throw new Error(`there is no ${plugin}: build it first, or name its folder in MEDIASOUP_PLUGIN_DIR`);
  return plugin;
}

// The sanitizer's runtime a plugin was linked with, as a path for LD_PRELOAD; undefined when there is none.
function sanitizerOf(plugin) {
  const needed = execFileSync('readelf', ['-d', plugin], { encoding: 'utf8' });
  const name = /\[(lib[alt]san\.so[^\]]*)\]/.exec(needed)?.[1];
  return name && execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
}

const quoted = (value) => (typeof value === 'string' ? `"${value}"` : String(value));

// { Port: 4000, AppData: ['a', 'b'] } as lines of a configuration.
const optionLines = (options) =>
  Object.entries(options).map(([key, value]) => `${key} ${[value].flat().map(quoted).join(' ')}`);

// { name, Socket: '/x', Interval: 1, AppData: ['a', 'b'] } as an <Endpoint> block. An array is one line with
// several values; `lines` are put in as they stand.
function endpointBlock({ name, lines = [], ...options }) {
  return [`<Endpoint "${name}">`, ...[...optionLines(options), ...lines].map((line) => `  ${line}`), '</Endpoint>'].join('\n');
}

function configText({ folder, interval, readThreads, sink, prometheusPort, mediasoup, endpoints, views, extra }) {
  const block = mediasoup ?? (endpoints && endpoints.map(endpointBlock).join('\n'));
  return `
Hostname "testhost"
FQDNLookup false
BaseDir "${folder}"
PIDFile "${folder}/collectd.pid"
PluginDir "${STOCK_PLUGIN_DIR}"
TypesDB "/usr/share/collectd/types.db"
Interval ${interval}
ReadThreads ${readThreads}
WriteThreads 2
LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File STDERR
  Timestamp false
  PrintSeverity true
</Plugin>
${sink ? `
<LoadPlugin write_http>
  FlushInterval 0.1
</LoadPlugin>
<Plugin write_http>
  <Node "sink">
    URL "${sink.url}"
    Format "JSON"
    StoreRates false
    BufferSize 262144
  </Node>
</Plugin>` : ''}
${prometheusPort ? `
LoadPlugin write_prometheus
<Plugin write_prometheus>
  Host "127.0.0.1"
  Port "${prometheusPort}"
</Plugin>` : ''}
PluginDir "${PLUGIN_DIR}"
${mediasoup === false ? '' : 'LoadPlugin mediasoup'}
${block === undefined || mediasoup === false ? '' : `<Plugin mediasoup>\n${block}\n</Plugin>`}
${views ? `LoadPlugin write_mediasoup
<Plugin write_mediasoup>
${optionLines(views).map((line) => `  ${line}`).join('\n')}
</Plugin>` : ''}
${extra ?? ''}
`;
}

function commandLine({ folder, valgrind, preload, clock }) {
  const args = ['-f', '-C', path.join(folder, 'collectd.conf')];
  const env = { ...process.env, ...(clock && { LD_PRELOAD: clock.library, SHIFTED_CLOCK_SECONDS: String(clock.seconds) }) };
  if (valgrind) {
    const options = ['--leak-check=full', '--show-leak-kinds=definite', '--errors-for-leak-kinds=none', '--num-callers=30',
      `--error-exitcode=${VALGRIND_ERROR}`, `--log-file=${path.join(folder, 'memory.log')}`];
    return { command: 'valgrind', args: [...options, COLLECTD, ...args], env };
  }
  const runtime = preload ?? sanitizerOf(uninstalledPlugin());
  if (runtime) {
    const options = [`exitcode=${SANITIZER_ERROR}:fast_unwind_on_malloc=0:log_path=${path.join(folder, 'memory.log')}`,
      process.env.ASAN_OPTIONS].filter(Boolean).join(':');
    Object.assign(env, { LD_PRELOAD: [runtime, clock?.library].filter(Boolean).join(':'), ASAN_OPTIONS: options, LSAN_OPTIONS: options });
  }
  return { command: COLLECTD, args, env };
}

// Where valgrind or a sanitizer complains of the plugin: its reports, paragraph by paragraph. collectd and its
// libraries have leaks of their own; what is ours has one of our callbacks in its stack.
const OURS = /mediasoup\.so|read_endpoint|on_config|on_init|module_register|free_endpoint/;
const complaintsOfOurs = (memory) => memory.split(/\n(?:==\d+==)? *\n/).filter((part) => OURS.test(part));

class Collectd {
  // Starts collectd; resolves once it has said that it is up. Options: `endpoints` (objects for
  // endpointBlock) or `mediasoup` (the text of the <Plugin> block; false: the plugin is not loaded; none of both: no
  // block at all), `sink` (a WriteHttpSink), `prometheusPort`, `views` (the options of
  // write_mediasoup; without them it is not loaded), `interval`, `readThreads`, `valgrind`, `preload`, `extra`, `clock`
  // (`library` of shifted_clock.js, `seconds` that it is off).
  // `configuration` is a function from the folder to the whole text, instead of what these options make of it;
  // `runAs` are words to put before the command line.
  static async start({ interval = 0.25, readThreads = 5, valgrind = process.env.MEDIASOUP_VALGRIND === '1',
    preload, clock, expectStart = true, configuration, runAs = [], ...rest } = {}) {
    const collectd = new Collectd();
    collectd.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-collectd-'));
    collectd.slowdown = valgrind ? 10 : 1;
    fs.writeFileSync(path.join(collectd.folder, 'collectd.conf'),
      configuration?.(collectd.folder) ?? configText({ folder: collectd.folder, interval, readThreads, ...rest }));
    if (runAs.length > 0) fs.chmodSync(collectd.folder, 0o755);
    collectd.#spawn(commandLine({ folder: collectd.folder, valgrind, preload, clock }), runAs);
    if (expectStart) await collectd.waitForLog(/Initialization complete/, { timeout: 20000 * collectd.slowdown });
    return collectd;
  }

  #spawn({ command, args, env }, runAs) {
    this.log = [];
    const words = [...runAs, command, ...args];
    this.child = spawn(words[0], words.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((done) => this.child.on('close', (code, signal) => done({ code, signal })));
    this.exited.then(() => { this.gone = true; });
    let rest = '';
    const take = (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      this.log.push(...lines);
    };
    this.child.stdout.setEncoding('utf8').on('data', take);
    this.child.stderr.setEncoding('utf8').on('data', take);
  }

  get pid() {
    return this.child.pid;
  }

  // The log lines that agree with every one of `patterns`.
  lines(...patterns) {
    return this.log.filter((line) => patterns.every((pattern) => pattern.test(line)));
  }

  // What it logged that it should not. (The exceptions: Debian's collectd with Debian's libmicrohttpd, always; collectd's
  // own words on a busy machine.)
  complaints() {
    const usual = /MHD_OPTION_EXTERNAL_LOGGER|above its read interval|Not sleeping because the next interval/;
    return this.lines(/\[(error|warning)\]/i).filter((line) => !usual.test(line));
  }

  async waitForLog(pattern, { timeout = 15000 } = {}) {
    return until(() => {
      const line = this.log.find((text) => pattern.test(text));
      if (!line && this.gone) throw new Error(`collectd ended before it logged ${pattern}:\n${this.log.join('\n')}`);
      return line;
    }, { what: `a log line like ${pattern}`, timeout: timeout * this.slowdown, detail: () => this.log.join('\n') });
  }

  // Resident memory in KiB, now.
  residentMemory() {
    return Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${this.pid}/status`, 'utf8'))[1]);
  }

  // Ends collectd and answers how it ended, its log, what valgrind or a sanitizer had to say, and what of that
  // is of the plugin.
  async stop() {
    if (!this.stopped) {
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), 20000 * this.slowdown);
      const end = await this.exited;
      clearTimeout(timer);
      const reports = fs.readdirSync(this.folder).filter((name) => name.startsWith('memory.log'));
      const memory = reports.map((name) => fs.readFileSync(path.join(this.folder, name), 'utf8')).join('\n');
      this.stopped = { ...end, log: this.log, memory, ours: complaintsOfOurs(memory) };
      fs.rmSync(this.folder, { recursive: true, force: true });
    }
    return this.stopped;
  }
}

module.exports = { COLLECTD_CONF, STOCK_PLUGIN_DIR, Collectd, PLUGIN_DIR };
