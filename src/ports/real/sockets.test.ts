/** What every implementation of the Net port does, over real TCP connections: Node's sockets and io_uring's alike. */
import net from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, needing, pause } from '../../../test/requirements.ts';
import { testSeed } from '../../../test/seed.ts';
import type { Listener, ListenOptions, Net, Socket, SocketEvents } from '../net.ts';
import { NetSockets } from './netSockets.ts';
import { UringSockets } from './uring/uringSockets.ts';

const uring = await UringSockets.open().catch((reason: Error) => reason);
const variants: [string, Net | undefined][] = [
  ['Node', new NetSockets()],
  ['io_uring', uring instanceof UringSockets ? uring : undefined],
];

const LOCAL: ListenOptions = { host: '127.0.0.1', port: 0, backlog: 1024, reusePort: false };
const MB = 1024 * 1024;

/** The server's end of a connection, and what it was told. */
class ServerEnd implements SocketEvents {
  readonly socket: Socket;
  readonly received: Buffer[] = [];
  drains = 0;
  closes = 0;
  onBytes: (bytes: Buffer) => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
  }

  get receivedBytes(): number {
    return this.received.reduce((sum, piece) => sum + piece.length, 0);
  }

  onData(buffer: Uint8Array, length: number): void {
    if (this.closes > 0) throw new Error('data after the close');
    const bytes = Buffer.from(buffer.subarray(0, length));
    this.received.push(bytes);
    this.onBytes(bytes);
  }

  onDrain(): void {
    this.drains++;
  }

  onClose(): void {
    this.closes++;
  }
}

/** The peer's end. */
class Peer {
  readonly socket: net.Socket;
  readonly received: Buffer[] = [];
  ended = false;
  closed = false;

  constructor(port: number, host = '127.0.0.1') {
    this.socket = net.connect({ port, host, allowHalfOpen: true });
    this.socket.on('data', (bytes) => this.received.push(bytes));
    this.socket.on('end', () => {
      this.ended = true;
    });
    this.socket.on('close', () => {
      this.closed = true;
    });
    this.socket.on('error', () => {});
  }

  get bytes(): Buffer {
    return Buffer.concat(this.received);
  }

  get receivedBytes(): number {
    return this.received.reduce((sum, piece) => sum + piece.length, 0);
  }
}

/** Bytes that tell where in the stream they stand. */
function pattern(bytes: number, seed = 0): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (let i = 0; i < bytes; i++) buffer[i] = (i * 31 + (i >> 8) * 7 + seed) & 0xff;
  return buffer;
}

describe.each(variants)('sockets of %s', (name, transport) => {
  const suite = transport === undefined ? describe.skip : describe;
  suite(needing('as the Net port promises', 'io_uring', transport === undefined ? undefined : name), () => {
    const sockets = transport!;
    const ends: ServerEnd[] = [];
    const peers: Peer[] = [];
    let listener: Listener;
    let prepare: (end: ServerEnd) => void;

    beforeAll(async () => {
      listener = await sockets.listen(LOCAL, accept);
      return () => listener.close();
    });
    const accept = (socket: Socket): SocketEvents => {
      const end = new ServerEnd(socket);
      ends.push(end);
      prepare(end);
      return end;
    };
    const nothing = (): void => {};
    const connect = async (prepared: (end: ServerEnd) => void = nothing): Promise<[ServerEnd, Peer]> => {
      prepare = prepared;
      const known = ends.length;
      const peer = new Peer(listener.port);
      peers.push(peer);
      await eventually('it is accepted', () => ends.length > known);
      return [ends.at(-1)!, peer];
    };
    afterEach(async () => {
      for (const peer of peers.splice(0)) peer.socket.destroy();
      await eventually('all are closed', () => ends.every((end) => end.closes === 1));
      ends.length = 0;
    });

    it('answers what it receives, and knows both addresses', async () => {
      const [end, peer] = await connect((each) => {
        each.onBytes = (bytes) => void each.socket.write(bytes);
      });
      for (const text of ['one', 'two', 'three']) {
        const before = peer.receivedBytes;
        peer.socket.write(text);
        await eventually('the echo is back', () => peer.receivedBytes === before + text.length);
      }
      expect(peer.bytes.toString()).toBe('onetwothree');
      expect(end.socket.remoteAddress).toBe(`127.0.0.1:${peer.socket.localPort}`);
      expect(end.socket.localAddress).toBe(`127.0.0.1:${listener.port}`);
      expect(end.socket.fromLoopback).toBe(true);
      expect(end.socket.fd).toBeGreaterThan(2);
      expect(end.socket.pendingBytes()).toBe(0);
      end.socket.setKeepAlive(300);
      end.socket.setKeepAlive(0);
    });

    it('sends the writes of one turn in order, whatever their sizes, and may be given the same memory again', async () => {
      const sizes = [1, 10, 5000, 70_000, 3, 0, 300_000, 17];
      const expected: Buffer[] = [];
      const [, peer] = await connect((end) => {
        end.onBytes = () => {
          let memory = Buffer.alloc(400_000);
          sizes.forEach((bytes, i) => {
            const piece = pattern(bytes, i);
            expected.push(piece);
            memory.set(piece);
            // The encoder does just this: new memory only when told so.
            if (!end.socket.write(memory.subarray(0, bytes))) memory = Buffer.alloc(400_000);
          });
          memory.fill(0xee);
        };
      });
      peer.socket.write('go');
      const total = sizes.reduce((sum, bytes) => sum + bytes);
      await eventually('all have arrived', () => peer.receivedBytes >= total);
      expect(peer.bytes.equals(Buffer.concat(expected))).toBe(true);
    });

    it('keeps what a slow reader has no room for, tells how much, and says when it is gone', async () => {
      const [end, peer] = await connect();
      peer.socket.pause();
      const piece = pattern(MB);
      let written = 0;
      await eventually('the peer is full', () => {
        end.socket.write(Buffer.from(piece));
        written++;
        return end.socket.pendingBytes() > 4 * MB;
      });
      for (let i = 0; i < 100; i++) end.socket.write(Buffer.from([i]));
      peer.socket.resume();
      await eventually('all have arrived', () => peer.receivedBytes === written * MB + 100);
      const bytes = peer.bytes;
      for (let i = 0; i < written; i++)
        expect(bytes.subarray(i * MB, (i + 1) * MB).equals(piece), `piece ${i}`).toBe(true);
      expect([...bytes.subarray(written * MB)]).toEqual(Array.from({ length: 100 }, (_, i) => i));
      await eventually('it is told', () => end.drains > 0);
      expect(end.socket.pendingBytes()).toBe(0);
    });

    it('end: delivers what is pending, then closes', async () => {
      const [end, peer] = await connect();
      peer.socket.pause();
      for (let i = 0; i < 12; i++) end.socket.write(pattern(MB, i));
      end.socket.end();
      end.socket.write(Buffer.from('too late'));
      peer.socket.resume();
      await eventually('it has ended', () => peer.ended);
      expect(peer.receivedBytes).toBe(12 * MB);
      peer.socket.end();
      await eventually('it is closed', () => end.closes === 1);
    });

    it('end and destroy from the owner that was just made', async () => {
      const [, refused] = await connect(({ socket }) => {
        socket.write(Buffer.from('no'));
        socket.end();
      });
      await eventually('it has ended', () => refused.ended);
      expect(refused.bytes.toString()).toBe('no');
      const [destroyed, peer] = await connect(({ socket }) => socket.destroy());
      await eventually('it has ended', () => peer.ended || peer.closed);
      await eventually('it is told', () => destroyed.closes === 1);
      destroyed.socket.write(Buffer.from('x'));
      destroyed.socket.pauseReading();
      destroyed.socket.resumeReading();
      destroyed.socket.end();
      destroyed.socket.destroy();
      destroyed.socket.setKeepAlive(10);
    });

    it('destroy from inside onData: nothing follows, the close comes afterwards', async () => {
      const [end, peer] = await connect((each) => {
        each.onBytes = () => {
          each.socket.destroy();
          expect(each.closes).toBe(0);
        };
      });
      peer.socket.write(pattern(MB));
      await eventually('it is closed', () => end.closes === 1);
      expect(end.received).toHaveLength(1);
    });

    it('a peer that ends gets what was written before, then the end', async () => {
      const [end, peer] = await connect((each) => {
        each.onBytes = () => void each.socket.write(pattern(2 * MB));
      });
      peer.socket.end('last words');
      await eventually('the answer and the end are there', () => peer.ended);
      expect(peer.receivedBytes).toBe(2 * MB);
      await eventually('it is closed', () => end.closes === 1);
    });

    it('a peer that resets, idle or in the middle of replies, closes the connection', async () => {
      const [idle, first] = await connect();
      first.socket.resetAndDestroy();
      await eventually('the idle one is closed', () => idle.closes === 1);
      const [busy, second] = await connect();
      second.socket.pause();
      for (let i = 0; i < 20; i++) busy.socket.write(pattern(MB));
      second.socket.resetAndDestroy();
      await eventually('the busy one is closed', () => busy.closes === 1);
    });

    it('keeps apart what one turn writes to several', async () => {
      const [a, toA] = await connect();
      const [b, toB] = await connect();
      const [expectedA, expectedB]: Buffer[][] = [[], []];
      a.onBytes = () => {
        for (let i = 0; i < 50; i++) {
          const [first, second] = [pattern(1 + i * 37, i), pattern(1 + i * 53, i + 100)];
          expectedA.push(first);
          expectedB.push(second);
          a.socket.write(first);
          if (i % 3 !== 0) b.socket.write(second);
          else expectedB.pop();
        }
      };
      toA.socket.write('go');
      await eventually('the first is sent', () => expectedA.length > 0);
      const [wholeA, wholeB] = [Buffer.concat(expectedA), Buffer.concat(expectedB)];
      await eventually('A has all', () => toA.receivedBytes === wholeA.length);
      await eventually('B has all', () => toB.receivedBytes === wholeB.length);
      expect(toA.bytes.equals(wholeA)).toBe(true);
      expect(toB.bytes.equals(wholeB)).toBe(true);
    });

    it('pause: nothing is told until resume, and nothing is lost', async () => {
      const [end, peer] = await connect();
      const [busy, other] = await connect();
      const sent = pattern(3 * MB);
      let paused = true;
      end.socket.pauseReading();
      peer.socket.write(sent);
      await pause(30);
      expect(end.receivedBytes).toBe(0);
      end.onBytes = () => {
        expect(paused).toBe(false);
        paused = true;
        end.socket.pauseReading();
        setImmediate(() => {
          paused = false;
          end.socket.resumeReading();
        });
      };
      // What waits for the resumption is not written over by what others receive.
      other.socket.write(pattern(3 * MB, 77));
      paused = false;
      end.socket.resumeReading();
      await eventually('all has arrived', () => end.receivedBytes === sent.length);
      expect(Buffer.concat(end.received).equals(sent)).toBe(true);
      await eventually('the other has all, too', () => busy.receivedBytes === 3 * MB);
    });

    it('pause: the end of a peer is noticed after its bytes', async () => {
      const [end, peer] = await connect();
      end.socket.pauseReading();
      peer.socket.end(pattern(200_000));
      await pause(30);
      expect(end.closes).toBe(0);
      end.socket.resumeReading();
      await eventually('it is closed', () => end.closes === 1);
      expect(end.receivedBytes).toBe(200_000);
    });

    it('connections that come and go in crowds keep to their own bytes', async () => {
      for (let round = 0; round < 4; round++) {
        prepare = (end) => {
          end.onBytes = (bytes) => void end.socket.write(bytes);
        };
        const crowd = Array.from({ length: 200 }, () => new Peer(listener.port));
        for (const [i, peer] of crowd.entries()) peer.socket.write(`${round}:${i};`);
        await eventually('all are answered', () => crowd.every((peer) => peer.receivedBytes > 0));
        crowd.forEach((peer, i) => {
          expect(peer.bytes.toString()).toBe(`${round}:${i};`);
          if (i % 2 === 0) peer.socket.destroy();
          else peer.socket.resetAndDestroy();
        });
        await eventually('all are gone', () => ends.every((end) => end.closes === 1));
      }
    });

    it('listens on IPv6, on names, and says by code why it cannot', async () => {
      const v6 = await sockets.listen({ ...LOCAL, host: '::1' }, accept);
      prepare = nothing;
      const peer = new Peer(v6.port, '::1');
      peers.push(peer);
      await eventually('it is accepted', () => ends.length === 1);
      expect(v6.address).toBe('::1');
      expect(ends[0]!.socket.remoteAddress).toBe(`[::1]:${peer.socket.localPort}`);
      expect(ends[0]!.socket.fromLoopback).toBe(true);
      v6.close();
      const named = await sockets.listen({ ...LOCAL, host: 'localhost' }, accept);
      named.close();
      await expect(sockets.listen({ ...LOCAL, port: listener.port }, accept)).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
      await expect(sockets.listen({ ...LOCAL, host: '192.0.2.1' }, accept)).rejects.toMatchObject({
        code: 'EADDRNOTAVAIL',
      });
    });

    it('two listeners share a port where that is asked for', async () => {
      const shared = { ...LOCAL, reusePort: true };
      const first = await sockets.listen(shared, accept);
      const second = await sockets.listen({ ...shared, port: first.port }, accept);
      expect(second.port).toBe(first.port);
      first.close();
      second.close();
    });

    it('the port of a closed listener can be bound again at once', async () => {
      const first = await sockets.listen(LOCAL, accept);
      await new Promise((resolve) => setImmediate(resolve));
      first.close();
      const second = await sockets.listen({ ...LOCAL, port: first.port, reusePort: true }, accept);
      second.close();
    });

    it('a closed listener lets nobody in, and its connections go on', async () => {
      const other = await sockets.listen(LOCAL, accept);
      prepare = (end) => {
        end.onBytes = (bytes) => void end.socket.write(bytes);
      };
      const stays = new Peer(other.port);
      peers.push(stays);
      await eventually('it is accepted', () => ends.length === 1);
      other.close();
      await eventually('nobody is let in', async () => {
        const late = new Peer(other.port);
        await eventually('it is turned away', () => late.closed || late.socket.readyState === 'open');
        const refused = late.closed;
        late.socket.destroy();
        return refused;
      });
      stays.socket.write('still here');
      await eventually('it is answered', () => stays.bytes.toString() === 'still here');
    });

    it('streams stay whole under random writes, pauses and ends on both sides', async () => {
      const seed = testSeed();
      const step = fc.oneof(
        { weight: 6, arbitrary: fc.record({ kind: fc.constant('write'), bytes: fc.nat(3000) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('write'), bytes: fc.nat(900_000) }) },
        { weight: 2, arbitrary: fc.constantFrom({ kind: 'pause' }, { kind: 'resume' }) },
        { weight: 2, arbitrary: fc.constantFrom({ kind: 'peerPause' }, { kind: 'peerResume' }) },
        { weight: 5, arbitrary: fc.record({ kind: fc.constant('peerWrite'), bytes: fc.nat(60_000) }) },
        { weight: 3, arbitrary: fc.constant({ kind: 'round' }) },
      ) as fc.Arbitrary<{ kind: string; bytes?: number }>;
      const finish = fc.constantFrom('end', 'peerEnd', 'destroy', 'reset');
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), finish, async (steps, how) => {
          const [end, peer] = await connect();
          const written: Buffer[] = [];
          const peerWritten: Buffer[] = [];
          for (const { kind, bytes = 0 } of steps) {
            const piece = pattern(bytes, written.length + peerWritten.length);
            if (kind === 'write') {
              written.push(piece);
              const given = Buffer.from(piece);
              if (end.socket.write(given)) given.fill(0);
            } else if (kind === 'peerWrite') {
              peerWritten.push(piece);
              peer.socket.write(piece);
            } else if (kind === 'pause') end.socket.pauseReading();
            else if (kind === 'resume') end.socket.resumeReading();
            else if (kind === 'peerPause') peer.socket.pause();
            else if (kind === 'peerResume') peer.socket.resume();
            else await new Promise((resolve) => setImmediate(resolve));
          }
          peer.socket.resume();
          end.socket.resumeReading();
          const [toPeer, toServer] = [Buffer.concat(written), Buffer.concat(peerWritten)];
          if (how === 'end') {
            await eventually('the peer’s bytes have arrived', () => end.receivedBytes === toServer.length);
            end.socket.end();
            await eventually('the end has arrived', () => peer.ended);
          } else if (how === 'peerEnd') {
            peer.socket.end();
            await eventually('the end has arrived', () => peer.ended);
            expect(Buffer.concat(end.received).equals(toServer)).toBe(true);
          } else if (how === 'destroy') end.socket.destroy();
          else peer.socket.resetAndDestroy();
          if (how === 'end' || how === 'peerEnd') expect(peer.bytes.equals(toPeer)).toBe(true);
          else expect(toPeer.subarray(0, peer.receivedBytes).equals(peer.bytes)).toBe(true);
          expect(toServer.subarray(0, end.receivedBytes).equals(Buffer.concat(end.received))).toBe(true);
          peer.socket.destroy();
          await eventually('both are closed', () => end.closes === 1 && peer.closed);
        }),
        { seed, numRuns: 30, endOnFailure: true },
      );
    });
  });
});
