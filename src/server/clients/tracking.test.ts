import { describe, expect, it } from 'vitest';
import { CommandHarness, type HarnessClient } from '../commands/commandHarness.ts';
import { ErrorReply } from '../protocol/respReader.ts';
import { ShardPosition } from '../routing/slots.ts';

const invalidated = (...keys: string[]): string =>
  `>2\r\n$10\r\ninvalidate\r\n*${keys.length}\r\n${keys.map((key) => `$${key.length}\r\n${key}\r\n`).join('')}`;

function tracking(h: CommandHarness, ...options: string[]): HarnessClient {
  const client = h.connect();
  client.run('HELLO', '3');
  expect(client.run('CLIENT', 'TRACKING', 'ON', ...options)).toBe('OK');
  return client;
}

const infoField = (h: CommandHarness, name: string): string =>
  new RegExp(`^${name}:(.*)\r$`, 'm').exec(h.run('INFO', 'everything') as string)![1]!;

describe('client-side caching', () => {
  it.each([true, false])('tells once what was read, fast lanes %s', (fastPath) => {
    const h = new CommandHarness({ fastPath });
    const cached = tracking(h);
    cached.run('GET', 'k');
    h.run('SET', 'k', '1');
    h.run('SET', 'k', '2');
    expect(cached.takeOutput().toString()).toBe(invalidated('k'));
  });

  it('says what a command of its own did behind the reply, of a transaction behind the whole', () => {
    const h = new CommandHarness();
    const cached = tracking(h);
    cached.run('GET', 'k');
    expect(cached.raw('SET', 'k', '1').toString()).toBe(`+OK\r\n${invalidated('k')}`);
    cached.run('MULTI');
    for (const words of [
      ['GET', 'k'],
      ['SET', 'k', '2'],
      ['GET', 'k'],
    ])
      cached.run(...words);
    expect(cached.raw('EXEC').toString()).toBe(`*3\r\n$1\r\n1\r\n+OK\r\n$1\r\n2\r\n${invalidated('k')}`);
    const deaf = tracking(h, 'NOLOOP');
    deaf.run('GET', 'k');
    expect(deaf.raw('SET', 'k', '3').toString()).toBe('+OK\r\n');
  });

  it('tells of expiry and of eviction', () => {
    const h = new CommandHarness({ configuration: { 'maxmemory-policy': 'allkeys-random' } });
    h.run('SET', 'short', 'x', 'PX', '50');
    const cached = tracking(h);
    const broadcast = tracking(h, 'BCAST', 'NOLOOP');
    cached.run('GET', 'short');
    h.advance(300);
    expect(cached.takeOutput().toString()).toBe(invalidated('short'));
    expect(broadcast.takeOutput().toString()).toBe(invalidated('short'));
    h.run('SET', 'only', 'x'.repeat(1000));
    broadcast.takeOutput();
    cached.run('GET', 'only');
    h.run('CONFIG', 'SET', 'maxmemory', '1');
    h.advance(200);
    expect(cached.takeOutput().toString()).toBe(invalidated('only'));
    expect(broadcast.takeOutput().toString()).toBe(invalidated('only'));
  });

  it('tells of an eviction that a command of its own needs before that reply', () => {
    const h = new CommandHarness({ configuration: { 'maxmemory-policy': 'allkeys-random' } });
    h.run('SET', 'only', 'x');
    const cached = tracking(h);
    cached.run('GET', 'only');
    h.run('CONFIG', 'SET', 'maxmemory', '1');
    expect(cached.raw('SET', 'other', 'x').toString()).toMatch(/^>2\r\n\$10\r\ninvalidate\r\n[^+-]*[+-]/);
  });

  it('gathers what changed in a turn for those who listen to prefixes, sorted', () => {
    const h = new CommandHarness();
    const broadcast = tracking(h, 'BCAST', 'PREFIX', 'a', 'PREFIX', 'b');
    const own = tracking(h, 'BCAST', 'NOLOOP');
    h.run('MSET', 'b', '1', 'a2', '1', 'a1', '1', 'c', '1');
    expect(broadcast.takeOutput().toString()).toBe(invalidated('a1', 'a2') + invalidated('b'));
    expect(own.takeOutput().toString()).toBe(invalidated('a1', 'a2', 'b', 'c'));
    expect(own.raw('SET', 'k', '1').toString()).toBe('+OK\r\n');
    own.close();
    expect(h.server.tracking.prefixCount).toBe(2);
  });

  it('counts what it remembers, and forgets it with the last who cares', () => {
    const h = new CommandHarness();
    const [one, two] = [tracking(h), tracking(h)];
    for (const client of [one, two]) client.run('MGET', 'k', 'j', 'k');
    one.run('GET', 'l');
    const counts = (): string[] =>
      ['tracking_clients', 'tracking_total_keys', 'tracking_total_items', 'tracking_total_prefixes'].map(
        (name) => infoField(h, name),
      );
    expect(counts()).toEqual(['2', '3', '5', '0']);
    h.run('DEL', 'k');
    h.run('SET', 'k', '1');
    expect(counts()).toEqual(['2', '2', '3', '0']);
    expect(h.run('CLIENT', 'LIST', 'ID', '2')).toMatch(/ flags=t .* redir=0 /);
    one.close();
    expect(counts()).toEqual(['1', '2', '3', '0']);
    two.run('RESET');
    expect(counts()).toEqual(['0', '0', '0', '0']);
    // The fast lanes are open again.
    expect(h.server.keyEvents.active).toBe(false);
  });

  it('shows a broken redirection', () => {
    const h = new CommandHarness();
    const target = h.connect();
    const cached = tracking(h, 'REDIRECT', '2', 'BCAST');
    expect(h.run('CLIENT', 'LIST', 'ID', '3')).toMatch(/ flags=tB .* redir=2 /);
    target.close();
    h.run('SET', 'k', '1');
    expect(cached.takeOutput().toString()).toBe('>2\r\n$21\r\ntracking-redir-broken\r\n:2\r\n');
    expect(h.run('CLIENT', 'LIST', 'ID', '3')).toMatch(/ flags=tRB /);
  });

  it('remembers tracking-table-max-keys keys, the last ones', () => {
    const h = new CommandHarness({ configuration: { 'tracking-table-max-keys': '3' } });
    const cached = tracking(h);
    for (const key of ['a', 'b', 'c']) cached.run('GET', key);
    expect(cached.raw('GET', 'd').toString()).toBe(`_\r\n${invalidated('a')}`);
    expect(infoField(h, 'tracking_total_keys')).toBe('3');
    h.run('CONFIG', 'SET', 'tracking-table-max-keys', '0');
    for (let i = 0; i < 1000; i++) cached.run('GET', `k${i}`);
    expect(infoField(h, 'tracking_total_keys')).toBe('1003');
    h.run('CONFIG', 'SET', 'tracking-table-max-keys', '10');
    h.advance(100);
    // A hundred at first, then more each time.
    expect(infoField(h, 'tracking_total_keys')).toBe('903');
    h.advance(1000);
    expect(infoField(h, 'tracking_total_keys')).toBe('10');
  });

  it('is refused by a server with several shards', () => {
    const h = new CommandHarness();
    (h.server as { shard: ShardPosition }).shard = new ShardPosition(0, 2);
    expect(h.run('CLIENT', 'TRACKING', 'ON')).toEqual(
      new ErrorReply('ERR client-side caching needs a server with one shard in this version: --shards 1'),
    );
    expect(h.run('CLIENT', 'TRACKING', 'OFF')).toBe('OK');
  });
});
