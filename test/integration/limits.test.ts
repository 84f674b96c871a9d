/** Limits an operator sets, and limits hostile clients meet: each ends in an error or a closed connection, never in a dead server. */
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer, startEvenkeel } from '../requirements.ts';
import { encode, Wire, withWire } from './wire.ts';

const MB = 1024 * 1024;

describe.each(['all', 'none'])('limits, flags %s', (flags) => {
  let server: RunningServer;
  const wires: Wire[] = [];
  const start = async (...args: string[]): Promise<Wire> => {
    server = await startEvenkeel({ flags, arguments: args });
    return connect();
  };
  const connect = async (): Promise<Wire> => {
    const wire = await Wire.open(server.port);
    wires.push(wire);
    return wire;
  };
  afterEach(async () => {
    for (const wire of wires.splice(0)) wire.close();
    await server.stop();
  });
  const closes = (wire: Wire): Promise<void> => eventually('the connection is closed', () => wire.closed);

  it('maxclients: one too many gets an error and is closed; a free place is given again', async () => {
    const first = await start('--maxclients', '3');
    // The connection that found the server ready may still be leaving.
    await eventually('the start is over', async () => (await first.info('connected_clients')) === '1');
    const others = [await connect(), await connect()];
    for (const other of others) expect(await other.ask('PING')).toBe('+PONG\r\n');
    const refused = await connect();
    expect(await refused.reply()).toBe('-ERR max number of clients reached\r\n');
    await closes(refused);
    expect(await first.info('rejected_connections')).toBe('1');
    others[0]!.close();
    await eventually('a place is free', async () => (await first.info('connected_clients')) === '2');
    expect(await (await connect()).ask('PING')).toBe('+PONG\r\n');
  });

  it('out of descriptors: who is in is served, and others come in once there is room', async () => {
    // Node itself needs some thirty.
    server = await startEvenkeel({ flags, descriptorsMax: 100 });
    const first = await connect();
    const crowd = await Promise.all(Array.from({ length: 120 }, connect));
    await eventually('the limit is met', async () => Number(await first.info('connected_clients')) > 40);
    expect(await first.ask('SET', 'k', 'v')).toBe('+OK\r\n');
    expect(Number(await first.info('used_memory_rss'))).toBeGreaterThan(MB);
    for (const wire of crowd) wire.close();
    await eventually('the crowd is gone', async () => (await first.info('connected_clients')) === '1');
    expect(await (await connect()).ask('GET', 'k')).toBe('$1\r\nv\r\n');
  });

  it('timeout: an idle client is closed, an active one is not', async () => {
    const active = await start('--timeout', '1');
    const idle = await connect();
    const startedMs = performance.now();
    await eventually('the idle client is closed', async () => {
      expect(await active.ask('PING')).toBe('+PONG\r\n');
      return idle.closed;
    });
    expect(performance.now() - startedMs).toBeGreaterThan(900);
  });

  it('timeout spares who waits to be told something', async () => {
    const active = await start('--timeout', '1');
    const [subscriber, blocked, monitor, idle] = [
      await connect(),
      await connect(),
      await connect(),
      await connect(),
    ];
    await subscriber.ask('SUBSCRIBE', 'x');
    blocked.send('BLPOP', 'l', 0);
    await monitor.ask('MONITOR');
    await eventually('the idle client is closed', async () => {
      await active.ask('PING');
      return idle.closed;
    });
    expect([subscriber.closed, blocked.closed, monitor.closed]).toEqual([false, false, false]);
  });

  it('client-output-buffer-limit: a subscriber may be beyond the soft limit for its seconds only', async () => {
    const publisher = await start('--client-output-buffer-limit', 'pubsub', '0', '1mb', '1');
    const [slow, quick] = [await connect(), await connect()];
    for (const each of [slow, quick]) await each.ask('SUBSCRIBE', 'x');
    slow.connection.setReading(false);
    const message = Buffer.alloc(MB);
    // Beyond what the kernel takes on both sides.
    for (let i = 0; i < 24; i++) {
      await publisher.ask('PUBLISH', 'x', message);
      await quick.reply();
    }
    await eventually(
      'the slow one is closed',
      async () => (await publisher.info('client_output_buffer_limit_disconnections')) === '1',
    );
    expect(await publisher.ask('PUBLISH', 'x', 'y')).toBe(':1\r\n');
    expect(quick.closed).toBe(false);
  });

  it('client-output-buffer-limit: a normal client, hard and soft, set at run time', async () => {
    const observer = await start();
    await observer.ask('SET', 'large', Buffer.alloc(MB));
    const closedBy = async (limit: string): Promise<void> => {
      const before = Number(await observer.info('client_output_buffer_limit_disconnections'));
      expect(await observer.ask('CONFIG', 'SET', 'client-output-buffer-limit', limit)).toBe('+OK\r\n');
      const slow = await connect();
      slow.connection.setReading(false);
      for (let i = 0; i < 24; i++) slow.send('GET', 'large');
      await eventually(
        'the slow one is closed',
        async () => Number(await observer.info('client_output_buffer_limit_disconnections')) === before + 1,
      );
    };
    await closedBy('normal 8mb 0 0');
    await closedBy('normal 0 4mb 1');
    expect(await observer.ask('CONFIG', 'SET', 'client-output-buffer-limit', 'replica 1mb 1mb 1')).toBe(
      '+OK\r\n',
    );
  });

  it('maxmemory-clients: the largest goes, unless it is exempt', async () => {
    const observer = await start('--maxmemory-clients', '6mb');
    const [large, exempt, small] = [await connect(), await connect(), await connect()];
    expect(await exempt.ask('CLIENT', 'NO-EVICT', 'on')).toBe('+OK\r\n');
    const part = Buffer.concat([Buffer.from('*2\r\n$4\r\nECHO\r\n$9000000\r\n'), Buffer.alloc(MB)]);
    for (const each of [exempt, small, large])
      each.sendBytes(part.subarray(0, each === small ? 1000 : part.length));
    await eventually('two are held', async () => {
      const held = [...(await observer.ask('CLIENT', 'LIST')).matchAll(/ qbuf=(\d+) /g)];
      return held.filter(([, bytes]) => Number(bytes) >= MB).length === 2;
    });
    large.sendBytes(Buffer.alloc(3 * MB));
    await closes(large);
    expect(await observer.info('evicted_clients')).toBe('1');
    exempt.sendBytes(Buffer.alloc(6 * MB));
    // Over the limit by itself: all others go, it stays.
    await closes(small);
    await closes(observer);
    expect(exempt.closed).toBe(false);
  });

  it('promised lengths cost nothing until their bytes come', async () => {
    const observer = await start();
    const memoryBytes = async (): Promise<number> => Number(await observer.info('used_memory_rss'));
    const beforeBytes = await memoryBytes();
    const promising = await Promise.all(Array.from({ length: 40 }, connect));
    promising.forEach((wire, i) => {
      wire.sendBytes(
        i % 2 === 0
          ? '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nabc'
          : '*2147483647\r\n$4\r\nMGET\r\n$1\r\nk\r\n',
      );
    });
    await eventually('all promises were read', async () => {
      const list = await observer.ask('CLIENT', 'LIST');
      return [...list.matchAll(/ qbuf=(\d+)/g)].filter(([, bytes]) => Number(bytes) > 0).length >= 40;
    });
    // 40 promises of 512 MB or 2 G arguments each; what they may take is connections' small change.
    expect((await memoryBytes()) - beforeBytes).toBeLessThan(100 * MB);
    expect(promising.some((wire) => wire.closed)).toBe(false);
  });

  it('malformed requests get their error and are closed, and nobody else notices', async () => {
    const observer = await start();
    const bulk = '-ERR Protocol error: invalid bulk length\r\n';
    for (const [request, error] of [
      ['*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870913\r\n', bulk],
      ['*1\r\n$-5\r\n', bulk],
      ['*1\r\n$1x\r\n', bulk],
      ['*2147483648\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
      ['*1\r\nPING\r\n', "-ERR Protocol error: expected '$', got 'P'\r\n"],
      [`${'x'.repeat(65_600)}`, '-ERR Protocol error: too big inline request\r\n'],
      [`*${'1'.repeat(65_600)}`, '-ERR Protocol error: too big mbulk count string\r\n'],
      ['SET "unbalanced\r\n', '-ERR Protocol error: unbalanced quotes in request\r\n'],
    ] as const) {
      const hostile = await connect();
      hostile.sendBytes(request);
      expect(await hostile.reply(), request.slice(0, 60)).toBe(error);
      await closes(hostile);
    }
    expect(await observer.ask('PING')).toBe('+PONG\r\n');
  });

  it('before authentication, arguments are few and small', async () => {
    const observer = await start('--requirepass', 'x');
    const many = await connect();
    many.sendBytes('*11\r\n');
    expect(await many.reply()).toBe('-ERR Protocol error: unauthenticated multibulk length\r\n');
    const long = await connect();
    long.sendBytes('*2\r\n$4\r\nAUTH\r\n$16385\r\n');
    expect(await long.reply()).toBe('-ERR Protocol error: unauthenticated bulk length\r\n');
    await Promise.all([closes(many), closes(long)]);
    expect(await observer.ask('AUTH', 'x')).toBe('+OK\r\n');
    expect(await observer.ask('SET', 'k', 'x'.repeat(20_000))).toBe('+OK\r\n');
  });

  it('client-query-buffer-limit: a request that outgrows it is closed, one below it is served', async () => {
    const observer = await start('--client-query-buffer-limit', '1mb', '--loglevel', 'notice');
    const large = await connect();
    large.send('SET', 'k', Buffer.alloc(4 * MB));
    await closes(large);
    expect(await observer.ask('EXISTS', 'k')).toBe(':0\r\n');
    expect(await observer.ask('SET', 'k', Buffer.alloc(MB / 2))).toBe('+OK\r\n');
    expect(server.stderr).toMatch(/query buffer limit of 1048576 bytes exceeded/);
  });

  it('client-output-buffer-limit: who does not read is closed, who reads the same is served', async () => {
    const reader = await start('--client-output-buffer-limit', 'normal', '8mb', '0', '0');
    await reader.ask('SET', 'large', Buffer.alloc(MB, 'x'));
    const deaf = await connect();
    deaf.connection.setReading(false);
    for (let i = 0; i < 64; i++) deaf.send('GET', 'large');
    await eventually('it is gone', async () => (await reader.info('connected_clients')) === '1');
    for (let i = 0; i < 64; i++) expect(await reader.ask('GET', 'large')).toHaveLength(MB + 12);
  });

  it('a slow reader of 64 MB gets every byte, keeps nobody waiting, and goes on', async () => {
    const other = await start();
    await other.ask('SET', 'large', Buffer.alloc(MB, 'y'));
    const slow = await connect();
    slow.connection.setReading(false);
    for (let i = 0; i < 64; i++) slow.send('GET', 'large');
    slow.send('PING');
    await eventually('replies wait', async () =>
      / omem=\d{8}/.test(await other.ask('CLIENT', 'LIST', 'TYPE', 'normal')),
    );
    expect(await other.ask('SET', 'meanwhile', 'served')).toBe('+OK\r\n');
    slow.connection.setReading(true);
    for (const reply of await slow.connection.receive(64)) expect(reply).toHaveLength(MB + 12);
    expect(await slow.reply()).toBe('+PONG\r\n');
    expect(await slow.ask('GET', 'meanwhile')).toBe('$6\r\nserved\r\n');
  });

  describe('maxmemory', () => {
    /** Values of 1 KB under keys `prefix:i`; how many were refused for lack of memory. */
    const fill = async (wire: Wire, prefix: string, count: number): Promise<number> => {
      const value = 'v'.repeat(1024);
      wire.sendBytes(
        Buffer.concat(Array.from({ length: count }, (_, i) => encode(['SET', `${prefix}:${i}`, value]))),
      );
      const replies = (await wire.connection.receive(count)).map((reply) => reply.toString('latin1'));
      const refused = replies.filter((reply) => reply !== '+OK\r\n');
      for (const reply of refused)
        expect(reply).toBe("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
      return refused.length;
    };

    it('noeviction: writes are refused, reads and deletes are not, and room made is room', async () => {
      const wire = await start('--maxmemory', '20mb');
      expect(await fill(wire, 'key', 40_000)).toBeGreaterThan(15_000);
      expect(await wire.info('evicted_keys')).toBe('0');
      expect(await wire.ask('HSET', 'h', 'f', 'v')).toMatch(/^-OOM /);
      expect(await wire.ask('STRLEN', 'key:0')).toBe(':1024\r\n');
      expect(await wire.ask('DEL', 'key:0')).toBe(':1\r\n');
      expect(await wire.ask('FLUSHALL')).toBe('+OK\r\n');
      expect(await wire.ask('SET', 'again', 'x')).toBe('+OK\r\n');
    });

    it('allkeys-lru: old keys go, no write is refused, the data stays below the limit', async () => {
      const wire = await start('--maxmemory', '20mb', '--maxmemory-policy', 'allkeys-lru');
      expect(await fill(wire, 'key', 60_000)).toBe(0);
      expect(Number(await wire.info('evicted_keys'))).toBeGreaterThan(30_000);
      expect(Number(await wire.info('used_memory_dataset'))).toBeLessThan(21 * MB);
      expect(await wire.ask('STRLEN', 'key:59999')).toBe(':1024\r\n');
    });

    it('volatile-ttl: only keys that expire go; without any, writes are refused', async () => {
      const wire = await start('--maxmemory', '20mb', '--maxmemory-policy', 'volatile-ttl');
      for (let i = 0; i < 100; i++) wire.send('SET', `brief:${i}`, 'x', 'EX', 1000 + i);
      await wire.connection.receive(100);
      expect(await fill(wire, 'key', 30_000)).toBeGreaterThan(5000);
      expect(await wire.info('evicted_keys')).toBe('100');
      expect(await wire.ask('EXISTS', 'key:0')).toBe(':1\r\n');
    });

    it('lowered below what is there: writes go on, and the excess is evicted', async () => {
      const wire = await start('--maxmemory-policy', 'allkeys-random');
      expect(await fill(wire, 'key', 20_000)).toBe(0);
      expect(await wire.ask('CONFIG', 'SET', 'maxmemory', '10mb')).toBe('+OK\r\n');
      expect(await fill(wire, 'more', 2000)).toBe(0);
      await eventually('the excess is gone', async () => Number(await wire.info('evicted_keys')) > 10_000);
    });
  });
});

describe('CONFIG SET', () => {
  it('takes effect on connections that are open', async () => {
    const server = await startEvenkeel();
    try {
      await withWire(server.port, async (wire) => {
        await withWire(server.port, async (other) => {
          // Connected is not yet accepted: only an answer tells that it was let in.
          expect(await other.ask('PING')).toBe('+PONG\r\n');
          expect(await wire.ask('CONFIG', 'SET', 'requirepass', 'secret', 'maxclients', '7')).toBe('+OK\r\n');
          // Who was let in without a password stays in, as in Redis.
          expect(await other.ask('PING')).toBe('+PONG\r\n');
        });
        await withWire(server.port, async (late) => {
          expect(await late.ask('PING')).toMatch(/^-NOAUTH /);
          expect(await late.ask('AUTH', 'secret')).toBe('+OK\r\n');
        });
      });
    } finally {
      await server.stop();
    }
  });
});
