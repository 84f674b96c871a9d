/** Servers with several shards on threads of their own, end to end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type RunningServer, startEvenkeel } from '../requirements.ts';
import { encode, Wire, withWire } from './wire.ts';

const debugging = ['--enable-debug-command', 'yes'];

describe.each([
  ['all', 2],
  ['none', 3],
] as const)('flags %s, --shards %i', (flags, shards) => {
  let server: RunningServer;
  let wire: Wire;
  beforeAll(async () => {
    server = await startEvenkeel({ flags, shards, arguments: debugging });
    wire = await Wire.open(server.port);
  });
  afterAll(async () => {
    wire.close();
    await server.stop();
  });

  it('says so when it is ready', async () => {
    await eventually('the line is there', () => server.stdout.includes(`(shards: ${shards}; flags: `));
  });

  it('answers a thousand connections, each in its order, and spreads them', async () => {
    await wire.ask('FLUSHALL');
    const wires = await Promise.all(Array.from({ length: 1000 }, () => Wire.open(server.port)));
    wires.forEach((each, i) => {
      each.sendBytes(
        Buffer.concat(
          [
            ['SET', `k${i}`, i],
            ['INCR', 'all'],
            ['GET', `k${i}`],
            ['EXISTS', `k${i}`, 'all'],
          ].map(encode),
        ),
      );
    });
    const totals = new Set<string>();
    for (const [i, each] of wires.entries()) {
      const replies = (await each.connection.receive(4)).map(String);
      expect([replies[0], replies[2], replies[3]]).toEqual([
        '+OK\r\n',
        `$${String(i).length}\r\n${i}\r\n`,
        ':2\r\n',
      ]);
      totals.add(replies[1]!);
    }
    expect(totals.size).toBe(1000);
    expect(await wire.info('connected_clients')).toBe('1001');
    for (let shard = 0; shard < shards; shard++)
      expect(Number(/clients=(\d+)/.exec(await wire.info(`shard${shard}`))![1])).toBeGreaterThan(0);
    for (const each of wires) each.close();
    await eventually('they are gone', async () => (await wire.info('connected_clients')) === '1');
  });

  it('carries values larger than any ring between shards', async () => {
    const value = Buffer.alloc(5_000_000, 'abcdefgh');
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      expect(await wire.ask('SET', key, value)).toBe('+OK\r\n');
      const reply = await wire.ask('GET', key);
      expect(reply.length).toBe(value.length + '$5000000\r\n\r\n'.length);
      expect(reply.endsWith('efgh\r\n')).toBe(true);
    }
  });

  it('SCAN returns all that was there throughout, while the keyspace grows', async () => {
    await wire.ask('FLUSHALL');
    await wire.ask('DEBUG', 'POPULATE', 3000, 'stays');
    const seen = new Set<string>();
    let cursor = '0';
    let calls = 0;
    do {
      const reply = await wire.ask('SCAN', cursor, 'MATCH', 'stays:*', 'COUNT', 100);
      cursor = reply.split('\r\n')[2]!;
      for (const line of reply.split('\r\n')) if (line.startsWith('stays:')) seen.add(line);
      await wire.ask('DEBUG', 'POPULATE', 200, `grows${calls++}`);
    } while (cursor !== '0');
    expect(seen.size).toBe(3000);
    expect(await wire.ask('DBSIZE')).toBe(`:${3000 + 200 * calls}\r\n`);
  });

  it('drains all shards at the end', async () => {
    const ending = await startEvenkeel({ flags, shards });
    await withWire(ending.port, async (last) => {
      last.sendBytes(Buffer.concat(Array.from({ length: 50 }, (_, i) => encode(['SET', `k${i}`, 'v']))));
      expect(await last.connection.receive(50)).toHaveLength(50);
    });
    ending.process.kill('SIGTERM');
    await eventually('it ends', () => ending.ended !== undefined);
    expect(ending.ended).toEqual({ code: 0, signal: null });
    expect(ending.stderr).toBe('');
  });

  it('goes down whole, and says why, when one of its threads dies', async () => {
    const doomed = await startEvenkeel({ flags, shards, arguments: debugging });
    const last = await Wire.open(doomed.port);
    last.send('DEBUG', 'PANIC');
    await eventually('it ends', () => doomed.ended !== undefined);
    last.close();
    expect(doomed.ended).toEqual({ code: 70, signal: null });
    expect(doomed.stderr).toMatch(/^evenkeel: the thread of shard \d died: AssertionError: DEBUG PANIC/m);
  });
});
