import { expect, it } from 'vitest';
import { CommandHarness, HARNESS_EPOCH_MS } from '../commandHarness.ts';

const start = (): {
  h: CommandHarness;
  watcher: ReturnType<CommandHarness['connect']>;
  seen: () => string[];
} => {
  const h = new CommandHarness();
  const watcher = h.connect();
  expect(watcher.run('MONITOR')).toBe('OK');
  const seen = (): string[] =>
    watcher
      .takeOutput()
      .toString('latin1')
      .split('\r\n')
      .filter((line) => line !== '');
  return { h, watcher, seen };
};
const at = `${HARNESS_EPOCH_MS / 1000}.000000`;

it('MONITOR shows what clients execute, the fast lane included, as Redis prints it', () => {
  const { h, seen } = start();
  for (let i = 0; i < 5; i++) h.run('SET', 'key', `v${i}`);
  h.run('SELECT', 2);
  h.run('GET', Buffer.from('a "b"\n\\\x00\xff', 'latin1'));
  expect(seen()).toEqual([
    ...[0, 1, 2, 3, 4].map((i) => `+${at} [0 127.0.0.1:50000] "SET" "key" "v${i}"`),
    `+${at} [0 127.0.0.1:50000] "SELECT" "2"`,
    `+${at} [2 127.0.0.1:50000] "GET" "a \\"b\\"\\n\\\\\\x00\\xff"`,
  ]);
});

it('MONITOR shows neither what administrates nor what is refused, and no passwords', () => {
  const { h, seen } = start();
  h.run('CONFIG', 'SET', 'maxmemory', 0);
  h.run('NONSENSE');
  h.run('GET');
  h.run('HELLO', 2, 'AUTH', 'default', 'secret');
  h.run('PING');
  const lines = seen();
  expect(lines.map((line) => line.split('] ')[1])).toEqual([
    '"HELLO" "2" "AUTH" "(redacted)" "(redacted)"',
    '"PING"',
  ]);
});

it('MONITOR ends with RESET and with the connection, and gives the fast lane back', () => {
  const { h, watcher, seen } = start();
  const other = h.connect();
  other.run('MONITOR');
  expect(String(h.run('CLIENT', 'LIST'))).toMatch(/flags=O /);
  expect(h.server.timeEvery).toBe(1);
  watcher.run('RESET');
  seen();
  h.run('PING');
  expect(seen()).toEqual([]);
  expect(other.takeOutput().toString()).toContain('"PING"');
  other.close();
  expect(h.server.timeEvery).toBeGreaterThan(1);
});
