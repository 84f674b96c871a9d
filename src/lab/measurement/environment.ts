/**
 * The fingerprint that every result carries: a number without its machine, commit and command line cannot be argued with.
 * What cannot be found out is called `unknown`, never guessed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { EnvironmentFingerprint } from '../experiments/result.ts';
import { kilobyteField, parseColonLines } from './procFormats.ts';

/** What the collector may look at. */
export interface EnvironmentSources {
  /** Whole text of a file; throws if it cannot be read. */
  readText(path: string): string;
  /** Standard output of `git <args>` in the project's directory; throws if git or the repository is not there. */
  git(args: readonly string[]): string;
  /** `process.versions`. */
  versions: { node: string; v8: string };
  /** CPUs the lab may use. */
  cpuCount: number;
}

/** The sources of this machine. `projectDirectory` is where `git` is asked. */
export function machineSources(projectDirectory: string, cpuCount: number): EnvironmentSources {
  return {
    readText: (path) => readFileSync(path, 'utf8'),
    git: (args) =>
      execFileSync('git', [...args], {
        cwd: projectDirectory,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 10_000,
      }),
    versions: process.versions,
    cpuCount,
  };
}

/** What the session knows of itself. */
export type SessionFacts = Pick<
  EnvironmentFingerprint,
  'evenkeelVersion' | 'seed' | 'stealShare' | 'commandLine' | 'startedAtIso' | 'durationSec'
>;

const unknown = 'unknown';

export function collectEnvironment(
  sources: EnvironmentSources,
  session: SessionFacts,
): EnvironmentFingerprint {
  const memory = parseColonLines(attempt(() => sources.readText('/proc/meminfo')) ?? '');
  const gitSha = attempt(() => sources.git(['rev-parse', 'HEAD']).trim()) || unknown;
  return {
    cpuModel: cpuModel(attempt(() => sources.readText('/proc/cpuinfo')) ?? ''),
    cpuCount: sources.cpuCount,
    memoryBytes: kilobyteField(memory, 'MemTotal') ?? 0,
    kernel: kernel(attempt(() => sources.readText('/proc/version')) ?? ''),
    node: sources.versions.node,
    v8: sources.versions.v8,
    gitSha,
    // A tree whose state is unknown must not pass for a clean one.
    gitDirty:
      gitSha === unknown || (attempt(() => sources.git(['status', '--porcelain']).trim()) ?? unknown) !== '',
    ...session,
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** x86 says `model name`; ARM boards say `Model` or only `CPU implementer` and `CPU part` numbers, which name the core. */
function cpuModel(cpuinfo: string): string {
  const fields = parseColonLines(cpuinfo);
  const named = fields.get('model name') ?? fields.get('Model') ?? fields.get('Hardware');
  if (named) return named;
  const implementer = fields.get('CPU implementer');
  return implementer === undefined
    ? unknown
    : `CPU implementer ${implementer} part ${fields.get('CPU part') ?? '?'}`;
}

/** `Linux 6.1.0-18-amd64` from `/proc/version`. */
function kernel(version: string): string {
  const match = /^(\S+) version (\S+)/.exec(version);
  return match === null ? unknown : `${match[1]} ${match[2]}`;
}
