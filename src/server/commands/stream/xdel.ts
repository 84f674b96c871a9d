import { EventClass } from '../../events/eventClasses.ts';
import type { StreamId } from '../../keyspace/value/stream/streamId.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readId, writeStream } from './streamLookup.ts';

export const xdel: CommandSpec = {
  name: 'xdel',
  arity: -3,
  flags: ['write', 'fast'],
  categories: ['stream'],
  keys: oneKey('RW', 'delete'),
  docs: {
    summary: 'Removes entries from a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1) for each single item to delete in the stream, regardless of the stream size.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'id', type: 'string', flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const stream = writeStream(context, args);
    if (stream === null) return;
    if (stream === undefined) return reply.integer(0);
    const ids: StreamId[] = [];
    for (let i = 2; i < args.count; i++) {
      const id = readId(context, args, i);
      if (id === undefined) return;
      ids.push(id);
    }
    const removed = stream.remove(ids);
    if (removed > 0) {
      stream.settle();
      server.dirty += removed;
      db.changed(args, 1, EventClass.stream, 'xdel');
    }
    reply.integer(removed);
  },
};
