import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { listFields } from './fieldListing.ts';

export const hvals: CommandSpec = {
  name: 'hvals',
  arity: 2,
  flags: ['readonly'],
  categories: ['hash'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Returns every value of a hash.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the size of the hash.',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    listFields(context, args, false, true);
  },
};
