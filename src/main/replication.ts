/** `--peers`: replication of a shard over real sockets, and its options. */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { HmacSha256 } from '../ports/real/hmacSha256.ts';
import { NetDialer } from '../ports/real/netDialer.ts';
import { NetSockets } from '../ports/real/netSockets.ts';
import type { Rng } from '../ports/rng.ts';
import type { Timer, Timers } from '../ports/timers.ts';
import type { DeltaOutbox, Flush } from '../server/replication/deltaOutbox.ts';
import { Prover } from '../server/replication/link/handshake.ts';
import { type PeerAddress, PeerLinks } from '../server/replication/link/peerLinks.ts';
import { Replication } from '../server/replication/replication.ts';

/** Plain data, so that it can cross to a worker. */
export interface ReplicationOptions {
  peers: PeerAddress[];
  /** Where this node is dialled by its peers. */
  host: string;
  port: number;
  secret: string;
}

/** Half of the interval at which batched deltas are flushed. */
const TICK_MS = 5;
const LISTEN_BACKLOG = 64;
const SECRET_BYTES_MIN = 8;

/** What the command line says about peers; undefined without any. Throws an Error that says what to change. */
export function resolvePeers(options: {
  peers?: string;
  peerPort?: string;
  peerHost?: string;
  peersSecret?: string;
}): ReplicationOptions | undefined {
  if (options.peers === undefined) return undefined;
  const peers = options.peers.split(',').map(parsePeer);
  if (new Set(peers.map(({ name }) => name)).size < peers.length)
    throw new Error('--peers: an address is named twice');
  const port = Number(options.peerPort);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(
      '--peers needs --peer-port: the port (1-65535) on which this node is dialled by its peers',
    );
  const secret = options.peersSecret ?? process.env.EVENKEEL_PEERS_SECRET ?? '';
  if (secret.length < SECRET_BYTES_MIN)
    throw new Error(
      `--peers needs a secret of at least ${SECRET_BYTES_MIN} characters, the same on every node: set EVENKEEL_PEERS_SECRET, or --peers-secret`,
    );
  return { peers, host: options.peerHost ?? '127.0.0.1', port, secret };
}

function parsePeer(text: string): PeerAddress {
  const match = /^\s*(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})\s*$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65535)
    throw new Error(`--peers: '${text}' is no host:port (IPv6 in brackets)`);
  return { name: text.trim(), host: match[1] ?? match[2]!, port };
}

export interface RunningReplication {
  stop(): void;
}

const hexadecimal = (word: number): string => word.toString(16).padStart(8, '0');

/** A replica named as no process ever was: 128 random bits. */
export async function createReplication(
  options: ReplicationOptions,
  flags: ReadonlySet<string>,
  clock: Clock,
  rng: Rng,
): Promise<Replication> {
  const replica = Array.from({ length: 4 }, () => hexadecimal(rng.uint32())).join('');
  const names = options.peers.map(({ name }) => name);
  return new Replication(replica, names, await loadOutbox(flags), () => clock.nowMs());
}

async function loadOutbox(flags: ReadonlySet<string>): Promise<(flush: Flush) => DeltaOutbox> {
  if (flags.has('batched-deltas')) {
    const { BatchedDeltas } = await import('../server/replication/batchedDeltas.ts');
    return (flush) => new BatchedDeltas(flush);
  }
  const { ImmediateDeltas } = await import('../server/replication/immediateDeltas.ts');
  return (flush) => new ImmediateDeltas(flush);
}

/** Listens for peers and dials them until stopped. Rejects with the system's error if the port cannot be had. */
export async function listenForPeers(
  replication: Replication,
  options: ReplicationOptions,
  ports: { clock: Clock; rng: Rng; log: Log; timers: Timers },
): Promise<RunningReplication> {
  const { clock, log, rng, timers } = ports;
  const { node } = replication;
  const prover = new Prover(new HmacSha256(), options.secret);
  const links = new PeerLinks(node, options.peers, prover, new NetDialer(), rng, log);
  const { host, port } = options;
  const listener = await new NetSockets()
    .listen({ host, port, backlog: LISTEN_BACKLOG, reusePort: false }, (socket) => links.accept(socket))
    .catch((error: Error) => {
      throw new Error(`--peer-port: cannot listen on ${host}:${port} (${error.message})`);
    });
  const tick = (): void => {
    const nowMs = clock.monotonicUs() / 1000;
    links.tick(nowMs);
    node.tick(nowMs);
    timer = timers.after(TICK_MS, tick);
  };
  let timer: Timer = timers.after(0, tick);
  return {
    stop() {
      timer.cancel();
      node.outbox.flush();
      listener.close();
      links.stop();
    },
  };
}
