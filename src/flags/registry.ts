/**
 * Every optimisation as a record: what the plan claims, what the two sides are, which experiment judges it. The composition
 * root (`main/variants.ts`) maps names to implementations; nothing else in the project asks whether a flag is on.
 */

/** `available` can be switched on; `planned` is described and refused. */
export type FlagState = 'available' | 'planned';

export interface Flag {
  name: string;
  /** Section and tips of the optimisation plan, or where else the idea is from. */
  plan: string;
  /** The plan's claim, in short. */
  claim: string;
  baseline: string;
  candidate: string;
  /** Folder in experiments/. */
  experiment: string;
  state: FlagState;
}

const flag = (
  state: FlagState,
  name: string,
  plan: string,
  claim: string,
  baseline: string,
  candidate: string,
): Flag => ({
  name,
  plan,
  claim,
  baseline,
  candidate,
  experiment: name,
  state,
});

export const FLAGS: readonly Flag[] = [
  flag(
    'available',
    'fast-path',
    '1.4, tip 22',
    '+10-15 % on GET/SET',
    'every request through the general decoder and table dispatch',
    'GET and SET recognised from their first bytes and executed without an argument list (no effect with several shards)',
  ),
  flag(
    'available',
    'arena-storage',
    '2.2, tip 11',
    '-15-25 % memory',
    'Map<string, entry> with a heap object per entry',
    'bytes in arenas, found through 32-bit addresses',
  ),
  flag(
    'available',
    'reply-buffers',
    '1.2, tip 7',
    '-5-10 % allocator pressure',
    'a fresh Buffer per reply',
    'replies encoded into one buffer that the thread reuses',
  ),
  flag(
    'available',
    'cache-line-index',
    'beyond the plan',
    'one cache line a lookup, fewer bytes a key; no effect without arena-storage',
    'tags and addresses in two arrays, linear probing, segments that double',
    'buckets of one cache line with 12 tags and 12 addresses, regions that grow block by block',
  ),
  flag(
    'available',
    'bulk-shards',
    '1.1, tip 5',
    '+20-40 % on MGET/MSET with many keys',
    'one message per key to its shard (with one shard there are no messages, and no effect)',
    'one message per shard',
  ),
  flag(
    'available',
    'spsc-mailbox',
    'beyond the plan',
    'cheaper messages between shards (with one shard there are none, and no effect)',
    'one postMessage per message',
    'rings in shared memory, one wake-up for all that has come',
  ),
  flag(
    'available',
    'reserve-capacity',
    '1.3, tip 19',
    '+2-5 % on multi-key commands',
    'argument lists, replies and new hashes grow as they are filled',
    'sized once from the number of arguments or members, as far as their bytes have arrived',
  ),
  flag(
    'available',
    'compact-entries',
    '2.1, tip 10',
    '+10-20 % memory bandwidth',
    'one object per entry, hot and cold fields together',
    'hot fields in packed rows of 16 bytes, cold ones apart (no effect with arena-storage, whose records are packed)',
  ),
  flag(
    'available',
    'sso-strings',
    '2.3, tip 13',
    '-20-30 % allocations',
    'every value a byte array on the heap; keys are strings of the Map',
    'values of up to 23 bytes in packed cells (no effect with arena-storage, whose records hold their values)',
  ),
  flag(
    'available',
    'batched-deltas',
    '3.1, tips 5 and 25',
    '-30-50 % gossip overhead',
    'each write of a node with peers (--peers) gossips at once',
    'deltas coalesced per key, flushed on an interval or size',
  ),
  flag(
    'available',
    'hincrby-direct',
    '3.2, tip 26',
    '+15-20 % on HINCRBY',
    'HINCRBY through the general decoder and table dispatch',
    'HINCRBY recognised from its first bytes, the digits of an existing field rewritten in place (no effect with several shards, with maxmemory or with peers)',
  ),
  flag(
    'available',
    'ttl-heap',
    '3.3, tip 8',
    'no message storm, smoother tail',
    'every 100 ms a sweep over the keyspace looks for expired entries',
    'each database owns a min-heap of expiries, so that nothing has to be searched (without effect beside ttl-wheel)',
  ),
  flag(
    'available',
    'ttl-wheel',
    'beyond the plan',
    'the heap at a constant cost per key and a third of its memory',
    'every 100 ms a sweep over the keyspace looks for expired entries',
    'each database owns a hierarchical timing wheel of expiries',
  ),
  flag(
    'available',
    'lazy-free',
    'beyond the plan',
    'deleting something large holds nobody up',
    'memory goes back in the step that deletes: DEL, overwriting, expiry, eviction, FLUSHALL',
    'what is large is out of sight at once and released in slices of 150 us',
  ),
  flag(
    'available',
    'fast-hash',
    '4.1',
    'used everywhere',
    'a seeded hash, one multiplication a byte',
    'a seeded hash, one widening multiplication for eight bytes; the fastest measured that an outsider cannot prepare collisions for',
  ),
  flag(
    'available',
    'io-uring',
    '4.2',
    '+20-30 % with many connections',
    "Node's net sockets",
    'one io_uring per thread, entered once a turn (Linux 6.1 or later; elsewhere net serves, and says so)',
  ),
  flag(
    'available',
    'connection-affinity',
    '4.3',
    '+5-10 %',
    'the kernel hashes each connection to a worker, which runs on any core (with one shard no effect)',
    'connections are dealt to the workers by source port, and each worker stays on one core',
  ),
  flag(
    'available',
    'adaptive-encoding',
    'beyond the plan',
    'less memory for small hashes',
    'a Map of objects for a small hash, a keyspace of its own for a large one',
    'small hashes packed into one byte array (lists, sets and sorted sets will take the same flag)',
  ),
];

export const AVAILABLE_FLAGS: readonly Flag[] = FLAGS.filter((each) => each.state === 'available');

/**
 * Flags that two occasions of their experiments judged, and that did not earn a place (lab/scorecard/defaultSet.ts); a test holds this
 * list against the published results.
 */
const NOT_EARNED: readonly string[] = ['connection-affinity'];

/** What runs where nothing is said. */
export const DEFAULT_FLAGS: readonly string[] = AVAILABLE_FLAGS.map((each) => each.name).filter(
  (name) => !NOT_EARNED.includes(name),
);
