/** Flag `bulk-shards`, baseline: every key is a message of its own, sent as it is come upon. */
import type { KeyGroup, KeyGrouping } from './keyGrouping.ts';

export const groupPerKey: KeyGrouping = (args, firstKey, step, position) => {
  const groups: KeyGroup[] = [];
  for (let key = firstKey; key < args.count; key += step) {
    groups.push({ shard: position.shardOf(args.buffer, args.starts[key]!, args.ends[key]!), keys: [key] });
  }
  return groups;
};
