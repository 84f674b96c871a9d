/** Every way to store keys, by number of keys: reading as GET does, overwriting, deleting and inserting. */
import { fromLatin1 } from '../../../src/base/bytes.ts';
import { Prng } from '../../../src/base/prng.ts';
import { SeededRng } from '../../../src/ports/sim/seededRng.ts';
import { FoldedMultiplyHash } from '../../../src/server/keyspace/foldedMultiplyHash.ts';
import { NO_EXPIRY } from '../../../src/server/keyspace/keyspace.ts';
import {
  createStorage,
  STORAGE_NAMES,
  type StorageName,
} from '../../../src/server/keyspace/storageVariants.ts';
import type { Benchmark } from '../benchmark.ts';
import { keyName } from '../keyNames.ts';

/** Within the caches, and beyond them. */
const KEY_COUNTS = [1_000, 100_000];
/** A tiny run holds this share of them. */
const TINY_SHARE = 0.01;
/** Short enough to lie inline where a storage knows how. */
const VALUE_BYTES = 16;
const OPERATIONS = 256;

/** `read` does what GET does: look the key up, see that it is alive, touch it, copy its value. */
type Operation = 'read' | 'overwrite' | 'delete and insert';

const keyspace = (name: StorageName, operation: Operation, keyCount: number): Benchmark => ({
  name: `keyspace ${operation}, ${name}, ${keyCount.toLocaleString('en')} keys`,
  prepare(tiny) {
    const held = createStorage(name, new FoldedMultiplyHash(new SeededRng(1))).createDatabase();
    const count = tiny ? keyCount * TINY_SHARE : keyCount;
    const keys = Array.from({ length: count }, (_, number) => fromLatin1(keyName(number)));
    const value = fromLatin1('x'.repeat(VALUE_BYTES));
    const out = new Uint8Array(VALUE_BYTES);
    const put = (key: Uint8Array): number =>
      held.putString(key, 0, key.length, value, 0, value.length, NO_EXPIRY, false);
    for (const key of keys) put(key);
    const prng = new Prng(1);
    const run = (): number => {
      let found = 0;
      for (let i = 0; i < OPERATIONS; i++) {
        const key = keys[prng.below(count)]!;
        if (operation === 'read') {
          const ref = held.find(key, 0, key.length);
          if (held.expireAtMs(ref) === NO_EXPIRY) held.setAccess(ref, i);
          held.copyString(ref, 0, held.stringLength(ref), out, 0);
          found += held.type(ref) + out[0]!;
        } else {
          if (operation === 'delete and insert') held.remove(held.find(key, 0, key.length));
          put(key);
        }
      }
      return found + held.count;
    };
    return { operations: OPERATIONS, run };
  },
});

export const keyspaces: readonly Benchmark[] = (['read', 'overwrite', 'delete and insert'] as const).flatMap(
  (operation) => KEY_COUNTS.flatMap((count) => STORAGE_NAMES.map((name) => keyspace(name, operation, count))),
);
