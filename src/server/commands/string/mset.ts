import type { CommandSpec } from '../command.ts';
import { keyValuePairs } from '../command.ts';
import { wrongNumberOfArguments } from '../errors.ts';
import { storePlain } from './storeString.ts';

export const mset: CommandSpec = {
  name: 'mset',
  arity: -3,
  flags: ['write', 'denyoom'],
  categories: ['string'],
  keys: keyValuePairs('OW', 'update'),
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Sets several keys to strings, all at once.',
    since: '1.0.1',
    group: 'string',
    complexity: 'O(N) where N is the number of keys',
    arguments: [
      {
        name: 'data',
        type: 'block',
        flags: ['multiple'],
        arguments: [
          { name: 'key', type: 'key', keySpecIndex: 0 },
          { name: 'value', type: 'string' },
        ],
      },
    ],
  },
  execute(context, args) {
    if (args.count % 2 === 0) return context.reply.error(wrongNumberOfArguments('mset'));
    for (let index = 1; index < args.count; index += 2) storePlain(context, args, index, index + 1);
    context.reply.ok();
  },
};
