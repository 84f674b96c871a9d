/**
 * What clients do in a simulated run. It writes and tells the oracle what was acknowledged; it knows nothing of what should come
 * of it. Keys by their first letter:
 *
 *   c counters, only added to       s strings, set and deleted     h hashes, fields set and deleted
 *   n fields added to               e always with an expiry        m anything at all (they must agree, no more)
 */
import { fromLatin1 } from '../../src/base/bytes.ts';
import type { Prng } from '../../src/base/prng.ts';
import type { Stamp } from '../../src/server/replication/hybridClock.ts';
import type { KeyState } from '../../src/server/replication/keyState.ts';
import { NEVER, type Register } from '../../src/server/replication/register.ts';
import type { SimulatedNode } from './simulatedNode.ts';

export interface Acknowledged {
  /** `key` or `key/field`. */
  target: string;
  stamp: Stamp;
  effect: { kind: 'add'; amount: bigint } | { kind: 'set'; value: string } | { kind: 'delete' };
}

/** Expiries of `e` keys are at most this far away. */
export const EXPIRY_MS_MAX = 1500;

export class ReplicationWorkload {
  readonly #random: Prng;
  readonly #acknowledge: (write: Acknowledged) => void;
  #value = 0;

  constructor(random: Prng, acknowledge: (write: Acknowledged) => void) {
    this.#random = random;
    this.#acknowledge = acknowledge;
  }

  /** One write on `node`. */
  step(node: SimulatedNode): void {
    const families = 'cshnem';
    const key = families[this.#random.below(families.length)]! + this.#random.below(3);
    const field = `f${this.#random.below(2)}`;
    const buried = node.node.store.buryExpired(key, node.wallMs());
    if (buried !== undefined) node.node.wrote(key, buried);
    const delta = this.#write(node, key, field);
    node.node.wrote(key, delta);
  }

  #write(node: SimulatedNode, key: string, field: string): KeyState {
    const { store } = node.node;
    const amount = BigInt(this.#random.below(9) - 4);
    const bytes = fromLatin1(String(this.#value++));
    const removes = this.#random.below(4) === 0;
    const value = removes ? undefined : bytes;
    const atMs = node.wallMs() + 1 + this.#random.below(EXPIRY_MS_MAX);
    switch (key[0]) {
      case 'c':
        return this.#acknowledged(key, store.addToKey(key, amount), amount);
      case 's':
        return this.#acknowledged(key, store.writeKey(key, 'string', value));
      case 'h':
        return this.#acknowledged(`${key}/${field}`, store.writeField(key, field, value), 0n, field);
      case 'n':
        return this.#acknowledged(`${key}/${field}`, store.addToField(key, field, amount), amount, field);
      case 'e':
        return store.writeKey(key, 'string', bytes, atMs);
      default:
        return this.#anything(node, key, field, value, atMs, amount);
    }
  }

  #acknowledged(target: string, delta: KeyState, amount = 0n, field?: string): KeyState {
    const register: Register = field === undefined ? delta.whole : delta.fields.get(field)!;
    const { content, counters } = register;
    for (const { stamp } of counters?.values() ?? [])
      this.#acknowledge({ target, stamp, effect: { kind: 'add', amount } });
    if (content !== undefined) {
      const { bytes } = content;
      const effect: Acknowledged['effect'] =
        bytes === undefined ? { kind: 'delete' } : { kind: 'set', value: Buffer.from(bytes).toString() };
      this.#acknowledge({ target, stamp: content.dot, effect });
    }
    return delta;
  }

  #anything(
    node: SimulatedNode,
    key: string,
    field: string,
    value: Uint8Array | undefined,
    atMs: number,
    amount: bigint,
  ): KeyState {
    const { store } = node.node;
    const writes: (() => KeyState)[] = [
      () => store.writeKey(key, 'string', value),
      () => store.writeKey(key, 'dump', value, atMs),
      () => store.addToKey(key, amount),
      () => store.expireKeyAt(key, atMs),
      () => store.expireKeyAt(key, NEVER),
      () => store.writeField(key, field, value),
      () => store.writeField(key, field, value, atMs),
      () => store.addToField(key, field, amount),
      () => store.expireFieldAt(key, field, atMs),
    ];
    return writes[this.#random.below(writes.length)]!();
  }
}
