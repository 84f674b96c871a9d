import type { CommandSpec } from '../command.ts';
import { keyValuePairs } from '../command.ts';
import { wrongNumberOfArguments } from '../errors.ts';
import { storePlain } from './storeString.ts';

export const msetnx: CommandSpec = {
  name: 'msetnx',
  arity: -3,
  flags: ['write', 'denyoom'],
  categories: ['string'],
  keys: keyValuePairs('OW', 'insert'),
  docs: {
    summary: 'Sets several keys to strings if none of them exists.',
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
    const { db, reply } = context;
    if (args.count % 2 === 0) return reply.error(wrongNumberOfArguments('msetnx'));
    for (let index = 1; index < args.count; index += 2) {
      if (db.lookupWrite(args, index) !== 0) return reply.integer(0);
    }
    for (let index = 1; index < args.count; index += 2) storePlain(context, args, index, index + 1);
    reply.integer(1);
  },
};
