import { EventClass } from '../../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../../keyspace/keyspace.ts';
import { ConsumerGroup } from '../../../keyspace/value/stream/consumerGroup.ts';
import { ID_MIN } from '../../../keyspace/value/stream/streamId.ts';
import { StreamValue } from '../../../keyspace/value/stream/streamValue.ts';
import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';
import { nameAt, readId, writeStream } from '../streamLookup.ts';
import { NEEDS_STREAM, readGroupOptions } from './groupOptions.ts';

/** XGROUP CREATE key group id MKSTREAM ENTRIESREAD n: an option given twice is refused by Redis's count. */
const WORDS_MAX = 8;

export const xgroupCreate: CommandSpec = {
  name: 'create',
  arity: -5,
  flags: ['write', 'denyoom'],
  categories: ['stream'],
  keys: [keyAt(2, 'RW', 'insert')],
  docs: {
    summary: 'Creates a consumer group, and the stream if that is asked for.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    history: [['7.0.0', 'The option `ENTRIESREAD`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
      {
        name: 'id-selector',
        type: 'oneof',
        arguments: [
          { name: 'id', type: 'string' },
          { name: 'new-id', type: 'pure-token', token: '$' },
        ],
      },
      { name: 'mkstream', type: 'pure-token', token: 'MKSTREAM', flags: ['optional'] },
      {
        name: 'entriesread',
        type: 'integer',
        displayText: 'entries-read',
        token: 'ENTRIESREAD',
        flags: ['optional'],
      },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const options = readGroupOptions(context, args, true);
    if (options === undefined) return;
    const found = writeStream(context, args, 2);
    if (found === null) return;
    if (found === undefined && !options.makesStream) return reply.error(NEEDS_STREAM);
    if (args.count > WORDS_MAX) return unknownSubcommand(context, args);
    const lastId = args.is(4, '$') ? (found?.lastId ?? ID_MIN) : readId(context, args, 4);
    if (lastId === undefined) return;
    const stream = found ?? new StreamValue(server.storage);
    if (found === undefined) db.putCollection(args, 2, stream, NO_EXPIRY);
    const name = nameAt(args, 3);
    if (stream.groups.has(name)) return reply.error('BUSYGROUP Consumer Group name already exists');
    stream.groups.set(name, new ConsumerGroup(lastId, options.entriesRead));
    stream.settle();
    server.dirty++;
    db.changed(args, 2, EventClass.stream, 'xgroup-create');
    reply.ok();
  },
};
