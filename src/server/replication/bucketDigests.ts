/**
 * Which parts of the keyspace two nodes differ in: keys fall into buckets by a fixed hash, and each bucket has a digest that
 * is the sum of the hashes of all registers in it. A sum does not depend on order and is kept up to date by taking a register's
 * hash out before a change and putting it in after, so a write costs one hash of what it writes and never a walk.
 *
 * The hash (FNV-1a, two lanes of 32 bits with different seeds) finds differences that are accidents; peers are authenticated, so
 * nobody is there to make collisions.
 */
import type { CounterEntry, Register } from './register.ts';

const SEEDS = [0x811c9dc5, 0x9747b28c] as const;
const PRIME = 0x01000193;

class PairHash {
  a: number = SEEDS[0];
  b: number = SEEDS[1];

  byte(value: number): void {
    this.a = Math.imul(this.a ^ value, PRIME);
    this.b = Math.imul(this.b ^ (value + 0x5b), PRIME);
    this.b ^= this.b >>> 13;
  }

  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
    this.number(text.length);
  }

  bytes(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.byte(bytes[i]!);
    this.number(bytes.length);
  }

  /** Any safe integer. */
  number(value: number): void {
    for (let rest = value, i = 0; i < 7; i++) {
      this.byte(rest & 0xff);
      rest = Math.floor(rest / 256);
    }
  }
}

/** A bucket of 0 .. bucketCount-1, the same on every node. */
export function bucketOf(key: string, bucketCount: number): number {
  const hash = new PairHash();
  hash.text(key);
  return (hash.a >>> 0) % bucketCount;
}

function hashRegister(key: string, field: string | undefined, register: Register): PairHash {
  const hash = new PairHash();
  hash.text(key);
  hash.byte(field === undefined ? 0 : 1);
  if (field !== undefined) hash.text(field);
  const { content, counters, expiry } = register;
  if (content !== undefined) {
    hash.number(content.order.ticks);
    hash.text(content.order.replica);
    hash.number(content.dot.ticks);
    hash.text(content.dot.replica);
    if (content.bytes !== undefined) hash.bytes(content.bytes);
  }
  // A map's order is that of arrival, which differs between nodes.
  for (const [replica, entry] of [...(counters ?? [])].sort(byReplica)) {
    hash.text(replica);
    hash.number(entry.stamp.ticks);
  }
  if (expiry !== undefined) {
    hash.number(expiry.stamp.ticks);
    hash.text(expiry.stamp.replica);
    hash.number(expiry.atMs);
  }
  return hash;
}

const byReplica = (a: [string, CounterEntry], b: [string, CounterEntry]): number => (a[0] < b[0] ? -1 : 1);

export class BucketDigests {
  readonly bucketCount: number;
  /** Two words a bucket. */
  readonly words: Uint32Array;

  constructor(bucketCount: number) {
    this.bucketCount = bucketCount;
    this.words = new Uint32Array(bucketCount * 2);
  }

  /** @param sign 1 puts the register in, -1 takes it out. An empty one is none. */
  account(bucket: number, key: string, field: string | undefined, register: Register, sign: 1 | -1): void {
    if (!register.content && !register.counters && !register.expiry) return;
    const hash = hashRegister(key, field, register);
    this.words[bucket * 2]! += sign * hash.a;
    this.words[bucket * 2 + 1]! += sign * hash.b;
  }

  /** Buckets in which `other`, a peer's words, differs. */
  differing(other: Uint32Array): number[] {
    const buckets: number[] = [];
    for (let bucket = 0; bucket < this.bucketCount; bucket++) {
      const at = bucket * 2;
      if (this.words[at] !== other[at] || this.words[at + 1] !== other[at + 1]) buckets.push(bucket);
    }
    return buckets;
  }
}
