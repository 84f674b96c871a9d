/** Three real servers that replicate over loopback, through proxies that can be cut. */
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, freePort, type RunningServer, startEvenkeel } from '../requirements.ts';
import { PartitionProxy } from './partitionProxy.ts';
import { withWire } from './wire.ts';

const NODES = 3;
const SECRET = 'a secret of the test';

interface Node {
  server: RunningServer;
  peerPort: number;
  /** By the node they lead to. */
  proxies: Map<number, PartitionProxy>;
  flags: string;
}

const ask = (node: Node, ...words: string[]): Promise<string> =>
  withWire(node.server.port, (wire) => wire.ask(...words));
const info = (node: Node, field: string): Promise<string> =>
  withWire(node.server.port, (wire) => wire.info(field));

const startNode = (
  peerPort: number,
  peers: number[],
  flags: string,
  secret = SECRET,
): Promise<RunningServer> =>
  startEvenkeel({
    flags,
    arguments: [
      ...['--peer-port', String(peerPort), '--enable-debug-command', 'yes'],
      ...['--peers', peers.map((port) => `127.0.0.1:${port}`).join(',')],
    ],
    environment: { EVENKEEL_PEERS_SECRET: secret },
  });

describe('three nodes', () => {
  const nodes: Node[] = [];

  beforeAll(async () => {
    const peerPorts = await Promise.all(Array.from({ length: NODES }, () => freePort()));
    for (const [index, peerPort] of peerPorts.entries()) {
      const proxies = new Map<number, PartitionProxy>();
      for (const [other, port] of peerPorts.entries())
        if (other !== index) proxies.set(other, await PartitionProxy.start(port));
      // Neither side of a flag shows on the wire: nodes of different ones understand each other.
      const flags = index === 0 ? 'none' : 'default';
      const peers = [...proxies.values()].map((proxy) => proxy.port);
      nodes.push({ server: await startNode(peerPort, peers, flags), peerPort, proxies, flags });
    }
    await linked();
  });

  afterAll(async () => {
    for (const { server, proxies } of nodes) {
      await server.stop();
      for (const proxy of proxies.values()) proxy.stop();
    }
  });

  const everywhere = (what: string, holds: (node: Node) => Promise<boolean>): Promise<void> =>
    eventually(what, async () => (await Promise.all(nodes.map(holds))).every(Boolean), 20_000);
  const linked = (): Promise<void> =>
    everywhere('all peers are linked', async (node) => (await info(node, 'peers_connected')) === '2');
  const agreed = (): Promise<void> =>
    eventually(
      'all nodes hold the same data',
      async () => new Set(await Promise.all(nodes.map((node) => ask(node, 'DEBUG', 'DIGEST')))).size === 1,
      20_000,
    );
  const between = (cutOff: number): PartitionProxy[] =>
    nodes.flatMap(({ proxies }, index) =>
      [...proxies].filter(([to]) => index === cutOff || to === cutOff).map(([, proxy]) => proxy),
    );

  it('show each other what clients write', async () => {
    for (const [index, node] of nodes.entries()) {
      await ask(node, 'INCRBY', 'sum', String(10 ** index));
      await ask(node, 'SET', `from-${index}`, 'x', 'EX', '1000');
      await ask(node, 'HSET', 'hash', `field-${index}`, 'y');
    }
    await everywhere('sums, strings and fields are there', async (node) => {
      const answers = [
        await ask(node, 'GET', 'sum'),
        await ask(node, 'DBSIZE'),
        await ask(node, 'HLEN', 'hash'),
      ];
      return answers.join('') === '$3\r\n111\r\n:5\r\n:3\r\n';
    });
    await agreed();
  });

  it('go on apart while they are cut off, and agree afterwards without losing an increment or bringing anything back', async () => {
    await ask(nodes[0]!, 'SET', 'doomed', 'x');
    await everywhere('the key is there', async (node) => (await ask(node, 'EXISTS', 'doomed')) === ':1\r\n');
    for (const proxy of between(2)) proxy.cut();
    await eventually('the cut is noticed', async () => (await info(nodes[2]!, 'peers_connected')) === '0');
    for (let i = 0; i < 20; i++) for (const node of nodes) await ask(node, 'INCR', 'apart');
    await ask(nodes[0]!, 'DEL', 'doomed');
    await ask(nodes[2]!, 'SET', 'meanwhile', 'x');
    expect(await ask(nodes[2]!, 'GET', 'apart')).toBe('$2\r\n20\r\n');
    for (const proxy of between(2)) proxy.mend();
    await everywhere(
      'the sum is whole',
      async (node) => (await ask(node, 'GET', 'apart')) === '$2\r\n60\r\n',
    );
    await everywhere('the key is gone', async (node) => (await ask(node, 'EXISTS', 'doomed')) === ':0\r\n');
    await agreed();
    expect(await ask(nodes[0]!, 'GET', 'meanwhile')).toBe('$1\r\nx\r\n');
  });

  it('give a node that starts again with nothing all there is, and count on', async () => {
    const node = nodes[1]!;
    await node.server.stop();
    await ask(nodes[0]!, 'INCR', 'apart');
    const peers = [...node.proxies.values()].map((proxy) => proxy.port);
    node.server = await startNode(node.peerPort, peers, node.flags);
    await everywhere(
      'the sum is there',
      async (each) => (await ask(each, 'GET', 'apart')) === '$2\r\n61\r\n',
    );
    await ask(node, 'INCR', 'apart');
    await everywhere('it counts on', async (each) => (await ask(each, 'GET', 'apart')) === '$2\r\n62\r\n');
    await agreed();
  });

  it('turn away who does not know the secret, and whoever sends garbage', async () => {
    const stranger = await startNode(await freePort(), [nodes[0]!.peerPort], 'default', 'another secret');
    try {
      await eventually('the stranger is refused', () => stranger.stderr.includes('secrets differ'));
      await new Promise<void>((resolve, reject) => {
        const socket = net.connect(nodes[0]!.peerPort, '127.0.0.1', () =>
          socket.write(Buffer.alloc(4096, 0xff)),
        );
        socket.once('error', () => {});
        socket.once('close', () => resolve());
        socket.setTimeout(10_000, () => reject(new Error('garbage was listened to')));
      });
      expect(await ask(nodes[0]!, 'PING')).toBe('+PONG\r\n');
      expect(await info(nodes[0]!, 'peers_connected')).toBe('2');
    } finally {
      await stranger.stop();
    }
  });
});
