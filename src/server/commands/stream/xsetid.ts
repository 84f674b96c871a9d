import { EventClass } from '../../events/eventClasses.ts';
import { compareIds, ID_MIN, isZeroId } from '../../keyspace/value/stream/streamId.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NO_SUCH_KEY, SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { readId, writeStream } from './streamLookup.ts';

export const xsetid: CommandSpec = {
  name: 'xsetid',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['stream'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Sets the last id of a stream: for replication.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    history: [['7.0.0', 'The options `ENTRIESADDED` and `MAXDELETEDID`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'last-id', type: 'string' },
      { name: 'entries-added', type: 'integer', token: 'ENTRIESADDED', since: '7.0.0', flags: ['optional'] },
      { name: 'max-deleted-id', type: 'string', token: 'MAXDELETEDID', since: '7.0.0', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const id = readId(context, args, 2);
    if (id === undefined) return;
    let entriesAdded: number | undefined;
    let maxDeletedId = ID_MIN;
    for (let i = 3; i < args.count; i += 2) {
      const hasValue = i + 1 < args.count;
      if (hasValue && args.is(i, 'ENTRIESADDED')) {
        entriesAdded = readInteger(context, args, i + 1);
        if (entriesAdded === undefined) return;
        if (entriesAdded < 0) return reply.error('ERR entries_added must be positive');
      } else if (hasValue && args.is(i, 'MAXDELETEDID')) {
        const given = readId(context, args, i + 1);
        if (given === undefined) return;
        if (compareIds(id, given) < 0)
          return reply.error(
            'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
          );
        maxDeletedId = given;
      } else {
        return reply.error(SYNTAX_ERROR);
      }
    }
    const stream = writeStream(context, args);
    if (stream === null) return;
    if (stream === undefined) return reply.error(NO_SUCH_KEY);
    if (compareIds(id, stream.maxDeletedId) < 0)
      return reply.error('ERR The ID specified in XSETID is smaller than current max_deleted_entry_id');
    if (stream.length > 0) {
      if (compareIds(id, stream.edgeId(true)) < 0)
        return reply.error('ERR The ID specified in XSETID is smaller than the target stream top item');
      if (entriesAdded !== undefined && stream.length > entriesAdded)
        return reply.error(
          'ERR The entries_added specified in XSETID is smaller than the target stream length',
        );
    }
    stream.lastId = id;
    if (entriesAdded !== undefined) stream.entriesAdded = entriesAdded;
    if (!isZeroId(maxDeletedId)) stream.maxDeletedId = maxDeletedId;
    server.dirty++;
    db.changed(args, 1, EventClass.stream, 'xsetid');
    reply.ok();
  },
};
