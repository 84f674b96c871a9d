import type { ConsumerGroup, Pending } from '../../../keyspace/value/stream/consumerGroup.ts';
import type { IdMap } from '../../../keyspace/value/stream/idMap.ts';
import { ID_MAX, ID_MIN } from '../../../keyspace/value/stream/streamId.ts';
import type { StreamValue } from '../../../keyspace/value/stream/streamValue.ts';
import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { NO_SUCH_KEY } from '../../errors.ts';
import { readInteger } from '../../integers.ts';
import type { Reply } from '../../reply.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';
import { readStream, replyEntry, replyId, replyName, replyRange } from '../streamLookup.ts';
import { replyProgress } from './replyProgress.ts';

const COUNT_DEFAULT = 10;

function replyEdge(reply: Reply, stream: StreamValue, last: boolean): void {
  let isThere = false;
  stream.visit(ID_MIN, ID_MAX, last, (node, entry) => {
    replyEntry(reply, node, entry);
    isThere = true;
    return false;
  });
  if (!isThere) reply.nil();
}

/** @param count at most, 0 for all */
function replyPending(reply: Reply, pending: IdMap<Pending>, count: number, withConsumer: boolean): void {
  const shown = count === 0 ? pending.size : Math.min(count, pending.size);
  reply.array(shown);
  let left = shown;
  for (const { consumer, deliveredMs, deliveries, id } of pending) {
    if (left-- === 0) return;
    reply.array(withConsumer ? 4 : 3);
    replyId(reply, id);
    if (withConsumer) replyName(reply, consumer.name);
    reply.integer(deliveredMs);
    reply.integer(deliveries);
  }
}

function replyGroup(
  reply: Reply,
  stream: StreamValue,
  name: string,
  group: ConsumerGroup,
  count: number,
): void {
  reply.map(7);
  reply.bulkText('name');
  replyName(reply, name);
  reply.bulkText('last-delivered-id');
  replyId(reply, group.lastId);
  replyProgress(reply, stream, group);
  reply.bulkText('pel-count');
  reply.integer(group.pending.size);
  reply.bulkText('pending');
  replyPending(reply, group.pending, count, true);
  reply.bulkText('consumers');
  const consumers = group.sortedConsumers();
  reply.array(consumers.length);
  for (const consumer of consumers) {
    reply.map(5);
    reply.bulkText('name');
    replyName(reply, consumer.name);
    reply.bulkText('seen-time');
    reply.integer(consumer.seenMs);
    reply.bulkText('active-time');
    reply.integer(consumer.activeMs);
    reply.bulkText('pel-count');
    reply.integer(consumer.pending.size);
    reply.bulkText('pending');
    replyPending(reply, consumer.pending, count, false);
  }
}

export const xinfoStream: CommandSpec = {
  name: 'stream',
  arity: -3,
  flags: ['readonly'],
  categories: ['stream'],
  keys: [keyAt(2, 'RO', 'access')],
  docs: {
    summary: 'Tells about a stream, with FULL about all that belongs to it.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    history: [
      ['6.0.0', 'The option `FULL`.'],
      [
        '7.0.0',
        'The fields `max-deleted-entry-id`, `entries-added`, `recorded-first-entry-id`, `entries-read` and `lag`.',
      ],
      ['7.2.0', 'The fields `active-time` and `seen-time`.'],
    ],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'full-block',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'full', type: 'pure-token', token: 'FULL' },
          { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const stream = readStream(context, args, 2);
    if (stream === null) return;
    if (stream === undefined) return reply.error(NO_SUCH_KEY);
    const isFull = args.count > 3;
    const isWellFormed =
      args.count === 3 ||
      (args.is(3, 'FULL') && (args.count === 4 || (args.count === 6 && args.is(4, 'COUNT'))));
    if (!isWellFormed) return unknownSubcommand(context, args);
    const given = args.count === 6 ? readInteger(context, args, 5) : COUNT_DEFAULT;
    if (given === undefined) return;
    const count = given < 0 ? COUNT_DEFAULT : given;
    reply.map(isFull ? 9 : 10);
    reply.bulkText('length');
    reply.integer(stream.length);
    reply.bulkText('radix-tree-keys');
    reply.integer(stream.nodes().length);
    // There is no tree here: as many nodes as one of so many keys has at least.
    reply.bulkText('radix-tree-nodes');
    reply.integer(stream.nodes().length + 1);
    reply.bulkText('last-generated-id');
    replyId(reply, stream.lastId);
    reply.bulkText('max-deleted-entry-id');
    replyId(reply, stream.maxDeletedId);
    reply.bulkText('entries-added');
    reply.integer(stream.entriesAdded);
    reply.bulkText('recorded-first-entry-id');
    replyId(reply, stream.firstId);
    if (!isFull) {
      reply.bulkText('groups');
      reply.integer(stream.groups.size);
      reply.bulkText('first-entry');
      replyEdge(reply, stream, false);
      reply.bulkText('last-entry');
      return replyEdge(reply, stream, true);
    }
    reply.bulkText('entries');
    replyRange(reply, stream, ID_MIN, ID_MAX, count, false);
    reply.bulkText('groups');
    const groups = stream.sortedGroups();
    reply.array(groups.length);
    for (const [name, group] of groups) replyGroup(reply, stream, name, group, count);
  },
};
