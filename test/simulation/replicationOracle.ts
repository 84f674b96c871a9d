/**
 * What must be true of a simulated run once everything has healed. It keeps its own log of what clients were told, and judges the
 * nodes by it.
 *
 * Acknowledged means: it must survive as long as a node lives that has it, or a snapshot that is used has it. A write of a process
 * that died may be lost if neither was so; from then on it may be there or not, but nothing in between. `floors` holds, for every dead
 * replica, up to which of its writes that obligation still stands.
 */
import type { Stamp } from '../../src/server/replication/hybridClock.ts';
import { compareStamps } from '../../src/server/replication/hybridClock.ts';
import { isDead, type Register, registerBytes } from '../../src/server/replication/register.ts';
import { encodeStates } from '../../src/server/replication/snapshot.ts';
import type { Acknowledged } from './replicationWorkload.ts';
import type { SimulatedNode } from './simulatedNode.ts';

export class ReplicationOracle {
  readonly #log = new Map<string, Acknowledged[]>();
  /** Of replicas whose process is dead: writes up to here must be there. */
  readonly #floors = new Map<string, number>();

  acknowledge(write: Acknowledged): void {
    const writes = this.#log.get(write.target) ?? [];
    writes.push(write);
    this.#log.set(write.target, writes);
  }

  /** Called when a process has died and its successor has started: what the living no longer know is nobody's duty. */
  died(replica: string, living: readonly SimulatedNode[]): void {
    this.#floors.set(replica, Number.POSITIVE_INFINITY);
    for (const [dead, floor] of this.#floors) {
      const known = Math.max(...living.map((each) => each.node.store.seen.get(dead)));
      this.#floors.set(dead, Math.min(floor, known));
    }
  }

  /** What is wrong, in words; empty if nothing is. */
  judge(nodes: readonly SimulatedNode[]): string[] {
    const faults = this.#disagreements(nodes);
    if (faults.length > 0) return faults;
    const first = nodes[0]!;
    for (const [target, writes] of this.#log) {
      const [key, field] = target.split('/') as [string, string | undefined];
      const state = first.node.store.get(key);
      const register = field === undefined ? state?.whole : state?.fields.get(field);
      const fault =
        writes[0]!.effect.kind === 'add'
          ? this.#judgeCounter(writes, register)
          : this.#judgeValue(writes, register);
      if (fault !== undefined) faults.push(`${target}: ${fault}`);
    }
    for (const node of nodes) faults.push(...leftovers(node));
    return faults;
  }

  #disagreements(nodes: readonly SimulatedNode[]): string[] {
    const bytes = nodes.map((each) => encodeStates(each.node.store));
    return nodes
      .filter((_, index) => Buffer.compare(bytes[index]!, bytes[0]!) !== 0)
      .map((each) => `node ${each.index} and node 0 differ after healing`);
  }

  #mustBeThere(stamp: Stamp): boolean {
    return stamp.ticks <= (this.#floors.get(stamp.replica) ?? Number.POSITIVE_INFINITY);
  }

  /** Each replica's share is the sum of a beginning of its increments that holds all it must hold. */
  #judgeCounter(writes: readonly Acknowledged[], register: Register | undefined): string | undefined {
    let sum = 0n;
    for (const replica of new Set(writes.map((write) => write.stamp.replica))) {
      const own = writes.filter((write) => write.stamp.replica === replica);
      const entry = register?.counters?.get(replica);
      const upTo = entry?.stamp.ticks ?? 0;
      const counted = own.filter((write) => write.stamp.ticks <= upTo);
      const share = counted.reduce(
        (total, { effect }) => total + (effect.kind === 'add' ? effect.amount : 0n),
        0n,
      );
      if ((entry?.total ?? 0n) !== share) return `${replica} added ${share}, the nodes say ${entry?.total}`;
      const lost = own.find((write) => write.stamp.ticks > upTo && this.#mustBeThere(write.stamp));
      if (lost !== undefined) return `an acknowledged increment of ${replica} is lost`;
      sum += share;
    }
    const shown = register === undefined ? undefined : registerBytes(register);
    const text = shown === undefined ? '0' : Buffer.from(shown).toString();
    return text === sum.toString() ? undefined : `shows ${text}, the increments come to ${sum}`;
  }

  /** The last write that must be there rules, unless a later one that may be there does. */
  #judgeValue(writes: readonly Acknowledged[], register: Register | undefined): string | undefined {
    const latest = writes
      .filter((write) => this.#mustBeThere(write.stamp))
      .reduce<Acknowledged | undefined>(
        (a, b) => (a && compareStamps(a.stamp, b.stamp) > 0 ? a : b),
        undefined,
      );
    const content = register?.content;
    if (content?.bytes === undefined) {
      if (latest?.effect.kind !== 'set') return undefined;
      const isDeletedLater = writes.some(
        ({ stamp, effect }) => effect.kind === 'delete' && compareStamps(stamp, latest.stamp) > 0,
      );
      return isDeletedLater ? undefined : `lost the acknowledged value ${latest.effect.value}`;
    }
    const value = Buffer.from(content.bytes).toString();
    const write = writes.find(({ stamp }) => compareStamps(stamp, content.dot) === 0);
    if (write?.effect.kind !== 'set' || write.effect.value !== value)
      return `shows ${value}, which nobody wrote at that stamp`;
    if (latest !== undefined && compareStamps(latest.stamp, write.stamp) > 0)
      return `shows ${value}, older than an acknowledged ${latest.effect.kind}`;
    return undefined;
  }
}

/** After a long quiet nothing dead may be left, and of the keys that always expire nothing at all. */
function leftovers({ index, node }: SimulatedNode): string[] {
  const faults: string[] = [];
  for (const key of node.store.keys()) {
    const state = node.store.get(key)!;
    if (key.startsWith('e')) faults.push(`node ${index} still holds ${key}, long expired`);
    else if (state.fields.size === 0 && isDead(state.whole))
      faults.push(`node ${index} never collected the tombstone of ${key}`);
  }
  return faults;
}
