import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';
import { readUntouched } from './keyLookup.ts';

export const exists: CommandSpec = {
  name: 'exists',
  arity: -2,
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  keys: allKeys('RO'),
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  docs: {
    summary: 'Counts how many of the named keys exist; a key named twice counts twice.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys to check.',
    history: [['3.0.3', 'Accepts multiple `key` arguments.']],
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute(context, args) {
    let found = 0;
    for (let i = 1; i < args.count; i++) if (readUntouched(context, args, i) !== 0) found++;
    context.reply.integer(found);
  },
};
