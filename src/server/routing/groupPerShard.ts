/** Flag `bulk-shards`, candidate: the keys are sorted by shard first, and each shard concerned gets one message. */
import type { KeyGroup, KeyGrouping } from './keyGrouping.ts';

export const groupPerShard: KeyGrouping = (args, firstKey, step, position) => {
  const byShard: (KeyGroup | undefined)[] = new Array(position.count).fill(undefined);
  for (let key = firstKey; key < args.count; key += step) {
    const shard = position.shardOf(args.buffer, args.starts[key]!, args.ends[key]!);
    const group = byShard[shard];
    if (group === undefined) byShard[shard] = { shard, keys: [key] };
    else group.keys.push(key);
  }
  return byShard.filter((group) => group !== undefined);
};
