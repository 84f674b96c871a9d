/**
 * `evenkeel profile --tool 0x|clinic-...`: profilers of others around the whole server. They see one thread, so the shard runs on the main
 * one, and they watch from start to end, warm-up included: for what they are better at than our own capture, not in place of it.
 * With io-uring the thread waits in a system call of the server's own, which all of them take for work.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { runLoad } from '../lab/load/generatorProcess.ts';
import type { LoadJob } from '../lab/load/protocol.ts';
import { ControlClient } from '../lab/targets/controlClient.ts';
import { freePort } from '../lab/targets/runningServer.ts';
import type { Endpoint } from '../lab/targets/target.ts';
import { projectDirectory } from './labSession.ts';

export const EXTERNAL_TOOLS = ['0x', 'clinic-doctor', 'clinic-flame', 'clinic-heap'] as const;
export type ExternalTool = (typeof EXTERNAL_TOOLS)[number];

export class ExternalToolError extends Error {}

interface Invocation {
  readonly program: '0x' | 'clinic';
  readonly arguments: (folder: string) => string[];
}

const clinic = (command: string): Invocation => ({
  program: 'clinic',
  arguments: (folder) => [command, '--open=false', '--dest', folder, '--'],
});

const INVOCATIONS: Record<ExternalTool, Invocation> = {
  // V8 writes its log where 0x runs, and 0x moves it to its output: one folder cannot be both.
  '0x': { program: '0x', arguments: (folder) => ['--output-dir', path.join(folder, 'flamegraph'), '--'] },
  'clinic-doctor': clinic('doctor'),
  'clinic-flame': clinic('flame'),
  'clinic-heap': clinic('heapprofiler'),
};

/** Where they are installed, apart from the project's own packages. */
export const toolsFolder = path.join(projectDirectory, 'profiles/tools');
const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 200;
/** From Ctrl-C to the report: they read back all that they have recorded. */
const REPORT_TIMEOUT_MS = 180_000;
const OUTPUT_KEPT = 4000;
/** As a shell reports Ctrl-C: 128 and the signal's number. */
const INTERRUPTED = 130;

export interface ExternalProfile {
  readonly tool: ExternalTool;
  /** Of the package that depends on the tools. */
  readonly toolsFolder: string;
  readonly flags: string;
  /** Where its report goes; emptied before. */
  readonly folder: string;
  readonly jobFor: (endpoint: Endpoint) => LoadJob;
}

/** @returns the report, an HTML file. */
export async function profileExternally(profile: ExternalProfile): Promise<string> {
  const { tool, flags, folder, jobFor } = profile;
  const { program, arguments: argumentsFor } = INVOCATIONS[tool];
  const executable = path.join(profile.toolsFolder, 'node_modules/.bin', program);
  if (!existsSync(executable))
    throw new ExternalToolError(
      `${program} is not installed, because it is large and seldom needed: run  npm ci --prefix profiles/tools  first`,
    );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const server = [
    '--import',
    pathToFileURL(path.join(import.meta.dirname, 'scriptNames.ts')).href,
    path.join(projectDirectory, 'src/main/evenkeel.ts'),
    ...[
      'server',
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      '--http-port',
      '0',
      '--threads',
      '0',
      `--flags=${flags}`,
      '--save',
      '',
      '--dbfilename',
      'no-data-of-the-profiler.rdb',
    ],
  ];
  // A session of its own: Ctrl-C goes to tool and server alike, as at a terminal.
  const child = spawn(executable, [...argumentsFor(folder), process.execPath, ...server], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    // Without it clinic asks for consent on a terminal that is not there.
    env: { ...process.env, NO_INSIGHT: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
    });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  // The terminal's Ctrl-C does not reach it there.
  const abandon = (): void => {
    process.kill(-child.pid!, 'SIGKILL');
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', abandon).once('SIGTERM', abandon);
  try {
    const endpoint = { host: '127.0.0.1', port };
    await ready(
      endpoint,
      () => child.exitCode !== null,
      () => output,
    );
    await runLoad(jobFor(endpoint));
    process.kill(-child.pid!, 'SIGINT');
    await Promise.race([ended, setTimeout(REPORT_TIMEOUT_MS, undefined, { ref: false })]);
  } finally {
    process.off('SIGINT', abandon).off('SIGTERM', abandon);
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
  }
  const report = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.html'),
  );
  if (report === undefined) throw new ExternalToolError(`${tool} wrote no report: ${output.trim()}`);
  return path.join(folder, report);
}

async function ready(endpoint: Endpoint, hasEnded: () => boolean, output: () => string): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadlineMs && !hasEnded()) {
    try {
      const client = await ControlClient.connect(endpoint);
      client.close();
      return;
    } catch {
      await setTimeout(POLL_MS);
    }
  }
  throw new ExternalToolError(`the server did not start under the profiler: ${output().trim()}`);
}
