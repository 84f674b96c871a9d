/** What a script may call where keys live on several shards: commands whose keys are all on the shard that runs it. */
import type { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import { findKeys } from '../commands/server/command/keyExtraction.ts';
import { EVERYWHERE } from './everywhereSplits.ts';
import type { ShardPosition } from './slots.ts';

const NOT_LOCAL = 'Script attempted to access a non local key in a cluster node';
/** They look at keys of all shards, and are split in other ways than those of EVERYWHERE. */
const SPLIT_ELSEWHERE = new Set(['scan', 'randomkey']);

/** The error, without its code; undefined if the command may run. */
export function refuseRemote(
  position: ShardPosition,
  entry: CommandEntry,
  args: Arguments,
): string | undefined {
  for (const { index } of findKeys(entry, args, true))
    if (!position.owns(args.buffer, args.starts[index]!, args.ends[index]!)) return NOT_LOCAL;
  if (EVERYWHERE.has(entry.fullName) || SPLIT_ELSEWHERE.has(entry.fullName))
    return `${entry.fullName} concerns all shards and cannot be called from a script; --shards 1 has no such limit`;
  return undefined;
}
