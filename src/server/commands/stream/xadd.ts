import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import { compareIds, isZeroId, PART_MAX, type StreamId } from '../../keyspace/value/stream/streamId.ts';
import { StreamValue } from '../../keyspace/value/stream/streamValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandSpec } from '../command.ts';
import { wrongNumberOfArguments } from '../errors.ts';
import { replyId, writeStream } from './streamLookup.ts';
import { readTrimOptions, type TrimOptions } from './trimOptions.ts';

/** The id of the entry to come; undefined if it would not be above the last. */
function idFor(stream: StreamValue, { anySequence, id }: TrimOptions, nowMs: number): StreamId | undefined {
  const next = id === undefined ? stream.idAt(nowMs) : anySequence ? stream.idWithin(id.ms) : id;
  return next !== undefined && compareIds(next, stream.lastId) > 0 ? next : undefined;
}

/** Fields and values from argument `from` on. */
const elementsOf = (args: Arguments, from: number): Probe[] =>
  Array.from(
    { length: args.count - from },
    (_, i) => new Probe(args.buffer, args.starts[from + i]!, args.ends[from + i]!),
  );

export const xadd: CommandSpec = {
  name: 'xadd',
  arity: -5,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['stream'],
  keys: [
    {
      flags: ['RW', 'update'],
      notes: 'UPDATE instead of INSERT because of the optional trimming feature',
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
  ],
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Adds an entry to a stream, creating it if need be.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.',
    history: [
      ['6.2.0', 'The options `NOMKSTREAM`, `MINID` and `LIMIT`.'],
      ['7.0.0', 'An id may be given as `<ms>-*`.'],
    ],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'nomkstream', type: 'pure-token', token: 'NOMKSTREAM', since: '6.2.0', flags: ['optional'] },
      {
        name: 'trim',
        type: 'block',
        flags: ['optional'],
        arguments: [
          {
            name: 'strategy',
            type: 'oneof',
            arguments: [
              { name: 'maxlen', type: 'pure-token', token: 'MAXLEN' },
              { name: 'minid', type: 'pure-token', token: 'MINID', since: '6.2.0' },
            ],
          },
          {
            name: 'operator',
            type: 'oneof',
            flags: ['optional'],
            arguments: [
              { name: 'equal', type: 'pure-token', token: '=' },
              { name: 'approximately', type: 'pure-token', token: '~' },
            ],
          },
          { name: 'threshold', type: 'string' },
          { name: 'count', type: 'integer', token: 'LIMIT', since: '6.2.0', flags: ['optional'] },
        ],
      },
      {
        name: 'id-selector',
        type: 'oneof',
        arguments: [
          { name: 'auto-id', type: 'pure-token', token: '*' },
          { name: 'id', type: 'string' },
        ],
      },
      {
        name: 'data',
        type: 'block',
        flags: ['multiple'],
        arguments: [
          { name: 'field', type: 'string' },
          { name: 'value', type: 'string' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { db, nowMs, reply, server } = context;
    const options = readTrimOptions(context, args, true);
    if (options === undefined) return;
    const from = options.idIndex + 1;
    const count = args.count - from;
    if (count < 2 || count % 2 === 1) return reply.error(wrongNumberOfArguments('xadd'));
    if (options.id !== undefined && !options.anySequence && isZeroId(options.id))
      return reply.error('ERR The ID specified in XADD must be greater than 0-0');
    const found = writeStream(context, args);
    if (found === null) return;
    if (found === undefined && !options.creates) return reply.nil();
    const stream = found ?? new StreamValue(server.storage);
    if (found === undefined) db.putCollection(args, 1, stream, NO_EXPIRY);
    const { ms, seq } = stream.lastId;
    if (ms === PART_MAX && seq === PART_MAX)
      return reply.error('ERR The stream has exhausted the last possible ID, unable to add more items');
    const id = idFor(stream, options, nowMs);
    if (id === undefined)
      return reply.error('ERR The ID specified in XADD is equal or smaller than the target stream top item');
    stream.append(id, elementsOf(args, from), server.streamLimits);
    replyId(reply, id);
    server.dirty++;
    db.changed(args, 1, EventClass.stream, 'xadd');
    if (options.trim !== undefined && stream.trim(options.trim) > 0)
      db.changed(args, 1, EventClass.stream, 'xtrim');
    stream.settle();
  },
};
