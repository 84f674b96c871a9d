/** What the program says of itself: help, the flag list, and one clear line for a mistake. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

function run(args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['src/main/evenkeel.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
}

describe('evenkeel', () => {
  it.each([[[]], [['--help']], [['help']]])('%j: lists every sub-command', (args) => {
    const { stdout, stderr } = run(args);
    for (const name of ['server', 'flags', 'experiment', 'compare', 'load'])
      expect(stdout + stderr).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });

  it('prints the flags as JSON that parses', () => {
    const { status, stdout } = run(['flags', '--json']);
    expect(status).toBe(0);
    const flags = JSON.parse(stdout) as { name: string; claim: string }[];
    expect(flags.map(({ name }) => name)).toContain('arena-storage');
    for (const { name, claim } of flags) expect(claim, name).not.toBe('');
  });
});
