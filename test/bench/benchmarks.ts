/** The hot paths, each in the variants it has. Inputs are fixed by a seed: the result hash is the same on every machine. */
import { fromLatin1 } from '../../src/base/bytes.ts';
import { Prng } from '../../src/base/prng.ts';
import type { Rng } from '../../src/ports/rng.ts';
import { SeededRng } from '../../src/ports/sim/seededRng.ts';
import type { CapacityPolicy } from '../../src/server/capacity/capacityPolicy.ts';
import { GrowAsFilled } from '../../src/server/capacity/growAsFilled.ts';
import { SizedFromCount } from '../../src/server/capacity/sizedFromCount.ts';
import { Arguments } from '../../src/server/commands/arguments.ts';
import {
  CommandHarness,
  encodeRequest,
  type HarnessOptions,
} from '../../src/server/commands/commandHarness.ts';
import { ByteWiseHash, type KeyHash } from '../../src/server/keyspace/hashing.ts';
import { NO_EXPIRY } from '../../src/server/keyspace/keyspace.ts';
import { createStorage, STORAGE_NAMES, type StorageName } from '../../src/server/keyspace/storageVariants.ts';
import { DecodeState } from '../../src/server/protocol/decodeState.ts';
import { FreshReplyBuffers } from '../../src/server/protocol/freshReplyBuffers.ts';
import { RequestDecoder } from '../../src/server/protocol/requestDecoder.ts';
import type { RespEncoder } from '../../src/server/protocol/respEncoder.ts';
import { ReusedReplyBuffer } from '../../src/server/protocol/reusedReplyBuffer.ts';
import { ServerStats } from '../../src/server/serverStats.ts';
import type { Benchmark } from './benchmark.ts';
import { hashes } from './hashing/hashes.ts';

const KEYS = 100_000;
const PIPELINE = 64;

const keyName = (number: number): string => `key:${String(number).padStart(12, '0')}`;

const hashing = (algorithm: string, create: (rng: Rng) => KeyHash, bytes: number): Benchmark => ({
  name: `key hashing, ${algorithm}, ${bytes} B`,
  prepare() {
    const hash = create(new SeededRng(1));
    const prng = new Prng(1);
    const buffer = Uint8Array.from({ length: 64 * bytes }, () => prng.below(256));
    const run = (): number => {
      let sum = 0;
      for (let i = 0; i < 64; i++) sum ^= hash.hash(buffer, i * bytes, (i + 1) * bytes);
      return sum;
    };
    return { operations: 64, run };
  },
});

const decoding = (valueBytes: number): Benchmark => ({
  name: `RESP decoding, SET of ${valueBytes} B`,
  prepare() {
    const request = encodeRequest(['SET', keyName(1), 'x'.repeat(valueBytes)]);
    const buffer = Buffer.concat(Array.from({ length: PIPELINE }, () => request));
    const decoder = new RequestDecoder(new SizedFromCount());
    const state = new DecodeState();
    const args = new Arguments();
    const run = (): number => {
      let at = 0;
      let sum = 0;
      while (at < buffer.length) {
        at = decoder.decode(state, buffer, at, buffer.length, args, true);
        sum += args.count + args.ends[2]!;
      }
      return sum;
    };
    return { operations: PIPELINE, run };
  },
});

const encoding = (name: string, create: (stats: ServerStats) => RespEncoder): Benchmark => ({
  name: `reply encoding, ${name}`,
  prepare() {
    const encoder = create(new ServerStats(1));
    const value = fromLatin1('x'.repeat(64));
    const run = (): number => {
      for (let i = 0; i < PIPELINE; i++) {
        encoder.beginReply();
        encoder.bulk(value);
        encoder.endReply(true);
      }
      const bytes = encoder.take()!.length;
      encoder.taken(true);
      return bytes;
    };
    return { operations: PIPELINE, run };
  },
});

/** Short enough to lie inline where a storage knows how. */
const KEYSPACE_VALUE_BYTES = 16;

/** `read` does what GET does: look the key up, see that it is alive, touch it, copy its value. */
type KeyspaceOperation = 'read' | 'overwrite' | 'delete and insert';

const keyspace = (name: StorageName, operation: KeyspaceOperation): Benchmark => ({
  name: `keyspace ${operation}, ${name}, ${KEYS.toLocaleString('en')} keys`,
  prepare() {
    const held = createStorage(name, new ByteWiseHash(new SeededRng(1))).createDatabase();
    const keys = Array.from({ length: KEYS }, (_, number) => fromLatin1(keyName(number)));
    const value = fromLatin1('x'.repeat(KEYSPACE_VALUE_BYTES));
    const out = new Uint8Array(KEYSPACE_VALUE_BYTES);
    const put = (key: Uint8Array): number =>
      held.putString(key, 0, key.length, value, 0, value.length, NO_EXPIRY, false);
    for (const key of keys) put(key);
    const prng = new Prng(1);
    const run = (): number => {
      let found = 0;
      for (let i = 0; i < 256; i++) {
        const key = keys[prng.below(KEYS)]!;
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
    return { operations: 256, run };
  },
});

const requests = (
  name: string,
  options: HarnessOptions,
  request: (number: number) => string[],
): Benchmark => ({
  name: `whole request, ${name}, pipeline ${PIPELINE}`,
  prepare() {
    const harness = new CommandHarness(options);
    const prng = new Prng(1);
    const number = (): number => prng.below(10_000);
    for (let i = 0; i < 10_000; i++) harness.client.raw('SET', keyName(i), `value:${i}`);
    const batches = Array.from({ length: 64 }, () =>
      Buffer.concat(Array.from({ length: PIPELINE }, () => encodeRequest(request(number())))),
    );
    let at = 0;
    return { operations: PIPELINE, run: () => harness.client.send(batches[at++ % batches.length]!).length };
  },
});

/** Few requests of many arguments at a time, each reply in memory of its own: where containers grow most. */
const largeRequests = (
  name: string,
  capacity: CapacityPolicy,
  requestsOf: (first: number) => string[][],
): Benchmark => ({
  name,
  prepare() {
    const harness = new CommandHarness({ reusedReplies: false, variants: { capacity } });
    const value = 'x'.repeat(64);
    for (let i = 0; i < 1000; i++) harness.client.raw('SET', keyName(i), value);
    const batches = Array.from({ length: 64 }, (_, i) => Buffer.concat(requestsOf(i).map(encodeRequest)));
    let at = 0;
    return { operations: 1, run: () => harness.client.send(batches[at++ % batches.length]!).length };
  },
});

const manyNames = (first: number, prefix: string): string[] =>
  Array.from({ length: 200 }, (_, i) => `${prefix}${keyName((first + i) % 1000)}`);

const ALL: HarnessOptions = { arena: true, cacheLineIndex: true, fastPath: true, reusedReplies: true };
const NONE: HarnessOptions = { arena: false, fastPath: false, reusedReplies: false };
const set = (number: number): string[] => ['SET', keyName(number), 'x'.repeat(64)];
const get = (number: number): string[] => ['GET', keyName(number)];

export const benchmarks: readonly Benchmark[] = [
  ...hashes.flatMap(({ name, create }) =>
    [4, 8, 16, 24, 40, 128].map((bytes) => hashing(name, create, bytes)),
  ),
  ...[8, 64, 1024].map(decoding),
  encoding('reused buffer', (stats) => new ReusedReplyBuffer(stats)),
  encoding('fresh buffers', (stats) => new FreshReplyBuffers(stats)),
  ...(['read', 'overwrite', 'delete and insert'] as const).flatMap((operation) =>
    STORAGE_NAMES.map((name) => keyspace(name, operation)),
  ),
  ...(
    [
      ['grown', new GrowAsFilled()],
      ['sized', new SizedFromCount()],
    ] as const
  ).flatMap(([name, capacity]) => [
    largeRequests(`MGET of 200 keys, ${name}`, capacity, (first) => [['MGET', ...manyNames(first, '')]]),
    largeRequests(`HSET of 100 new fields, DEL, ${name}`, capacity, (first) => [
      ['HSET', 'hash', ...manyNames(first, 'f')],
      ['DEL', 'hash'],
    ]),
  ]),
  requests('SET, all flags', ALL, set),
  requests('SET, no flags', NONE, set),
  requests('GET, all flags', ALL, get),
  requests('GET, no flags', NONE, get),
  requests('INCR', ALL, (number) => ['INCR', `counter:${number}`]),
  requests('HSET', ALL, (number) => ['HSET', `hash:${number % 100}`, `field:${number}`, 'value']),
];
