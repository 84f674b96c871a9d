/** Connections end to end: pauses, silenced replies, kills, many at once, protected mode, other protocols at the door. */
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type RunningServer, startEvenkeel } from '../requirements.ts';
import { encode, Wire } from './wire.ts';

describe.each([
  ['all', 1],
  ['none', 1],
  ['all', 0],
] as const)('connections, flags %s, --threads %i', (flags, threads) => {
  let server: RunningServer;
  let wire: Wire;
  const others: Wire[] = [];
  const connect = async (): Promise<Wire> => {
    const other = await Wire.open(server.port);
    others.push(other);
    return other;
  };
  beforeAll(async () => {
    server = await startEvenkeel({ flags, threads });
    wire = await Wire.open(server.port);
  });
  afterEach(async () => {
    for (const other of others.splice(0)) other.close();
    await wire.ask('FLUSHALL');
  });
  afterAll(async () => {
    wire.close();
    await server.stop();
  });

  it('CLIENT PAUSE holds everything, UNPAUSE too, and all go on in order', async () => {
    const held = await connect();
    expect(await wire.ask('CLIENT', 'PAUSE', 2000)).toBe('+OK\r\n');
    held.sendBytes(
      Buffer.concat(
        [
          ['SET', 'k', '1'],
          ['INCR', 'k'],
          ['GET', 'k'],
        ].map(encode),
      ),
    );
    // A later connection's request arrives after these; once it is held, these were seen too.
    const later = await connect();
    later.send('PING');
    await expect(later.reply(100)).rejects.toThrow('0 of 1 replies');
    expect(held.connection.unread).toHaveLength(0);
    wire.send('CLIENT', 'UNPAUSE');
    await expect(wire.reply(100)).rejects.toThrow('0 of 1 replies');
    expect(await wire.reply()).toBe('+OK\r\n');
    expect((await held.connection.receive(3)).join('')).toBe('+OK\r\n:2\r\n$1\r\n2\r\n');
    expect(await later.reply()).toBe('+PONG\r\n');
  });

  it('CLIENT PAUSE WRITE lets reads pass', async () => {
    const [reader, writer] = [await connect(), await connect()];
    await wire.ask('SET', 'k', 'before');
    expect(await wire.ask('CLIENT', 'PAUSE', 60_000, 'WRITE')).toBe('+OK\r\n');
    writer.send('SET', 'k', 'after');
    expect(await reader.ask('GET', 'k')).toBe('$6\r\nbefore\r\n');
    await expect(writer.reply(100)).rejects.toThrow('0 of 1 replies');
    expect(await reader.ask('GET', 'k')).toBe('$6\r\nbefore\r\n');
    await wire.ask('CLIENT', 'UNPAUSE');
    expect(await writer.reply()).toBe('+OK\r\n');
    expect(await reader.ask('GET', 'k')).toBe('$5\r\nafter\r\n');
  });

  it('CLIENT PAUSE ends by itself, neither early nor never', async () => {
    const held = await connect();
    const startedMs = performance.now();
    expect(await wire.ask('CLIENT', 'PAUSE', 300)).toBe('+OK\r\n');
    expect(await held.ask('PING')).toBe('+PONG\r\n');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(295);
  });

  it('a client that leaves during a pause leaves nothing behind', async () => {
    await wire.ask('CLIENT', 'PAUSE', 60_000, 'WRITE');
    const leaving = await connect();
    leaving.send('SET', 'left', '1');
    await expect(leaving.reply(100)).rejects.toThrow('0 of 1 replies');
    leaving.close();
    await wire.ask('CLIENT', 'UNPAUSE');
    await eventually('it is gone', async () => (await wire.info('connected_clients')) === '1');
    expect(await wire.ask('PING')).toBe('+PONG\r\n');
  });

  it('CLIENT REPLY OFF, SKIP and ON', async () => {
    const other = await connect();
    for (const words of [
      ['CLIENT', 'REPLY', 'OFF'],
      ['SET', 'k', '1'],
      ['NOSUCH'],
      ['CLIENT', 'REPLY', 'ON'],
      ['CLIENT', 'REPLY', 'SKIP'],
      ['INCR', 'k'],
      ['GET', 'k'],
    ])
      other.send(...words);
    expect((await other.connection.receive(2)).join('')).toBe('+OK\r\n$1\r\n2\r\n');
    expect(await other.ask('PING')).toBe('+PONG\r\n');
  });

  it('CLIENT KILL by address, of others and of oneself, and QUIT', async () => {
    const [victim, self, leaving] = [await connect(), await connect(), await connect()];
    const address = / addr=(\S+)/.exec(await victim.ask('CLIENT', 'INFO'))![1]!;
    expect(await wire.ask('CLIENT', 'KILL', address)).toBe('+OK\r\n');
    await eventually('the victim is closed', () => victim.closed);
    const id = (await self.ask('CLIENT', 'ID')).slice(1).trim();
    self.sendBytes(Buffer.concat([['CLIENT', 'KILL', 'ID', id, 'SKIPME', 'no'], ['PING']].map(encode)));
    expect(await self.reply()).toBe(':1\r\n');
    await eventually('it closed itself', () => self.closed);
    leaving.sendBytes(Buffer.concat([['SET', 'k', 'v'], ['QUIT'], ['PING']].map(encode)));
    expect((await leaving.connection.receive(2)).join('')).toBe('+OK\r\n+OK\r\n');
    await eventually('it has left', () => leaving.closed);
    for (const each of [self, leaving]) expect(each.connection.unread).toHaveLength(0);
  });

  it('1,000 connections at once, each answered with its own', async () => {
    const crowd = await Promise.all(Array.from({ length: 1000 }, connect));
    // Connected is what the kernel says; the server takes them from its queue in turn.
    await eventually('all are let in', async () => (await wire.info('connected_clients')) === '1001');
    for (let round = 0; round < 3; round++) {
      crowd.forEach((each, i) => {
        each.send('SET', `of:${i}`, `${i}:${round}`);
        each.send('GET', `of:${i}`);
      });
      for (const [i, each] of crowd.entries()) {
        const text = `${i}:${round}`;
        expect((await each.connection.receive(2)).join('')).toBe(`+OK\r\n$${text.length}\r\n${text}\r\n`);
      }
    }
    for (const each of others.splice(0)) each.close();
    await eventually('all are gone', async () => (await wire.info('connected_clients')) === '1');
  });

  it.each([
    'POST / HTTP/1.1\r\nHost: x\r\n\r\nSET stolen 1\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\nSET stolen 1\r\n',
  ])('a browser is turned away before it can do harm: %j', async (request) => {
    const browser = await connect();
    browser.sendBytes(request);
    await eventually('it is closed', () => browser.closed);
    expect(browser.connection.unread.toString('latin1')).not.toContain('+OK');
    expect(await wire.ask('EXISTS', 'stolen')).toBe(':0\r\n');
  });

  it('requests byte by byte, and inline ones', async () => {
    const other = await connect();
    for (const byte of encode(['SET', 'slow', 'value'])) other.sendBytes(Buffer.from([byte]));
    expect(await other.reply()).toBe('+OK\r\n');
    other.sendBytes('\r\nGET slow\n  set  "two words"   \'x\'  \r\nEXISTS "two words"\r\n');
    expect((await other.connection.receive(3)).join('')).toBe('$5\r\nvalue\r\n+OK\r\n:1\r\n');
  });

  it('a client that resets its connection with requests under way harms nobody', async () => {
    const logBefore = server.stderr;
    await wire.ask('SET', 'large', Buffer.alloc(1024 * 1024));
    for (let i = 0; i < 20; i++) {
      const socket = net.connect(server.port, '127.0.0.1');
      await new Promise((resolve) => socket.once('connect', resolve));
      await new Promise((resolve) =>
        socket.write(Buffer.concat(Array(10).fill(encode(['GET', 'large']))), resolve),
      );
      socket.resetAndDestroy();
    }
    await eventually('all are gone', async () => (await wire.info('connected_clients')) === '1');
    expect(await wire.ask('STRLEN', 'large')).toBe(':1048576\r\n');
    expect(server.stderr).toBe(logBefore);
  });
});

const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((each) => each !== undefined && !each.internal && each.family === 'IPv4')?.address;

describe.skipIf(ownAddress === undefined)(
  `protected mode${ownAddress === undefined ? ' [needs a non-loopback address]' : ''}`,
  () => {
    const meet = async (args: string[], use: (local: Wire, remote: Wire) => Promise<void>): Promise<void> => {
      const server = await startEvenkeel({ host: '0.0.0.0', arguments: args });
      try {
        const [local, remote] = [await Wire.open(server.port), await Wire.open(server.port, ownAddress)];
        await use(local, remote).finally(() => {
          local.close();
          remote.close();
        });
      } finally {
        await server.stop();
      }
    };

    it('by default only this machine is let in, until protection is switched off', () =>
      meet([], async (local, remote) => {
        expect(await remote.reply()).toMatch(/^-DENIED Evenkeel is running in protected mode/);
        await eventually('the remote one is closed', () => remote.closed);
        expect(await local.ask('CONFIG', 'SET', 'protected-mode', 'no')).toBe('+OK\r\n');
        const port = Number(/ laddr=\S+:(\d+)/.exec(await local.ask('CLIENT', 'INFO'))![1]);
        const again = await Wire.open(port, ownAddress);
        expect(await again.ask('PING')).toBe('+PONG\r\n');
        again.close();
      }));

    it('a password lets others in to give it', () =>
      meet(['--requirepass', 'secret'], async (_, remote) => {
        expect(await remote.ask('PING')).toMatch(/^-NOAUTH /);
        expect(await remote.ask('AUTH', 'secret')).toBe('+OK\r\n');
      }));
  },
);
