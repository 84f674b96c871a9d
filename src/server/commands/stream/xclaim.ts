import { compareIds, ID_MIN, type StreamId } from '../../keyspace/value/stream/streamId.ts';
import type { NodeEntry, StreamNode } from '../../keyspace/value/stream/streamNode.ts';
import type { Words } from '../../propagation/words.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext, CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readInteger } from '../integers.ts';
import { acknowledged, claimed as claimOf, consumerMade, readUpTo } from './groupChanges.ts';
import {
  consumerNamed,
  nameAt,
  parseIdAt,
  readGroup,
  readId,
  readStream,
  replyEntry,
  replyId,
} from './streamLookup.ts';

interface Options {
  /** As given; undefined for now. */
  deliveredMs: number | undefined;
  deliveries: number;
  force: boolean;
  justId: boolean;
  lastId: StreamId;
}

/** From argument `from` on; undefined once the error has been sent. */
function readOptions(context: CommandContext, args: Arguments, from: number): Options | undefined {
  const { nowMs, reply } = context;
  const options: Options = {
    deliveredMs: undefined,
    deliveries: -1,
    force: false,
    justId: false,
    lastId: ID_MIN,
  };
  for (let i = from; i < args.count; i++) {
    const hasValue = i + 1 < args.count;
    const number = (name: string): number | undefined =>
      readInteger(context, args, ++i, `ERR Invalid ${name} option argument for XCLAIM`);
    if (args.is(i, 'FORCE')) options.force = true;
    else if (args.is(i, 'JUSTID')) options.justId = true;
    else if (hasValue && args.is(i, 'IDLE')) {
      const idleMs = number('IDLE');
      if (idleMs === undefined) return undefined;
      options.deliveredMs = nowMs - idleMs;
    } else if (hasValue && args.is(i, 'TIME')) {
      const timeMs = number('TIME');
      if (timeMs === undefined) return undefined;
      options.deliveredMs = timeMs;
    } else if (hasValue && args.is(i, 'RETRYCOUNT')) {
      const deliveries = number('RETRYCOUNT');
      if (deliveries === undefined) return undefined;
      options.deliveries = deliveries;
    } else if (hasValue && args.is(i, 'LASTID')) {
      const id = readId(context, args, ++i);
      if (id === undefined) return undefined;
      options.lastId = id;
    } else {
      reply.error(`ERR Unrecognized XCLAIM option '${args.text(i)}'`);
      return undefined;
    }
  }
  return options;
}

export const xclaim: CommandSpec = {
  name: 'xclaim',
  arity: -6,
  flags: ['write', 'fast'],
  categories: ['stream'],
  keys: oneKey('RW', 'update'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Hands entries that a group was given to another of its consumers.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(log N) with N being the number of messages in the PEL of the consumer group.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
      { name: 'consumer', type: 'string' },
      { name: 'min-idle-time', type: 'string' },
      { name: 'id', type: 'string', flags: ['multiple'] },
      { name: 'ms', type: 'integer', token: 'IDLE', flags: ['optional'] },
      { name: 'unix-time-milliseconds', type: 'unix-time', token: 'TIME', flags: ['optional'] },
      { name: 'count', type: 'integer', token: 'RETRYCOUNT', flags: ['optional'] },
      { name: 'force', type: 'pure-token', token: 'FORCE', flags: ['optional'] },
      { name: 'justid', type: 'pure-token', token: 'JUSTID', flags: ['optional'] },
      { name: 'lastid', type: 'string', token: 'LASTID', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { nowMs, reply, server } = context;
    const stream = readStream(context, args);
    if (stream === null) return;
    const group = readGroup(context, args, stream);
    if (stream === undefined || group === undefined) return;
    const idle = readInteger(context, args, 4, 'ERR Invalid min-idle-time argument for XCLAIM');
    if (idle === undefined) return;
    const ids: StreamId[] = [];
    let at = 5;
    for (; at < args.count; at++) {
      const id = parseIdAt(args, at);
      if (id === undefined) break;
      ids.push(id);
    }
    const options = readOptions(context, args, at);
    if (options === undefined) return;
    const { force, justId, lastId } = options;
    const names = { key: args.copy(1), group: args.copy(2) };
    const told: Words[] = [];
    const tell = (words: Words): void => {
      if (server.propagation !== undefined) told.push(words);
    };
    if (!group.consumers.has(nameAt(args, 3))) tell(consumerMade(names, args.copy(3)));
    if (compareIds(lastId, group.lastId) > 0) {
      group.lastId = lastId;
      tell(readUpTo(names, group));
      server.dirty++;
    }
    // -1 stands for no time given, as in Redis.
    const given = options.deliveredMs ?? -1;
    const deliveredMs = given < 0 || given > nowMs ? nowMs : given;
    const consumer = consumerNamed(context, args, 1, group, nameAt(args, 3));
    const claimed: { id: StreamId; node: StreamNode; entry: NodeEntry }[] = [];
    for (const id of ids) {
      const found = stream.find(id);
      let pending = group.pending.get(id);
      if (found === undefined) {
        // What was deleted is pending no more.
        if (pending !== undefined && group.acknowledge(id)) {
          tell(acknowledged(names, id));
          server.dirty++;
        }
        continue;
      }
      const isNew = pending === undefined;
      if (isNew && !force) continue;
      if (pending === undefined) {
        pending = { id, consumer, deliveredMs, deliveries: 0 };
        group.pending.add(pending);
        consumer.pending.add(pending);
        // A delivery that is made up counts as one, and as many more as claims do.
        pending.deliveries = 1;
      }
      if (!isNew && idle > 0 && nowMs - pending.deliveredMs < idle) continue;
      group.hand(pending, consumer);
      pending.deliveredMs = deliveredMs;
      if (options.deliveries >= 0) pending.deliveries = options.deliveries;
      else if (!justId) pending.deliveries++;
      consumer.activeMs = nowMs;
      server.dirty++;
      tell(claimOf(names, pending, group));
      claimed.push({ id, ...found });
    }
    server.propagation?.instead(...told);
    stream.settle();
    reply.array(claimed.length);
    for (const { entry, id, node } of claimed) {
      if (justId) replyId(reply, id);
      else replyEntry(reply, node, entry);
    }
  },
};
