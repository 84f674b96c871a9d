import { VALUE_TYPE_NAMES } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readUntouched } from './keyLookup.ts';

export const type: CommandSpec = {
  name: 'type',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Tells what kind of value a key holds.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const ref = readUntouched(context, args, 1);
    context.reply.simple(ref === 0 ? 'none' : VALUE_TYPE_NAMES[context.db.keyspace.type(ref)]);
  },
};
