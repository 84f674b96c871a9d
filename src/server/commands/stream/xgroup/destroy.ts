import { EventClass } from '../../../events/eventClasses.ts';
import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { nameAt, writeStream } from '../streamLookup.ts';
import { NEEDS_STREAM } from './groupOptions.ts';

export const xgroupDestroy: CommandSpec = {
  name: 'destroy',
  arity: 4,
  flags: ['write'],
  categories: ['stream'],
  keys: [keyAt(2, 'RW', 'delete')],
  docs: {
    summary: 'Removes a consumer group.',
    since: '5.0.0',
    group: 'stream',
    complexity: "O(N) where N is the number of entries in the group's pending entries list (PEL).",
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const stream = writeStream(context, args, 2);
    if (stream === null) return;
    if (stream === undefined) return reply.error(NEEDS_STREAM);
    if (!stream.groups.delete(nameAt(args, 3))) return reply.integer(0);
    stream.settle();
    server.dirty++;
    db.changed(args, 2, EventClass.stream, 'xgroup-destroy');
    reply.integer(1);
  },
};
