import type { CommandSpec } from '../command.ts';
import { keyAt, oneKey } from '../command.ts';
import { NO_SUCH_KEY } from '../errors.ts';
import { renameKey } from './renameKey.ts';

export const renamenx: CommandSpec = {
  name: 'renamenx',
  arity: 3,
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  keys: [...oneKey('RW', 'access', 'delete'), keyAt(2, 'OW', 'insert')],
  docs: {
    summary: 'Renames a key unless the new name is taken.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    history: [
      ['3.2.0', 'The command no longer returns an error when source and destination names are the same.'],
    ],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'newkey', type: 'key', keySpecIndex: 1 },
    ],
  },
  execute(context, args) {
    const outcome = renameKey(context, args, false);
    if (outcome === 'absent') context.reply.error(NO_SUCH_KEY);
    else context.reply.integer(outcome === 'renamed' ? 1 : 0);
  },
};
