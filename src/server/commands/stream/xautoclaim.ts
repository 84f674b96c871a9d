import type { Pending } from '../../keyspace/value/stream/consumerGroup.ts';
import { ID_MIN, type StreamId } from '../../keyspace/value/stream/streamId.ts';
import type { NodeEntry, StreamNode } from '../../keyspace/value/stream/streamNode.ts';
import type { Words } from '../../propagation/words.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { acknowledged, claimed as claimOf, consumerMade } from './groupChanges.ts';
import {
  consumerNamed,
  nameAt,
  readBound,
  readGroup,
  readStream,
  replyEntry,
  replyId,
} from './streamLookup.ts';

const COUNT_DEFAULT = 100;
/** Entries looked at for each that is wanted. */
const ATTEMPTS = 10;
/** The largest count of Redis: its arrays of ids must fit in an address space. */
const COUNT_MAX = 2 ** 63 / 16;

export const xautoclaim: CommandSpec = {
  name: 'xautoclaim',
  arity: -6,
  flags: ['write', 'fast'],
  categories: ['stream'],
  keys: oneKey('RW', 'delete'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Hands entries that consumers of a group have held for long to another of them.',
    since: '6.2.0',
    group: 'stream',
    complexity: 'O(1) if COUNT is small.',
    history: [['7.0.0', 'Entries that were deleted are pending no more, and are listed in the reply.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
      { name: 'consumer', type: 'string' },
      { name: 'min-idle-time', type: 'string' },
      { name: 'start', type: 'string' },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
      { name: 'justid', type: 'pure-token', token: 'JUSTID', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { nowMs, reply, server } = context;
    const idle = readInteger(context, args, 4, 'ERR Invalid min-idle-time argument for XAUTOCLAIM');
    if (idle === undefined) return;
    const start = readBound(context, args, 5, true);
    if (start === undefined) return;
    let count = COUNT_DEFAULT;
    let justId = false;
    for (let i = 6; i < args.count; i++) {
      if (i + 1 < args.count && args.is(i, 'COUNT')) {
        const given = args.int64(++i);
        if (given === undefined || given < 1n || Number(given) > COUNT_MAX)
          return reply.error('ERR COUNT must be > 0');
        count = Number(given);
      } else if (args.is(i, 'JUSTID')) justId = true;
      else return reply.error(SYNTAX_ERROR);
    }
    const stream = readStream(context, args);
    if (stream === null) return;
    const group = readGroup(context, args, stream);
    if (stream === undefined || group === undefined) return;
    const names = { key: args.copy(1), group: args.copy(2) };
    const told: Words[] = [];
    const tell = (words: Words): void => {
      if (server.propagation !== undefined) told.push(words);
    };
    if (!group.consumers.has(nameAt(args, 3))) tell(consumerMade(names, args.copy(3)));
    const consumer = consumerNamed(context, args, 1, group, nameAt(args, 3));
    const claimed: { id: StreamId; node: StreamNode; entry: NodeEntry }[] = [];
    const deleted: StreamId[] = [];
    let at: Pending | undefined = group.pending.from(start);
    for (let attempts = count * ATTEMPTS; attempts > 0 && count > 0 && at !== undefined; attempts--) {
      const pending = at;
      at = group.pending.from(pending.id, true);
      const found = stream.find(pending.id);
      if (found === undefined) {
        group.acknowledge(pending.id);
        tell(acknowledged(names, pending.id));
        deleted.push(pending.id);
        server.dirty++;
        count--;
        continue;
      }
      if (idle > 0 && nowMs - pending.deliveredMs < idle) continue;
      group.hand(pending, consumer);
      pending.deliveredMs = nowMs;
      if (!justId) pending.deliveries++;
      consumer.activeMs = nowMs;
      server.dirty++;
      count--;
      tell(claimOf(names, pending, group));
      claimed.push({ id: pending.id, ...found });
    }
    server.propagation?.instead(...told);
    stream.settle();
    reply.array(3);
    replyId(reply, at?.id ?? ID_MIN);
    reply.array(claimed.length);
    for (const { entry, id, node } of claimed) {
      if (justId) replyId(reply, id);
      else replyEntry(reply, node, entry);
    }
    reply.array(deleted.length);
    for (const id of deleted) replyId(reply, id);
  },
};
