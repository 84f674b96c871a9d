/** Profilers of others around the server, with one in their place that does what 0x does and needs no installation. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LoadJob } from '../../src/lab/load/protocol.ts';
import type { Endpoint } from '../../src/lab/targets/target.ts';
import { presetWorkload } from '../../src/lab/workloads/presets.ts';
import {
  EXTERNAL_TOOLS,
  type ExternalTool,
  ExternalToolError,
  profileExternally,
} from '../../src/main/externalProfiler.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-external-profiler-'));
const out = path.join(folder, 'out');
const notInstalled = path.join(folder, 'none');
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs what is behind `--`, outlives Ctrl-C, and makes a page of V8's profile, which it moves out of where it runs. */
const STAND_IN = `#!${process.execPath}
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const words = process.argv.slice(2);
const output = words[words.indexOf('--output-dir') + 1];
if (output === process.cwd()) throw new Error('Source and destination must not be the same.');
const [program, ...rest] = words.slice(words.indexOf('--') + 1);
const profiled = spawn(program, ['--cpu-prof', '--cpu-prof-name=log', ...rest], { stdio: 'inherit' });
process.on('SIGINT', () => {});
profiled.on('exit', () => {
  fs.mkdirSync(output);
  fs.renameSync('log', output + '/flamegraph.html');
});
`;

function install(program: string, text: string): string {
  const toolsFolder = mkdtempSync(path.join(folder, 'tools-'));
  const executable = path.join(toolsFolder, 'node_modules/.bin', program);
  mkdirSync(path.dirname(executable), { recursive: true });
  writeFileSync(executable, text);
  chmodSync(executable, 0o755);
  return toolsFolder;
}

const jobFor = (endpoint: Endpoint): LoadJob => ({
  id: 'under a profiler',
  endpoint,
  workload: presetWorkload('get-set', { keys: 1000 }),
  seed: 1,
  connections: 2,
  loop: { kind: 'closed', pipeline: 16 },
  warmup: { minSec: 0, maxSec: 0 },
  measureSec: 1,
  requestsMax: 1e12,
  intervalMs: 1000,
  preload: true,
});

const run = (tool: ExternalTool, toolsFolder: string, flags = 'default'): Promise<string> =>
  profileExternally({ tool, toolsFolder, flags, folder: out, jobFor });

describe('a profiler around the server', () => {
  it('sees it under load, by script names that profilers take for an application', async () => {
    const report = await run('0x', install('0x', STAND_IN));
    expect(report).toBe(path.join(out, 'flamegraph/flamegraph.html'));
    expect(readFileSync(report, 'utf8')).toMatch(
      /"functionName":"onData",[^}]*\/src\/server\/transport\/connection\.ts\?\.js"/,
    );
  });

  it('that breaks is told with what it said', async () => {
    const broken = install('0x', "#!/bin/sh\necho 'no such version of V8' >&2\nexit 1\n");
    await expect(run('0x', broken)).rejects.toThrow(/^the server did not start .*no such version of V8$/);
  });

  it('that writes nothing is told', async () => {
    const silent = install('0x', STAND_IN.replace(/^ {2}fs\..*\n/gm, ''));
    await expect(run('0x', silent)).rejects.toThrow(/^0x wrote no report/);
  });

  it.each(EXTERNAL_TOOLS)('is installed by the one command that is named: %s', async (tool) => {
    const error = await run(tool, notInstalled).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ExternalToolError);
    expect((error as Error).message).toMatch(
      /^(0x|clinic) is not installed, .*npm ci --prefix profiles\/tools/,
    );
  });
});
