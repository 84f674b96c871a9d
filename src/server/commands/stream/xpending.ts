import type { ConsumerGroup } from '../../keyspace/value/stream/consumerGroup.ts';
import { compareIds } from '../../keyspace/value/stream/streamId.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext, CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { nameAt, readBound, readGroup, readStream, replyId, replyName } from './streamLookup.ts';

function replySummary({ reply }: CommandContext, group: ConsumerGroup): void {
  reply.array(4);
  reply.integer(group.pending.size);
  const [first, last] = [group.pending.first(), group.pending.last()];
  if (first === undefined || last === undefined) {
    reply.nil();
    reply.nil();
    return reply.nilArray();
  }
  replyId(reply, first.id);
  replyId(reply, last.id);
  const consumers = group.sortedConsumers().filter(({ pending }) => pending.size > 0);
  reply.array(consumers.length);
  for (const { name, pending } of consumers) {
    reply.array(2);
    replyName(reply, name);
    reply.bulkText(String(pending.size));
  }
}

function replyDetails(context: CommandContext, args: Arguments): void {
  const { nowMs, reply } = context;
  let at = 3;
  let idleMinMs = 0;
  if (args.is(3, 'IDLE')) {
    const given = readInteger(context, args, 4);
    if (given === undefined) return;
    if (args.count < 8) return reply.error(SYNTAX_ERROR);
    idleMinMs = given;
    at = 5;
  }
  const count = readInteger(context, args, at + 2);
  if (count === undefined) return;
  const from = readBound(context, args, at, true);
  if (from === undefined) return;
  const to = readBound(context, args, at + 1, false);
  if (to === undefined) return;
  const stream = readStream(context, args);
  if (stream === null) return;
  const group = readGroup(context, args, stream);
  if (group === undefined) return;
  const isOfOne = at + 3 < args.count;
  const consumer = isOfOne ? group.consumers.get(nameAt(args, at + 3)) : undefined;
  if (isOfOne && consumer === undefined) return reply.array(0);
  const pending = (consumer ?? group).pending;
  const found = [];
  for (
    let next = pending.from(from);
    next !== undefined && found.length < count && compareIds(next.id, to) <= 0;
    next = pending.from(next.id, true)
  )
    if (idleMinMs === 0 || nowMs - next.deliveredMs >= idleMinMs) found.push(next);
  reply.array(found.length);
  for (const each of found) {
    reply.array(4);
    replyId(reply, each.id);
    replyName(reply, each.consumer.name);
    reply.integer(Math.max(nowMs - each.deliveredMs, 0));
    reply.integer(each.deliveries);
  }
}

export const xpending: CommandSpec = {
  name: 'xpending',
  arity: -3,
  flags: ['readonly'],
  categories: ['stream'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Tells which entries a group was given and has not acknowledged.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.',
    history: [['6.2.0', 'The option `IDLE`, and exclusive bounds.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
      {
        name: 'filters',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'min-idle-time', type: 'integer', token: 'IDLE', since: '6.2.0', flags: ['optional'] },
          { name: 'start', type: 'string' },
          { name: 'end', type: 'string' },
          { name: 'count', type: 'integer' },
          { name: 'consumer', type: 'string', flags: ['optional'] },
        ],
      },
    ],
  },
  execute(context, args) {
    if (args.count !== 3 && (args.count < 6 || args.count > 9)) return context.reply.error(SYNTAX_ERROR);
    if (args.count > 3) return replyDetails(context, args);
    const stream = readStream(context, args);
    if (stream === null) return;
    const group = readGroup(context, args, stream);
    if (group !== undefined) replySummary(context, group);
  },
};
