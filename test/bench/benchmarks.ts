/** All microbenchmarks, by area. Inputs are fixed by a seed: a result hash is the same on every machine. */
import { deltas } from './areas/deltas.ts';
import { keyHashing } from './areas/keyHashing.ts';
import { keyspaces } from './areas/keyspaces.ts';
import { protocol } from './areas/protocol.ts';
import { wholeRequests } from './areas/requests.ts';
import { shardMessages } from './areas/shardMessages.ts';
import { smallHashes } from './areas/smallHashes.ts';
import type { Benchmark } from './benchmark.ts';

export const benchmarks: readonly Benchmark[] = [
  ...keyHashing,
  ...protocol,
  ...keyspaces,
  ...smallHashes,
  ...shardMessages,
  ...deltas,
  ...wholeRequests,
];
