/**
 * Does any single insertion stall while a keyspace grows? Grows to N keys (default 10 million) and prints the distribution of the
 * time each insertion took: `node test/bench/growth.ts [STORAGE] [N]`, a name of
 * `storageVariants.ts`.
 *
 * Wall time: garbage collection and whatever else took the CPU count, so run it on a quiet machine and pinned; what remains
 * beyond the bound in one run and not in the next is the machine's.
 */
import { SystemRng } from '../../src/ports/real/systemRng.ts';
import { ByteWiseHash } from '../../src/server/keyspace/hashing.ts';
import { NO_EXPIRY } from '../../src/server/keyspace/keyspace.ts';
import { createStorage, STORAGE_NAMES } from '../../src/server/keyspace/storageVariants.ts';

const BOUND_US = 200;
const variant = STORAGE_NAMES.find((name) => name === (process.argv[2] ?? 'arena'));
if (variant === undefined) throw new Error(`no such storage; there are: ${STORAGE_NAMES.join('; ')}`);
const keys = Number(process.argv[3] ?? 10_000_000);
const hash = new ByteWiseHash(new SystemRng());
const keyspace = createStorage(variant, hash).createDatabase();
const key = Buffer.alloc(16, '0');
const value = Buffer.alloc(64, 'x');
const histogram = new Uint32Array(1_000_000);
let longestUs = 0;
let longestAt = 0;
let beyond = 0;

for (let i = 0; i < keys; i++) {
  for (let at = 15, rest = i; at > 5; at--, rest = Math.floor(rest / 10)) key[at] = 48 + (rest % 10);
  const before = performance.now();
  keyspace.putString(key, 0, 16, value, 0, 64, NO_EXPIRY, false);
  const us = Math.floor((performance.now() - before) * 1000);
  histogram[Math.min(us, histogram.length - 1)]!++;
  if (us > BOUND_US) beyond++;
  if (us > longestUs) {
    longestUs = us;
    longestAt = i;
  }
}

const quantile = (q: number): number => {
  let rest = q * keys;
  let us = 0;
  while (us < histogram.length - 1 && rest > histogram[us]!) rest -= histogram[us++]!;
  return us;
};
console.log(
  `${variant}: ${keyspace.count.toLocaleString('en')} keys, ${(keyspace.memoryBytes() / keyspace.count).toFixed(1)} bytes charged a key`,
);
console.log(
  `insertion, us: p50 ${quantile(0.5)}, p99 ${quantile(0.99)}, p99.9 ${quantile(0.999)}, p99.999 ${quantile(0.99999)}, longest ${longestUs} (at key ${longestAt.toLocaleString('en')})`,
);
console.log(`insertions beyond ${BOUND_US} us: ${beyond}`);
