/** Whole requests, from bytes to bytes, through a server in process: with all its parts, with none, and for single flags. */
import { Prng } from '../../../src/base/prng.ts';
import type { CapacityPolicy } from '../../../src/server/capacity/capacityPolicy.ts';
import { GrowAsFilled } from '../../../src/server/capacity/growAsFilled.ts';
import { SizedFromCount } from '../../../src/server/capacity/sizedFromCount.ts';
import {
  CommandHarness,
  encodeRequest,
  type HarnessOptions,
} from '../../../src/server/commands/commandHarness.ts';
import { FastPathRequestReader } from '../../../src/server/protocol/fastPathReader.ts';
import { withHincrby } from '../../../src/server/protocol/hincrbyReader.ts';
import type { ShardVariants } from '../../../src/server/shard.ts';
import type { Benchmark } from '../benchmark.ts';
import { keyName } from '../keyNames.ts';

const PIPELINE = 64;
const BATCHES = 64;
const KEYS = 10_000;
const TINY_KEYS = 200;

/** The requests of a benchmark, and what is there before them. */
interface Traffic {
  preload: (number: number) => string[];
  request: (number: number) => string[];
}

const requests = (name: string, options: HarnessOptions, { preload, request }: Traffic): Benchmark => ({
  name: `whole request, ${name}, pipeline ${PIPELINE}`,
  prepare(tiny) {
    const harness = new CommandHarness(options);
    const keys = tiny ? TINY_KEYS : KEYS;
    for (let i = 0; i < keys; i++) harness.client.raw(...preload(i));
    const prng = new Prng(1);
    const batches = Array.from({ length: BATCHES }, () =>
      Buffer.concat(Array.from({ length: PIPELINE }, () => encodeRequest(request(prng.below(keys))))),
    );
    let at = 0;
    return { operations: PIPELINE, run: () => harness.client.send(batches[at++ % BATCHES]!).length };
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
    const batches = Array.from({ length: BATCHES }, (_, i) =>
      Buffer.concat(requestsOf(i).map(encodeRequest)),
    );
    let at = 0;
    return { operations: 1, run: () => harness.client.send(batches[at++ % BATCHES]!).length };
  },
});

const manyNames = (first: number, prefix: string): string[] =>
  Array.from({ length: 200 }, (_, i) => `${prefix}${keyName((first + i) % 1000)}`);

const ALL: HarnessOptions = { arena: true, cacheLineIndex: true, fastPath: true, reusedReplies: true };
const NONE: HarnessOptions = { arena: false, fastPath: false, reusedReplies: false };
const HincrbyOverFastPath = withHincrby(FastPathRequestReader);
const createReader: ShardVariants['createReader'] = (...parts) => new HincrbyOverFastPath(...parts);

const setKey = (number: number): string[] => ['SET', keyName(number), 'x'.repeat(64)];
const set: Traffic = { preload: setKey, request: setKey };
const get: Traffic = { preload: setKey, request: (number) => ['GET', keyName(number)] };
const incr: Traffic = { preload: setKey, request: (number) => ['INCR', `counter:${number}`] };
const hset: Traffic = {
  preload: setKey,
  request: (number) => ['HSET', `hash:${number % 100}`, `field:${number}`, 'value'],
};
/** Hashes of eight fields. */
const hincrby: Traffic = {
  preload: (number) => ['HSET', `hash:${number >> 3}`, `field:${number & 7}`, '1000'],
  request: (number) => ['HINCRBY', `hash:${number >> 3}`, `field:${number & 7}`, '1'],
};

const capacities: [string, CapacityPolicy][] = [
  ['grown', new GrowAsFilled()],
  ['sized', new SizedFromCount()],
];

export const wholeRequests: readonly Benchmark[] = [
  requests('SET, all flags', ALL, set),
  requests('SET, no flags', NONE, set),
  requests('GET, all flags', ALL, get),
  requests('GET, no flags', NONE, get),
  requests('INCR', ALL, incr),
  requests('HSET', ALL, hset),
  requests('HINCRBY, general way', ALL, hincrby),
  requests('HINCRBY, in place', { ...ALL, variants: { createReader } }, hincrby),
  ...capacities.flatMap(([name, capacity]) => [
    largeRequests(`MGET of 200 keys, ${name}`, capacity, (first) => [['MGET', ...manyNames(first, '')]]),
    largeRequests(`HSET of 100 new fields, DEL, ${name}`, capacity, (first) => [
      ['HSET', 'hash', ...manyNames(first, 'f')],
      ['DEL', 'hash'],
    ]),
  ]),
];
