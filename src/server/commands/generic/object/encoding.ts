import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { readUntouched } from '../keyLookup.ts';
import { encodingName } from '../valueEncoding.ts';

export const encoding: CommandSpec = {
  name: 'encoding',
  arity: 3,
  flags: ['readonly'],
  categories: ['keyspace'],
  keys: [keyAt(2, 'RO')],
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Names the encoding in which a value is stored.',
    since: '2.2.3',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const ref = readUntouched(context, args, 2);
    if (ref === 0) context.reply.nil();
    else context.reply.bulkText(encodingName(context.db.keyspace, ref));
  },
};
