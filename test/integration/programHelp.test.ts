/** What the program says of itself: help, the flag list, and what a mistyped name gets. */
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

  it('names an unknown sub-command and says where the known ones are', () => {
    const { status, stdout, stderr } = run(['bogus']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe("error: unknown command 'bogus'\n(evenkeel --help lists the commands)\n");
  });
});
