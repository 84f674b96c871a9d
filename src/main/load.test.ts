/** `evenkeel load` as a user runs it: what it prints, what it writes, how it ends. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { LoadResult } from '../lab/load/protocol.ts';

const module = fileURLToPath(new URL('./load.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function load(words: string[], interruptAfterMs?: number): Promise<Outcome> {
  const script = `const { loadCommand } = await import(${JSON.stringify(module)});
    await loadCommand().parseAsync(process.argv.slice(1), { from: 'user' });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...words]);
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    outcome.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    outcome.stderr += chunk.toString();
  });
  if (interruptAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), interruptAfterMs);
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...outcome, code })));
}

const brief = ['--duration', '0.3', '--warmup', '0.2', '--keys', '1000', '--connections', '4'];

describe('evenkeel load', () => {
  it('prints throughput, percentiles and the generator itself', async () => {
    const { code, stdout } = await load(['null', ...brief, '--ratio', '9:1', '--pipeline', '4']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Null responder\n {2}get-set 9:1: closed loop, pipeline 4, 4 connections/);
    for (const word of ['throughput', 'hit rate', 'errors', 'p50', 'p99.9', 'max', 'of its core busy']) {
      expect(stdout).toContain(word);
    }
  });

  it('gives the whole result as JSON and writes the interval log', async () => {
    const hlog = path.join(folder, 'run.hlog');
    const words = ['null', ...brief, '--rate', '1000', '--arrivals', 'constant', '--json', '--hlog', hlog];
    const { code, stdout } = await load(words);
    expect(code).toBe(0);
    const { target, result } = JSON.parse(stdout) as { target: { kind: string }; result: LoadResult };
    expect(target.kind).toBe('null');
    expect(result.counters).toMatchObject({ sent: 300, answered: 300 });
    expect(readFileSync(hlog, 'utf8')).toContain('Tag=intended');
  });

  it('takes a workload from a file', async () => {
    const file = path.join(folder, 'mine.json');
    writeFileSync(
      file,
      JSON.stringify({
        name: 'mine',
        keys: { count: 10, lengthBytes: 12, distribution: { kind: 'sequential' } },
        commands: [{ weight: 1, template: ['INCR', '{key}'] }],
      }),
    );
    const { stdout } = await load(['null', ...brief, '--workload', file, '--json']);
    const { result } = JSON.parse(stdout) as { result: LoadResult };
    expect(result.counters.commands).toMatchObject([{ name: 'incr', declaredShare: 1 }]);
    expect(result.counters.replies.integer).toBeGreaterThan(0);
  });

  it('gives what it has on Ctrl-C', async () => {
    const words = ['null', '--duration', '60', '--warmup', '0', '--keys', '1000', '--connections', '2'];
    const { code, stdout, stderr } = await load(words, 4000);
    // On a machine so slow that nothing was measured by then it must say that instead.
    if (code === 130) expect(stderr).toContain('stopped before anything was measured');
    else expect(stdout).toContain('WARNING: stopped early');
  });

  it.each([
    [['bogus'], 2, 'bogus is not a target'],
    [['null', '--workload', 'bogus'], 2, 'there is no workload bogus'],
    [['null', '--workload', 'no-such.json'], 2, 'could not read no-such.json'],
    [['null', '--ratio', '9'], 1, 'two weights'],
    [['redis://127.0.0.1:1', '--duration', '1'], 2, 'did not answer PING'],
  ])('%j: says what is wrong', async (words, expected, text) => {
    const { code, stderr } = await load(words);
    expect(code).toBe(expected);
    expect(stderr).toContain(text);
  });

  it('lists its workloads', async () => {
    const { stdout } = await load(['--workloads']);
    for (const name of ['get-set', 'ycsb-a', 'twitter-52', 'facebook-etc']) expect(stdout).toContain(name);
  });
});
