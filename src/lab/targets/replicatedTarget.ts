/**
 * Several nodes of our own server that replicate to each other, as one target: `ours:all?nodes=2`. The load goes to the first; CPU and memory are
 * those of all nodes together, because what a write costs includes telling the others.
 *
 * Every node knows every other; they share the server's CPUs.
 */
import { randomUUID } from 'node:crypto';
import { freePort, TargetError } from './runningServer.ts';
import { EvenkeelTarget } from './serverTargets.ts';
import type { RunningTarget, Target, TargetStartOptions } from './target.ts';

const connectTimeoutMs = 15_000;
const pollMs = 20;

/** Nodes that do not hear each other would be measured as if gossip cost nothing. */
async function whenConnected(nodes: readonly RunningTarget[], peers: number): Promise<void> {
  const deadlineMs = performance.now() + connectTimeoutMs;
  for (const node of nodes) {
    while (Number((await node.info('replication')).get('peers_connected')) < peers) {
      if (performance.now() > deadlineMs)
        throw new TargetError(`${node.url} has not connected to its peers within ${connectTimeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

export class ReplicatedTarget implements Target {
  readonly kind = 'evenkeel';
  readonly id: string;
  readonly spec: string;
  readonly #node: EvenkeelTarget;
  readonly #nodes: number;

  /** @param nodes 2 or more. @param query of every node's command line. */
  constructor(flags: string, query: string, nodes: number) {
    this.#node = new EvenkeelTarget(flags, query);
    this.#nodes = nodes;
    const separator = this.#node.spec.includes('?') ? '&' : '?';
    this.spec = `${this.#node.spec}${separator}nodes=${nodes}`;
    this.id = this.spec.slice('ours:'.length);
  }

  unavailable(): Promise<string | undefined> {
    return this.#node.unavailable();
  }

  async start(options: TargetStartOptions = {}): Promise<RunningTarget> {
    const ports: number[] = [];
    for (let node = 0; node < this.#nodes; node++) ports.push(await freePort());
    const secret = randomUUID();
    const starting = ports.map((port) => {
      const others = ports.filter((other) => other !== port).map((other) => `127.0.0.1:${other}`);
      const peering = ['--peer-port', String(port), '--peers', others.join(','), '--peers-secret', secret];
      return this.#node.start({
        ...options,
        // Only the first node answers where the caller wants it.
        port: port === ports[0] ? (options.port ?? 0) : 0,
        extraArguments: [...(options.extraArguments ?? []), ...peering],
      });
    });
    const settled = await Promise.allSettled(starting);
    const running = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = settled.find((each) => each.status === 'rejected');
    if (failed !== undefined) {
      await Promise.all(running.map((node) => node.stop()));
      throw failed.reason;
    }
    try {
      await whenConnected(running, this.#nodes - 1);
    } catch (error) {
      await Promise.all(running.map((node) => node.stop()));
      throw error;
    }
    return this.#together(running);
  }

  #together(nodes: readonly RunningTarget[]): RunningTarget {
    const first = nodes[0]!;
    const label = `${first.description.label}, ${nodes.length} nodes`;
    return {
      description: { ...first.description, id: this.id, label },
      endpoint: first.endpoint,
      url: first.url,
      pids: nodes.flatMap(({ pids }) => pids),
      output: () => nodes.map((node) => node.output()).join(''),
      info: (section) => first.info(section),
      command: (...words) => first.command(...words),
      stop: async () => {
        await Promise.all(nodes.map((node) => node.stop()));
      },
    };
  }
}
