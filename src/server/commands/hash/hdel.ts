import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { removeEmptied, writeHash } from './hashLookup.ts';

export const hdel: CommandSpec = {
  name: 'hdel',
  arity: -3,
  flags: ['write', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'delete'),
  docs: {
    summary: 'Removes fields from a hash, and the key with the last of them.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of fields to be removed.',
    history: [['2.4.0', 'Accepts multiple `field` arguments.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'field', type: 'string', flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const hash = writeHash(context, args);
    if (hash === null) return;
    let deleted = 0;
    if (hash !== undefined) {
      for (let i = 2; i < args.count && hash.length > 0; i++) {
        const ref = hash.find(args.buffer, args.starts[i]!, args.ends[i]!);
        if (ref === 0) continue;
        hash.remove(ref);
        deleted++;
      }
      if (deleted > 0) context.db.changed(args, 1, EventClass.hash, 'hdel');
      if (hash.length === 0) removeEmptied(context, args);
    }
    context.server.dirty += deleted;
    context.reply.integer(deleted);
  },
};
