/** The only place where a flag becomes an implementation: name in, constructors out. */
import type { Rng } from '../ports/rng.ts';
import type { CreateQueue } from '../server/expiry/queuedDeadlines.ts';
import type { GrowthTimer } from '../server/keyspace/growthTimer.ts';
import type { KeyHash } from '../server/keyspace/hashing.ts';
import type { MapStores } from '../server/keyspace/index/mapKeyspace.ts';
import type { KeyspaceFactory } from '../server/keyspace/keyspace.ts';
import type { ShardPlacement } from '../server/routing/placement.ts';
import type { ShardVariants } from '../server/shard.ts';

type CreateStorage = (hash: KeyHash, growth: GrowthTimer) => KeyspaceFactory;

/** The arena keeps entries and short values packed in its records: with it, the flags of the Map's parts choose nothing. */
async function loadStorage(flags: ReadonlySet<string>): Promise<CreateStorage> {
  if (flags.has('arena-storage')) {
    const [{ ArenaKeyspaceFactory }, createPool] = await Promise.all([
      import('../server/keyspace/index/arenaKeyspace.ts'),
      flags.has('cache-line-index')
        ? import('../server/keyspace/index/cacheLineIndex.ts').then((module) => module.createBucketPool)
        : import('../server/keyspace/index/segmentedIndex.ts').then((module) => module.createSegmentPool),
    ]);
    return (hash, growth) => new ArenaKeyspaceFactory(hash, createPool, growth);
  }
  const [{ MapKeyspaceFactory }, createEntries, createStrings] = await Promise.all([
    import('../server/keyspace/index/mapKeyspace.ts'),
    flags.has('compact-entries')
      ? import('../server/keyspace/record/entryRows.ts').then(
          (module): MapStores['createEntries'] =>
            (...parts) =>
              new module.EntryRows(...parts),
        )
      : import('../server/keyspace/record/entryObjects.ts').then(
          (module): MapStores['createEntries'] =>
            () =>
              new module.EntryObjects(),
        ),
    flags.has('sso-strings')
      ? import('../server/keyspace/record/inlineStrings.ts').then(
          (module): MapStores['createStrings'] =>
            (...parts) =>
              new module.InlineStrings(...parts),
        )
      : import('../server/keyspace/record/heapStrings.ts').then(
          (module): MapStores['createStrings'] =>
            () =>
              new module.HeapStrings(),
        ),
  ]);
  return (hash, growth) => new MapKeyspaceFactory(hash, { createEntries, createStrings }, growth);
}

/** Loads the chosen side of each flag, and only that: a process holds one implementation of each interface. */
export async function loadVariants(
  flags: ReadonlySet<string>,
  placement?: ShardPlacement,
): Promise<ShardVariants> {
  const [capacity, createHash, createKeyspaceFactory, createEncoder, createReader] = await Promise.all([
    flags.has('reserve-capacity')
      ? import('../server/capacity/sizedFromCount.ts').then((module) => new module.SizedFromCount())
      : import('../server/capacity/growAsFilled.ts').then((module) => new module.GrowAsFilled()),
    flags.has('fast-hash')
      ? import('../server/keyspace/foldedMultiplyHash.ts').then(
          (module) =>
            (rng: Rng): KeyHash =>
              new module.FoldedMultiplyHash(rng),
        )
      : import('../server/keyspace/hashing.ts').then(
          (module) =>
            (rng: Rng): KeyHash =>
              new module.ByteWiseHash(rng),
        ),
    loadStorage(flags),
    flags.has('reply-buffers')
      ? import('../server/protocol/reusedReplyBuffer.ts').then(
          (module): ShardVariants['createEncoder'] =>
            (stats) =>
              new module.ReusedReplyBuffer(stats),
        )
      : import('../server/protocol/freshReplyBuffers.ts').then(
          (module): ShardVariants['createEncoder'] =>
            (stats) =>
              new module.FreshReplyBuffers(stats),
        ),
    placement === undefined
      ? loadReader(flags.has('fast-path'), flags.has('hincrby-direct'))
      : loadShardedReader(flags, placement),
  ]);
  return {
    capacity,
    createStorage: (rng, growth) => createKeyspaceFactory(createHash(rng), growth),
    createDeadlines: await loadDeadlines(flags),
    createDisposal: await loadDisposal(flags.has('lazy-free')),
    createSmallFields: await loadSmallFields(flags),
    createEncoder,
    createReader,
  };
}

/** The small form of hashes. */
async function loadSmallFields(flags: ReadonlySet<string>): Promise<ShardVariants['createSmallFields']> {
  if (flags.has('adaptive-encoding')) {
    const { PackedFields } = await import('../server/keyspace/value/packedFields.ts');
    return (capacityBytes) => new PackedFields(capacityBytes);
  }
  const { PlainFields } = await import('../server/keyspace/value/plainFields.ts');
  return () => new PlainFields();
}

/** One reader class for each combination: HINCRBY is a layer over the reader that knows GET and SET, or over the one that knows nothing. */
async function loadReader(fastPath: boolean, hincrby: boolean): Promise<ShardVariants['createReader']> {
  const getAndSet = async () =>
    fastPath ? (await import('../server/protocol/fastPathReader.ts')).FastPathRequestReader : undefined;
  if (!hincrby) {
    const Reader =
      (await getAndSet()) ?? (await import('../server/protocol/requestReader.ts')).GeneralRequestReader;
    return (...parts) => new Reader(...parts);
  }
  const { withHincrby } = await import('../server/protocol/hincrbyReader.ts');
  const Base =
    (await getAndSet()) ?? (await import('../server/protocol/inPlaceReader.ts')).InPlaceRequestReader;
  const Reader = withHincrby(Base);
  return (...parts) => new Reader(...parts);
}

async function loadDisposal(lazy: boolean): Promise<ShardVariants['createDisposal']> {
  if (lazy) {
    const { ReleaseQueue } = await import('../server/keyspace/release/releaseQueue.ts');
    return (...parts) => new ReleaseQueue(...parts);
  }
  const { ImmediateDisposal } = await import('../server/keyspace/release/immediateDisposal.ts');
  return () => new ImmediateDisposal();
}

/** The wheel takes the heap's place where both are on. */
async function loadDeadlines(flags: ReadonlySet<string>): Promise<ShardVariants['createDeadlines']> {
  if (!flags.has('ttl-heap') && !flags.has('ttl-wheel')) {
    const { Sweep } = await import('../server/expiry/sweep.ts');
    return (keyspace) => new Sweep(keyspace);
  }
  const [{ QueuedDeadlines }, createQueue] = await Promise.all([
    import('../server/expiry/queuedDeadlines.ts'),
    flags.has('ttl-wheel')
      ? import('../server/expiry/timingWheel.ts').then(
          (module): CreateQueue =>
            (keyspace, nowMs) =>
              new module.TimingWheel(keyspace, nowMs),
        )
      : import('../server/expiry/deadlineHeap.ts').then(
          (module): CreateQueue =>
            (keyspace) =>
              new module.DeadlineHeap(keyspace),
        ),
  ]);
  return (keyspace) => new QueuedDeadlines(keyspace, createQueue);
}

/** With several shards every request is routed first, so the readers that execute in place have none. */
async function loadShardedReader(
  flags: ReadonlySet<string>,
  placement: ShardPlacement,
): Promise<ShardVariants['createReader']> {
  const [{ ShardedRequestReader }, grouping] = await Promise.all([
    import('../server/protocol/shardedReader.ts'),
    flags.has('bulk-shards')
      ? import('../server/routing/groupPerShard.ts').then((module) => module.groupPerShard)
      : import('../server/routing/groupPerKey.ts').then((module) => module.groupPerKey),
  ]);
  return (server, encoder, dispatcher, holds) =>
    new ShardedRequestReader(server, encoder, dispatcher, holds, placement, grouping);
}
