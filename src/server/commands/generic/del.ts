import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';
import { deleteKeys } from './deleteKeys.ts';

export const del: CommandSpec = {
  name: 'del',
  arity: -2,
  flags: ['write'],
  categories: ['keyspace'],
  keys: allKeys('RM', 'delete'),
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  docs: {
    summary: 'Removes keys with their values.',
    since: '1.0.0',
    group: 'generic',
    complexity:
      'O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1).',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute: deleteKeys,
};
