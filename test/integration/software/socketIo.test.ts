/** Socket.IO, unmodified: two servers that know of each other through us alone, over both adapters and both clients. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer } from '../../requirements.ts';
import { startServerUnderTest } from './serverUnderTest.ts';

describe.each([
  ['channels and patterns', 'ioredis', 2],
  ['channels and patterns', 'node-redis', 2],
  ['channels and patterns', 'node-redis', 3],
  ['sharded channels', 'node-redis', 2],
  ['sharded channels', 'node-redis', 3],
] as const)('Socket.IO through %s, %s, RESP%i', (channels, kind, RESP) => {
  let server: RunningServer;
  let servers: Server[];
  let connections: { end(): unknown }[];
  /** Two at the first server, one at the second. */
  let ann: Socket;
  let bob: Socket;
  let cyd: Socket;
  /** What arrived: `bob hello 1`. */
  let heard: string[];

  /** One end of an adapter. */
  const connect = async (): Promise<unknown> => {
    if (kind === 'ioredis') {
      const client = new Redis(server.port, { lazyConnect: true, protocol: RESP });
      await client.connect();
      connections.push({ end: () => client.disconnect() });
      return client;
    }
    const client = createClient({ RESP, socket: { host: '127.0.0.1', port: server.port } });
    await client.on('error', () => {}).connect();
    // The adapter's last commands are under way; they would be rejected to nobody.
    connections.push({ end: () => client.close() });
    return client;
  };
  const startServer = async (): Promise<string> => {
    const create = channels === 'sharded channels' ? createShardedAdapter : createAdapter;
    const web = http.createServer();
    const io = new Server(web, { adapter: create(await connect(), await connect()) });
    io.on('connection', (socket) => {
      socket.on('join', async (room: string, joined: () => void) => {
        await socket.join(room);
        joined();
      });
      socket.on('say', (room: string, text: string) => socket.to(room).emit('said', text));
    });
    web.listen(0, '127.0.0.1');
    await eventually('the Socket.IO server listens', () => web.listening);
    servers.push(io);
    return `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  };
  const visit = async (url: string, name: string): Promise<Socket> => {
    const socket = io(url, { transports: ['websocket'], reconnection: false });
    socket.onAny((event, ...rest) => {
      const answer = typeof rest.at(-1) === 'function' ? rest.pop() : undefined;
      heard.push([name, event, ...rest.map(String)].join(' '));
      answer?.(`${name} heard`);
    });
    await eventually(`${name} is connected`, () => socket.connected);
    return socket;
  };
  const told = async (...expected: string[]): Promise<void> => {
    await eventually(`${expected.join(', ')}`, () => expected.every((each) => heard.includes(each)));
    expect([...heard].sort()).toEqual([...expected].sort());
    heard.length = 0;
  };

  beforeAll(async () => {
    server = await startServerUnderTest();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [servers, connections, heard] = [[], [], []];
    const [first, second] = [await startServer(), await startServer()];
    ann = await visit(first, 'ann');
    bob = await visit(first, 'bob');
    cyd = await visit(second, 'cyd');
    await eventually(
      'the servers know of each other',
      async () => (await servers[0]!.fetchSockets().catch(() => [])).length === 3,
    );
  });
  afterEach(async () => {
    for (const socket of [ann, bob, cyd]) socket.disconnect();
    for (const each of servers) await each.close();
    for (const each of connections) await each.end();
  });

  it('broadcasts to the clients of both servers', async () => {
    servers[1]!.emit('hello', 1);
    await told('ann hello 1', 'bob hello 1', 'cyd hello 1');
    servers[0]!.except(ann.id!).emit('hello', 2);
    await told('bob hello 2', 'cyd hello 2');
    servers[0]!.local.emit('hello', 3);
    await told('ann hello 3', 'bob hello 3');
  });

  it('reaches a room on both servers, and nobody outside', async () => {
    await ann.emitWithAck('join', 'tea');
    await cyd.emitWithAck('join', 'tea');
    await eventually(
      'both are in the room',
      async () => (await servers[0]!.in('tea').fetchSockets()).length === 2,
    );
    servers[0]!.to('tea').emit('served', 'green');
    await told('ann served green', 'cyd served green');
    bob.emit('say', 'tea', 'may I?');
    await told('ann said may I?', 'cyd said may I?');
    cyd.emit('say', 'tea', 'do');
    await told('ann said do');
    servers[1]!.to(bob.id!).emit('privately', 'yes');
    await told('bob privately yes');
  });

  it('carries bytes', async () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    let got: unknown;
    ann.on('bytes', (bytes: Buffer) => {
      got = bytes;
    });
    servers[1]!.emit('bytes', every);
    await eventually('they arrive', () => got !== undefined);
    expect(Buffer.from(got as Buffer)).toEqual(every);
  });

  it('collects acknowledgements of both servers', async () => {
    const answers: string[] = await servers[1]!.timeout(10_000).emitWithAck('count');
    expect(answers.sort()).toEqual(['ann heard', 'bob heard', 'cyd heard']);
  });

  it('moves and disconnects clients of the other server', async () => {
    servers[0]!.in(cyd.id!).socketsJoin('moved');
    await eventually(
      'it is in the room',
      async () => (await servers[0]!.in('moved').fetchSockets()).length === 1,
    );
    servers[0]!.to('moved').emit('here');
    await told('cyd here');
    servers[0]!.in('moved').disconnectSockets(true);
    await eventually('it is disconnected', () => !cyd.connected);
    expect(ann.connected && bob.connected).toBe(true);
  });

  it('sends events between servers', async () => {
    const heardByServers: string[] = [];
    for (const [i, each] of servers.entries())
      each.on('between', (text: string) => heardByServers.push(`${i} ${text}`));
    servers[0]!.serverSideEmit('between', 'us');
    await eventually('the other hears', () => heardByServers.length === 1);
    expect(heardByServers).toEqual(['1 us']);
  });
});
