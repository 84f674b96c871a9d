/**
 * The laboratory for real, small: processes, sockets, /proc, files. It asserts that the whole path works and that what it
 * reports is well-formed, never how fast anything was.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AVAILABLE_FLAGS } from '../../src/flags/registry.ts';
import type { SessionResult } from '../../src/lab/experiments/result.ts';

const run = promisify(execFile);
const program = path.resolve(import.meta.dirname, '../../src/main/evenkeel.ts');
const evenkeel = (...args: string[]) => run(process.execPath, [program, ...args], { timeout: 120_000 });

function sessionIn(directory: string): SessionResult {
  return JSON.parse(readFileSync(path.join(directory, 'result.json'), 'utf8')) as SessionResult;
}

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'evenkeel-lab-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('an A/A comparison of two processes of the null responder', () => {
  it('runs to its end and writes its reports', async () => {
    const out = path.join(directory, 'aa');
    const { stdout } = await evenkeel(
      'compare',
      'null',
      'null',
      '--no-redis',
      '--effort',
      'smoke',
      '--seed',
      '3',
      '--out',
      out,
    );
    const session = sessionIn(out);
    expect(session.complete).toBe(true);
    expect(session.environment.seed).toBe(3);
    expect(session.targets.map(({ id }) => id).sort()).toEqual(['aa', 'null', 'null#2']);
    const measured = session.blocks.filter(({ accepted }) => accepted);
    expect(measured.length).toBeGreaterThan(0);
    for (const block of measured) {
      expect(block.metrics['throughput-ops-per-sec']).toBeGreaterThan(0);
      expect(block.metrics['cpu-us-per-request']).toBeGreaterThan(0);
    }
    expect(session.generatorCeiling[0]!.opsPerSec).toBeGreaterThan(0);
    for (const { verdict } of session.experiments[0]!.comparisons) expect(verdict).toBe('undecided');
    for (const file of ['report.html', 'report.md']) expect(existsSync(path.join(out, file))).toBe(true);
    expect(stdout).toContain('result.json');
  }, 120_000);
});

describe('a comparison of two of our own servers', () => {
  it('has the memory of both and the difference of their profiles', async () => {
    const out = path.join(directory, 'ours');
    const targets = ['evenkeel:flags=none', 'evenkeel:flags=all', '--no-redis', '--no-rate'];
    await evenkeel('compare', ...targets, '--effort', 'smoke', '--out', out);
    const { experiments } = sessionIn(out);
    expect(experiments[0]!.memory.map(({ targetId }) => targetId).sort()).toEqual(['all', 'none']);
    const report = readFileSync(path.join(out, 'report.html'), 'utf8');
    expect(report).toContain('<iframe class="flamegraph"');
    // Without flags keys are in a Map, with all of them in arenas: the Map's functions are in the graph, and gone.
    expect(report).toMatch(/mapKeyspace\.ts:\d+&quot;,&quot;kind[^{]*&quot;total&quot;:0,/);
  }, 120_000);
});

describe('an interrupted comparison', () => {
  it('leaves a partial report on Ctrl-C, and --resume finishes it', async () => {
    const out = path.join(directory, 'interrupted');
    const args = ['compare', 'null', 'null', '--no-redis', '--effort', 'smoke', '--pipeline', '1,4,16'];
    args.push('--out', out);
    const child = spawn(process.execPath, [program, ...args, '--seed', '5'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    let interrupted = false;
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      // The second pair has begun: one is finished, others are not.
      if (interrupted || !/\n1 of \d+ pairs done/.test(printed)) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(130);
    const partial = sessionIn(out);
    expect(partial.complete).toBe(false);
    expect(partial.interruption).toMatch(/^Interrupted after \d+ blocks?\.$/);
    expect(readFileSync(path.join(out, 'report.md'), 'utf8')).toContain('Interrupted after');
    const kept = partial.blocks.filter(({ accepted }) => accepted).map(({ id }) => id);
    expect(kept.length).toBeGreaterThan(0);

    await evenkeel(...args, '--resume');
    const whole = sessionIn(out);
    expect(whole.complete).toBe(true);
    expect(whole.environment.seed).toBe(5);
    const ids = whole.blocks.map(({ id }) => id);
    for (const id of kept) expect(ids.filter((each) => each === id).length).toBe(1);
    expect(whole.blocks.length).toBeGreaterThan(partial.blocks.length);
  }, 180_000);
});

describe('a smoke session of all experiments', () => {
  it('ends within a minute with a report, whatever baseline there is', async () => {
    const out = path.join(directory, 'all');
    await evenkeel('experiment', '--effort', 'smoke', '--seed', '9', '--out', out);
    const session = sessionIn(out);
    expect(session.complete).toBe(true);
    expect(session.environment.durationSec).toBeLessThanOrEqual(60);
    const judged = session.experiments.map(({ flag }) => flag).filter((flag) => flag !== undefined);
    expect(judged.sort()).toEqual(AVAILABLE_FLAGS.map(({ name }) => name).sort());
    expect(session.experiments[0]!.id).toBe('headline');
    expect(session.plan!.cells.some(({ experimentId }) => experimentId === 'noise-floor')).toBe(true);
    const redis = session.targets.find(({ kind }) => kind === 'redis');
    // Either a Redis that said which version it is, or a report that says first how to get one.
    if (redis === undefined) expect(session.baselineMissing).toContain('To get one');
    else expect(redis.label).toContain(redis.redisVersion);
    const measured = session.blocks.filter(({ accepted }) => accepted);
    expect(measured.length).toBeGreaterThan(0);
    for (const block of measured) expect(block.certificate.every(({ ok }) => ok)).toBe(true);
    for (const block of session.blocks) expect(block.accepted).toBe(block.rejections.length === 0);
    const report = readFileSync(path.join(out, 'report.html'), 'utf8');
    expect(report).toContain('<svg');
    expect(report).not.toMatch(/(src|href)="https?:/);
  }, 120_000);
});

describe('a mistake in the command line', () => {
  it('is one line that names the valid experiments, and exit code 2', async () => {
    const failed = await evenkeel('experiment', 'no-such').then(
      () => undefined,
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed?.code).toBe(2);
    expect(failed?.stderr).toMatch(/^evenkeel: no experiment no-such; there are: headline, .*fast-path.*\n$/);
  });

  it('names what is wrong with a baseline or a target', async () => {
    await expect(evenkeel('experiment', '--baseline', '/nonexistent/redis-server')).rejects.toMatchObject({
      code: 2,
    });
    await expect(evenkeel('compare', 'null', 'sideways')).rejects.toMatchObject({ code: 2 });
  });
});
