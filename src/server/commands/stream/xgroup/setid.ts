import { EventClass } from '../../../events/eventClasses.ts';
import { ID_MAX, ID_MIN } from '../../../keyspace/value/stream/streamId.ts';
import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';
import { readId } from '../streamLookup.ts';
import { groupAt, readGroupOptions } from './groupOptions.ts';

/** XGROUP SETID key group id ENTRIESREAD n: an option given twice is refused by Redis's count. */
const WORDS_MAX = 7;

export const xgroupSetid: CommandSpec = {
  name: 'setid',
  arity: -5,
  flags: ['write'],
  categories: ['stream'],
  keys: [keyAt(2, 'RW', 'update')],
  docs: {
    summary: 'Sets how far a consumer group has read.',
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
    const options = readGroupOptions(context, args, false);
    if (options === undefined) return;
    const found = groupAt(context, args);
    if (found === undefined) return;
    if (args.count > WORDS_MAX) return unknownSubcommand(context, args);
    const { group, stream } = found;
    const edge = args.is(4, '$')
      ? stream.lastId
      : args.is(4, '-')
        ? ID_MIN
        : args.is(4, '+')
          ? ID_MAX
          : undefined;
    const id = edge ?? readId(context, args, 4);
    if (id === undefined) return;
    group.lastId = id;
    group.entriesRead = options.entriesRead;
    server.dirty++;
    db.changed(args, 2, EventClass.stream, 'xgroup-setid');
    reply.ok();
  },
};
