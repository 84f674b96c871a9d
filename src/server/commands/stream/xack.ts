import type { StreamId } from '../../keyspace/value/stream/streamId.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { nameAt, readId, readStream } from './streamLookup.ts';

export const xack: CommandSpec = {
  name: 'xack',
  arity: -4,
  flags: ['write', 'fast'],
  categories: ['stream'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Acknowledges entries that a group was given.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1) for each message ID processed.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
      { name: 'id', type: 'string', flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    const stream = readStream(context, args);
    if (stream === null) return;
    const group = stream?.groups.get(nameAt(args, 2));
    if (stream === undefined || group === undefined) return reply.integer(0);
    const ids: StreamId[] = [];
    for (let i = 3; i < args.count; i++) {
      const id = readId(context, args, i);
      if (id === undefined) return;
      ids.push(id);
    }
    let acknowledged = 0;
    for (const id of ids) if (group.acknowledge(id)) acknowledged++;
    server.dirty += acknowledged;
    stream.settle();
    reply.integer(acknowledged);
  },
};
