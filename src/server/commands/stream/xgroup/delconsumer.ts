import { EventClass } from '../../../events/eventClasses.ts';
import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { nameAt } from '../streamLookup.ts';
import { groupAt } from './groupOptions.ts';

export const xgroupDelconsumer: CommandSpec = {
  name: 'delconsumer',
  arity: 5,
  flags: ['write'],
  categories: ['stream'],
  keys: [keyAt(2, 'RW', 'delete')],
  docs: {
    summary: 'Removes a consumer from a group, with what it had pending.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
      { name: 'consumer', type: 'string' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const found = groupAt(context, args);
    if (found === undefined) return;
    const { group, stream } = found;
    const consumer = group.consumers.get(nameAt(args, 4));
    if (consumer === undefined) return reply.integer(0);
    const { size } = consumer.pending;
    group.removeConsumer(consumer);
    stream.settle();
    server.dirty++;
    db.changed(args, 2, EventClass.stream, 'xgroup-delconsumer');
    reply.integer(size);
  },
};
