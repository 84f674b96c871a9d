/**
 * The seam for whoever must know of every change to the data (replication): commands and storage pass through it when a shard is
 * assembled. A shard without an observer is made of the bare ones, so nothing on the data plane asks whether there is one, but for
 * HINCRBY in place (`protocol/hincrbyReader.ts`), which goes round the command and steps aside.
 */
import type { CommandSpec } from './commands/command.ts';
import type { KeyspaceFactory } from './keyspace/keyspace.ts';
import type { ServerState } from './serverState.ts';

export interface ShardObserver {
  commands(specs: readonly CommandSpec[]): readonly CommandSpec[];
  storage(storage: KeyspaceFactory): KeyspaceFactory;
  /** The shard is assembled; nothing has run yet. */
  attach(server: ServerState): void;
  /** Lines for INFO's replication section. */
  infoLines(): string[];
}
