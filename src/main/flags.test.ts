import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLAGS } from '../flags/registry.ts';

const program = path.join(import.meta.dirname, 'evenkeel.ts');
const run = (...args: string[]): string =>
  execFileSync(process.execPath, [program, 'flags', ...args], { encoding: 'utf8' });

describe('evenkeel flags', () => {
  it('gives every flag as JSON with its state, its experiment and the verdict that was published', () => {
    const records = JSON.parse(run('--json')) as Record<string, unknown>[];
    expect(records.map(({ name }) => name)).toEqual(FLAGS.map(({ name }) => name));
    for (const record of records) {
      expect(['available', 'planned']).toContain(record['state']);
      expect(typeof record['experiment']).toBe('string');
      const verdict = record['verdict'] as { kind: string; occasions: number; reason: string } | null;
      if (verdict === null) continue;
      expect([1, 2]).toContain(verdict.occasions);
      // One occasion decides nothing.
      if (verdict.occasions === 1) expect(verdict.kind).toBe('undecided');
    }
    expect(records.some(({ verdict }) => verdict !== null)).toBe(true);
  });

  it('prints one line a flag', () => {
    const lines = run().trimEnd().split('\n');
    expect(lines.length).toBe(FLAGS.length + 1);
    for (const [index, { name }] of FLAGS.entries()) expect(lines[index + 1]).toContain(name);
  });
});
