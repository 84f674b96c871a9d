/** What tests of persistence put into a server, and what they find in one. */
import { expect } from 'vitest';
import { drawChunk } from '../differential/commandSource.ts';
import { Draw } from '../differential/universe.ts';
import type { Wire } from './wire.ts';

const COMMANDS = 6000;

/** Random commands of every family, then every encoding there is. */
export async function fill(wire: Wire, seed: number): Promise<void> {
  const draw = new Draw(seed, ['no payload']);
  const commands = drawChunk(draw, COMMANDS, false).commands.filter(
    ([name]) =>
      !/^(subscribe|psubscribe|ssubscribe|client|hello|reset|quit|multi|exec|discard|watch|b.*|xread.*|auth|config|debug|flush.*|swapdb|select|wait.*|info)$/i.test(
        name!,
      ),
  );
  const bytes = (word: string): Buffer => Buffer.from(word, 'latin1');
  for (const command of commands) wire.send(...command.map(bytes));
  await wire.connection.receive(commands.length, 60_000);
  // Every encoding, in a second database as well.
  await wire.ask('SELECT', 1);
  const wide = Array.from({ length: 700 }, (_, i) => `element:${i}`);
  const pairs = wide.flatMap((name, i) => [name, String(i * 1.5)]);
  await wire.ask('RPUSH', 'list:large', ...wide, 'x'.repeat(20_000));
  await wire.ask('SADD', 'set:large', ...wide);
  await wire.ask('SADD', 'set:integers', ...wide.slice(0, 100).map((_, i) => i * 70_000));
  await wire.ask(
    'ZADD',
    'zset:large',
    ...wide.flatMap((name, i) => [i / 3, name]),
    '-inf',
    'low',
    'inf',
    'high',
  );
  await wire.ask('HSET', 'hash:large', ...pairs);
  await wire.ask('HSET', 'hash:expiring', ...pairs);
  await wire.ask('HPEXPIRE', 'hash:expiring', 9_000_000, 'FIELDS', 2, 'element:1', 'element:2');
  await wire.ask('HSET', 'hash:small-expiring', 'a', 1, 'b', 2);
  await wire.ask('HPEXPIRE', 'hash:small-expiring', 9_000_000, 'FIELDS', 1, 'a');
  await wire.ask('SET', 'string:compressible', 'abc'.repeat(10_000));
  await wire.ask('SET', 'string:expiring', 'value', 'PX', 123_456_789);
  for (let i = 1; i < 300; i++)
    await wire.ask('XADD', 'stream', `${i}-1`, 'field', i, 'other', 'x'.repeat(i));
  await wire.ask('XGROUP', 'CREATE', 'stream', 'group', '0');
  await wire.ask('XREADGROUP', 'GROUP', 'group', 'consumer', 'COUNT', 10, 'STREAMS', 'stream', '>');
  await wire.ask('XDEL', 'stream', '5-1', '200-1');
  await wire.ask('SELECT', 0);
}

/** Every key of the databases in use with its type, its encoding, its expiry and what DUMP has of it. */
export async function contents(wire: Wire): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const database of [0, 1, 2]) {
    await wire.ask('SELECT', database);
    wire.send('KEYS', '*');
    const [reply] = await wire.connection.receive(1);
    for (const key of bulks(reply!)) {
      const encoding = await wire.ask('OBJECT', 'ENCODING', key);
      const digest = await wire.ask('DEBUG', 'DIGEST-VALUE', key);
      // Instants beyond 2^53 - 1 are kept as that.
      const expiry = Math.min(Number((await wire.ask('PEXPIRETIME', key)).slice(1)), Number.MAX_SAFE_INTEGER);
      all.set(
        `${database}:${key.toString('latin1')}`,
        `${await wire.ask('TYPE', key)} ${encoding} ${digest} ${expiry}`,
      );
    }
  }
  await wire.ask('SELECT', 0);
  return all;
}

function bulks(reply: Buffer): Buffer[] {
  const items: Buffer[] = [];
  let at = reply.indexOf('\r\n') + 2;
  while (at < reply.length) {
    const end = reply.indexOf('\r\n', at);
    const length = Number(reply.toString('latin1', at + 1, end));
    items.push(reply.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  return items;
}

export function expectSame(found: Map<string, string>, expected: Map<string, string>): void {
  const wrong = [...new Set([...found.keys(), ...expected.keys()])].filter(
    (key) => found.get(key) !== expected.get(key),
  );
  expect(wrong.map((key) => [key, found.get(key), expected.get(key)])).toEqual([]);
}
