import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';
import { deleteKeys } from './deleteKeys.ts';

export const unlink: CommandSpec = {
  name: 'unlink',
  arity: -2,
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  keys: allKeys('RM', 'delete'),
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  docs: {
    summary: 'Removes keys at once and frees their values without holding up other commands.',
    since: '4.0.0',
    group: 'generic',
    complexity:
      'O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of.',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute: deleteKeys,
};
