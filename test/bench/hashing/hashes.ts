/** The hashes that were compared for the keyspace: the two sides of `fast-hash` and those that lost. */
import type { Rng } from '../../../src/ports/rng.ts';
import { FoldedMultiplyHash } from '../../../src/server/keyspace/foldedMultiplyHash.ts';
import { ByteWiseHash, type KeyHash } from '../../../src/server/keyspace/hashing.ts';
import { DataViewFoldedMultiply } from './dataViewFoldedMultiply.ts';
import { HalfSipHash } from './halfSipHash.ts';
import { MurmurHash3 } from './murmurHash3.ts';
import { WasmFoldedMultiply } from './wasmFoldedMultiply.ts';

export const hashes: readonly { name: string; create: (rng: Rng) => KeyHash }[] = [
  { name: 'byte-wise', create: (rng) => new ByteWiseHash(rng) },
  { name: 'folded multiply', create: (rng) => new FoldedMultiplyHash(rng) },
  { name: 'folded multiply, DataView', create: (rng) => new DataViewFoldedMultiply(rng) },
  { name: 'folded multiply, WebAssembly', create: (rng) => new WasmFoldedMultiply(rng) },
  { name: 'MurmurHash3', create: (rng) => new MurmurHash3(rng) },
  { name: 'HalfSipHash-1-3', create: (rng) => new HalfSipHash(rng) },
];
