/** Whole servers in process that replicate to each other: links are function calls, time is simulated, delivery is asked for. */
import { CommandHarness } from '../../src/server/commands/commandHarness.ts';
import { digestOfDatabases, digestsOfDatabases } from '../../src/server/commands/server/debug/digest.ts';
import type { DeltaOutbox, Flush } from '../../src/server/replication/deltaOutbox.ts';
import { Replication } from '../../src/server/replication/replication.ts';

export class ReplicatedGroup {
  readonly harnesses: CommandHarness[] = [];
  readonly replications: Replication[] = [];
  readonly #inFlight: { to: number; from: number; payload: Uint8Array }[] = [];

  constructor(size: number, createOutbox: (flush: Flush) => DeltaOutbox) {
    const names = Array.from({ length: size }, (_, index) => String(index));
    for (const name of names) {
      const peers = names.filter((each) => each !== name);
      const replication = new Replication(`replica-${name}`, peers, createOutbox, () => this.nowMs);
      this.replications.push(replication);
      this.harnesses.push(
        new CommandHarness({ seed: 1 + Number(name), variants: { observer: replication } }),
      );
    }
    for (const [to, { node }] of this.replications.entries())
      for (const [from, replication] of this.replications.entries())
        if (from !== to) this.#link(replication, from, to, node.replica);
  }

  get nowMs(): number {
    return this.harnesses[0]!.clock.nowMs();
  }

  advance(ms: number): void {
    for (const harness of this.harnesses) harness.advance(ms);
  }

  /** Delivers until nobody has anything left to say. */
  settle(): void {
    for (const { node } of this.replications) node.outbox.flush();
    for (let next = this.#inFlight.shift(); next !== undefined; next = this.#inFlight.shift())
      this.replications[next.to]!.node.receive(String(next.from), next.payload);
  }

  tick(): void {
    for (const { node } of this.replications) node.tick(this.nowMs);
    this.settle();
  }

  digests(): string[] {
    return this.harnesses.map((harness) => digestOfDatabases(digestsOfDatabases(harness.server)));
  }

  #link(replication: Replication, from: number, to: number, replica: string): void {
    replication.node.linkUp(String(to), replica, {
      send: (payload) => void this.#inFlight.push({ to, from, payload }),
      queuedBytes: () => 0,
    });
  }
}
