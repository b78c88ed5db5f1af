// SPDX-License-Identifier: MIT
'use strict';

// Runs the command as a process of its own.

const path = require('path');
const { spawn } = require('child_process');

const COMMAND = path.join(__dirname, '../../command.js');

// Resolves with { code, stdout, stderr }.
function command(args, { env = {}, node = process.execPath, cwd } = {}) {
  return new Promise((resolve) => {
    const child = spawn(node, [COMMAND, ...args], { cwd, env: { ...process.env, NODE_OPTIONS: '', ...env } });
    const result = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => (result.stdout += data));
    child.stderr.on('data', (data) => (result.stderr += data));
    child.on('close', (code) => resolve({ code, ...result }));
  });
}

// Resolves with { code, findings } of a check of one target, or with the `results` of several.
async function checked(args, options) {
  const { code, stdout, stderr } = await command(['check', '--json', ...args], options);
  if (stderr !== '') throw new Error(stderr);
  const results = JSON.parse(stdout);
  return { code, results, findings: results[0].findings };
}

// Returns the findings of a level, as "subject: text".
const of = (findings, level) => findings.filter((one) => one.level === level).map(({ subject, text }) => `${subject}: ${text}`);

module.exports = { checked, command, of };
