/**
 * Whether addresses are free. Shards share their port, and a port that may be shared is not refused when another server shares it too:
 * so it is asked for once without sharing, by a listener that has gone before the answer comes.
 */
import net from 'node:net';
import type { Listener, ListenOptions, Net } from '../ports/net.ts';

export class AddressProbe implements Net {
  listen({ host, port }: ListenOptions): Promise<Listener> {
    const server = net.createServer((socket) => socket.destroy());
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, ipv6Only: host === '::' }, () => {
        const bound = server.address() as net.AddressInfo;
        server.close(() => resolve({ address: bound.address, port: bound.port, fd: -1, close() {} }));
      });
    });
  }
}
