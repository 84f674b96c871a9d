/** The studies that are commands of their own, small: they run, and what they print is what they are about. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { spawnEvenkeel } from '../requirements.ts';

async function output(...args: string[]): Promise<string> {
  const child = spawnEvenkeel(args);
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  let complaints = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, complaints).toBe(0);
  return text;
}

const cellsOf = (table: string, row: string): string[] => {
  const line = table.split('\n').find((each) => each.startsWith(`| ${row}`));
  expect(line, `a row "${row}" in\n${table}`).toBeDefined();
  return line!.split('|').map((cell) => cell.trim());
};

describe('attribution', () => {
  it('charges those who waited for a command that slept with that command', async () => {
    const table = await output('attribution', '--only', 'debug-sleep', '--rounds', '3');
    const cells = cellsOf(table, 'A shard that sleeps');
    expect(Number(cells[3]!.replaceAll(',', ''))).toBeGreaterThan(3);
    expect(cells.at(-2)).toMatch(/ % ✓$/);
  });
});

describe('gateway', () => {
  it('finds that a request over HTTP costs more than one over RESP', async () => {
    const table = await output('gateway', '--pairs', '1', '--seconds', '1');
    const [, , resp, get, , post] = cellsOf(table, 'Server CPU per request').map(Number);
    expect(resp).toBeGreaterThan(0);
    expect(get).toBeGreaterThan(resp!);
    expect(post).toBeGreaterThan(resp!);
  });
});
