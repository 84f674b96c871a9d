import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { ConnectionAffinity } from './connectionAffinity.ts';

const SHARDS = 2;
const affinity = await ConnectionAffinity.open().catch(() => undefined);

const listening = (port: number, onConnection: (remotePort: number) => void): Promise<net.Server> =>
  new Promise((resolve) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      onConnection(socket.remotePort!);
    });
    server.listen({ host: '127.0.0.1', port, reusePort: true }, () => resolve(server));
  });

describe.skipIf(affinity === undefined)(`connection affinity${affinity ? '' : ' [needs koffi]'}`, () => {
  it('deals connections by their source port', async () => {
    /** Which of the two took the connection from a port. */
    const taken = new Map<number, number>();
    const first = await listening(0, (from) => taken.set(from, 0));
    const { port } = first.address() as net.AddressInfo;
    const second = await listening(port, (from) => taken.set(from, 1));
    const { _handle: handle } = first as unknown as { _handle: { fd: number } };
    affinity!.deal(handle.fd, SHARDS);
    const expected = new Map<number, number>();
    const sockets: net.Socket[] = [];
    for (let i = 0; i < 40; i++) {
      const socket = net.connect({ port, host: '127.0.0.1' });
      await new Promise((resolve) => socket.once('connect', resolve));
      expected.set(socket.localPort!, (socket.localPort! >> 1) % SHARDS);
      sockets.push(socket);
    }
    for (let turns = 0; taken.size < 40 && turns < 1000; turns++)
      await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual(expected);
    for (const socket of sockets) socket.destroy();
    first.close();
    second.close();
  });
});
