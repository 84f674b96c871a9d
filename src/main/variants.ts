/** The only place where a flag becomes an implementation: name in, constructors out. */

import type { Rng } from '../ports/rng.ts';
import type { KeyHash } from '../server/keyspace/hashing.ts';
import type { KeyspaceFactory } from '../server/keyspace/keyspace.ts';
import type { ShardVariants } from '../server/shard.ts';

/** Loads the chosen side of each flag, and only that: a process holds one implementation of each interface. */
export async function loadVariants(flags: ReadonlySet<string>): Promise<ShardVariants> {
  const [createHash, createKeyspaceFactory, createEncoder, createReader] = await Promise.all([
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
    flags.has('arena-storage')
      ? import('../server/keyspace/index/arenaKeyspace.ts').then(
          (module) =>
            (hash: KeyHash): KeyspaceFactory =>
              new module.ArenaKeyspaceFactory(hash),
        )
      : import('../server/keyspace/index/mapKeyspace.ts').then(
          (module) =>
            (hash: KeyHash): KeyspaceFactory =>
              new module.MapKeyspaceFactory(hash),
        ),
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
    flags.has('fast-path')
      ? import('../server/protocol/fastPathReader.ts').then(
          (module): ShardVariants['createReader'] =>
            (server, encoder, dispatcher, holds) =>
              new module.FastPathRequestReader(server, encoder, dispatcher, holds),
        )
      : import('../server/protocol/requestReader.ts').then(
          (module): ShardVariants['createReader'] =>
            (server, encoder, dispatcher, holds) =>
              new module.GeneralRequestReader(server, encoder, dispatcher, holds),
        ),
  ]);
  return {
    createStorage: (rng) => createKeyspaceFactory(createHash(rng)),
    createEncoder,
    createReader,
  };
}
