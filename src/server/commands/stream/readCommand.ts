/** XREAD and XREADGROUP. */

import { fromLatin1 } from '../../../base/bytes.ts';
import { ValueType } from '../../keyspace/keyspace.ts';
import {
  type Consumer,
  type ConsumerGroup,
  READ_UNKNOWN,
} from '../../keyspace/value/stream/consumerGroup.ts';
import {
  compareIds,
  formatId,
  ID_MAX,
  ID_MIN,
  nextId,
  previousId,
  type StreamId,
} from '../../keyspace/value/stream/streamId.ts';
import type { NodeEntry, StreamNode } from '../../keyspace/value/stream/streamNode.ts';
import type { StreamValue } from '../../keyspace/value/stream/streamValue.ts';
import type { Words } from '../../propagation/words.ts';
import { Arguments } from '../arguments.ts';
import { readDeadlineMs, waitForKeys } from '../blocking.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { claimed, consumerMade, readUpTo } from './groupChanges.ts';
import { consumerNamed, nameAt, noGroup, readId, readStream, replyEntry, replyId } from './streamLookup.ts';

interface ReadOptions {
  /** Absolute ms, 0 for ever; undefined if the command does not wait. */
  deadlineMs: number | undefined;
  /** Entries of each stream at most, 0 for all. */
  count: number;
  noAck: boolean;
  groupIndex: number;
  /** Where the keys begin; the ids follow them. */
  keysIndex: number;
  streamCount: number;
}

/** Undefined once the error has been sent. */
function readOptions(context: CommandContext, args: Arguments, isGroup: boolean): ReadOptions | undefined {
  const { entry, reply } = context;
  const options: ReadOptions = {
    deadlineMs: undefined,
    count: 0,
    noAck: false,
    groupIndex: 0,
    keysIndex: 0,
    streamCount: 0,
  };
  const fail = (error: string): undefined => {
    reply.error(error);
    return undefined;
  };
  for (let i = 1; i < args.count && options.keysIndex === 0; i++) {
    const more = args.count - i - 1;
    if (more > 0 && args.is(i, 'BLOCK')) {
      options.deadlineMs = readDeadlineMs(context, args, ++i);
      if (options.deadlineMs === undefined) return undefined;
    } else if (more > 0 && args.is(i, 'COUNT')) {
      const count = readInteger(context, args, ++i);
      if (count === undefined) return undefined;
      options.count = Math.max(count, 0);
    } else if (more > 0 && args.is(i, 'STREAMS')) {
      options.keysIndex = i + 1;
      if (more % 2 !== 0)
        return fail(
          `ERR Unbalanced '${entry.fullName}' list of streams: for each stream key an ID or '${isGroup ? '>' : '$'}' must be specified.`,
        );
      options.streamCount = more / 2;
    } else if (more >= 2 && args.is(i, 'GROUP')) {
      if (!isGroup)
        return fail('ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.');
      options.groupIndex = i + 1;
      i += 2;
    } else if (args.is(i, 'NOACK')) {
      if (!isGroup)
        return fail('ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.');
      options.noAck = true;
    } else {
      return fail(SYNTAX_ERROR);
    }
  }
  if (options.keysIndex === 0) return fail(SYNTAX_ERROR);
  if (isGroup && options.groupIndex === 0) return fail('ERR Missing GROUP option for XREADGROUP');
  return options;
}

/** What is read of one stream: what lies behind `after`. */
interface Reading {
  readonly keyIndex: number;
  readonly stream: StreamValue | undefined;
  readonly group: ConsumerGroup | undefined;
  /** Of a group: what its consumer was given already. */
  readonly isHistory: boolean;
  readonly after: StreamId;
}

const meaningless = (sign: string): string =>
  `ERR The ${sign} ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The ${sign} ID would just return an empty result set.`;

/** One stream's part of the command; undefined once the error has been sent. */
function readReading(
  context: CommandContext,
  args: Arguments,
  { groupIndex, keysIndex, streamCount }: ReadOptions,
  place: number,
): Reading | undefined {
  const { reply } = context;
  const keyIndex = keysIndex + place;
  const idIndex = keyIndex + streamCount;
  const stream = readStream(context, args, keyIndex);
  if (stream === null) return undefined;
  const isGroup = groupIndex !== 0;
  const group = isGroup ? stream?.groups.get(nameAt(args, groupIndex)) : undefined;
  if (isGroup && group === undefined) {
    reply.error(
      noGroup(
        args,
        keyIndex,
        groupIndex,
        (key, name) => `key '${key}' or consumer group '${name}' in XREADGROUP with GROUP option`,
      ),
    );
    return undefined;
  }
  const reading = (after: StreamId, isHistory = false): Reading => ({
    keyIndex,
    stream,
    group,
    isHistory,
    after,
  });
  if (args.is(idIndex, '$') || args.is(idIndex, '+')) {
    const isLast = args.is(idIndex, '+');
    if (isGroup) {
      reply.error(meaningless(isLast ? '+' : '$'));
      return undefined;
    }
    if (stream === undefined) return reading(ID_MIN);
    if (!isLast) return reading(stream.lastId);
    const before = previousId(stream.lastId);
    if (before === undefined) reply.error('ERR the stream last element ID is 0-0');
    return before === undefined ? undefined : reading(before);
  }
  if (args.is(idIndex, '>')) {
    if (isGroup) return reading(group!.lastId);
    reply.error(
      'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
    );
    return undefined;
  }
  const id = readId(context, args, idIndex);
  if (id === undefined) return undefined;
  // Redis has no other sign for `>` than the highest id.
  if (isGroup && compareIds(id, ID_MAX) === 0) return reading(group!.lastId);
  return reading(id, isGroup);
}

/** An entry is read by a group for the first time. */
function advance(stream: StreamValue, group: ConsumerGroup, id: StreamId): void {
  if (compareIds(id, group.lastId) <= 0) return;
  if (group.entriesRead !== READ_UNKNOWN && !stream.hasTombstonesFrom(id)) group.entriesRead++;
  else if (stream.entriesAdded > 0) group.entriesRead = stream.addedUpTo(id);
  group.lastId = id;
}

/** What one stream answers with; `entry` undefined: removed since it was delivered. */
interface Taken {
  readonly keyIndex: number;
  readonly entries: readonly { readonly id: StreamId; readonly entry: [StreamNode, NodeEntry] | undefined }[];
}

/** What lies behind `after`; a group's members have been given it then. */
function takeNew(
  { nowMs, server }: CommandContext,
  stream: StreamValue,
  { group, keyIndex }: Reading,
  after: StreamId,
  consumer: Consumer | undefined,
  { count, noAck }: ReadOptions,
): Taken {
  const entries: { id: StreamId; entry: [StreamNode, NodeEntry] }[] = [];
  stream.visit(nextId(after) ?? ID_MAX, ID_MAX, false, (node, entry) => {
    entries.push({ id: entry.id, entry: [node, entry] });
    return entries.length !== count;
  });
  if (group !== undefined && consumer !== undefined) {
    for (const { id } of entries) {
      advance(stream, group, id);
      if (!noAck) group.deliver(id, consumer, nowMs);
    }
    if (entries.length > 0) server.dirty++;
  }
  return { keyIndex, entries };
}

/** What a consumer was given before and has not acknowledged. */
function takeHistory(
  { nowMs }: CommandContext,
  stream: StreamValue,
  { after, keyIndex }: Reading,
  consumer: Consumer,
  count: number,
): Taken {
  const entries: Taken['entries'][number][] = [];
  for (
    let at = consumer.pending.from(nextId(after) ?? ID_MIN);
    at !== undefined && (count === 0 || entries.length < count);
    at = consumer.pending.from(at.id, true)
  ) {
    const found = stream.find(at.id);
    entries.push({ id: at.id, entry: found && [found.node, found.entry] });
    if (found === undefined) continue;
    at.deliveredMs = nowMs;
    at.deliveries++;
  }
  return { keyIndex, entries };
}

function replyTaken({ reply }: CommandContext, args: Arguments, taken: readonly Taken[]): void {
  if (reply.protocol === 3) reply.map(taken.length);
  else reply.array(taken.length);
  for (const { entries, keyIndex } of taken) {
    if (reply.protocol === 2) reply.array(2);
    reply.bulk(args.buffer, args.starts[keyIndex]!, args.ends[keyIndex]!);
    reply.array(entries.length);
    for (const { entry, id } of entries) {
      if (entry !== undefined) replyEntry(reply, ...entry);
      else {
        reply.array(2);
        replyId(reply, id);
        reply.nilArray();
      }
    }
  }
}

/** What a group has given out since it stood at `after`, as commands. */
function delivered(
  args: Arguments,
  { group, keyIndex }: Reading,
  { groupIndex, noAck }: ReadOptions,
  consumer: Consumer,
  after: StreamId,
  isNew: boolean,
): Words[] {
  const names = { key: args.copy(keyIndex), group: args.copy(groupIndex) };
  const commands: Words[] = [];
  if (isNew) commands.push(consumerMade(names, args.copy(groupIndex + 1)));
  if (group === undefined || compareIds(group.lastId, after) <= 0) return commands;
  let at = noAck ? undefined : consumer.pending.from(nextId(after) ?? ID_MAX);
  for (; at !== undefined; at = consumer.pending.from(at.id, true)) commands.push(claimed(names, at, group));
  commands.push(readUpTo(names, group));
  return commands;
}

export function readCommand(context: CommandContext, args: Arguments, isGroup: boolean): void {
  const { reply } = context;
  const options = readOptions(context, args, isGroup);
  if (options === undefined) return;
  const readings: Reading[] = [];
  for (let place = 0; place < options.streamCount; place++) {
    const reading = readReading(context, args, options, place);
    if (reading === undefined) return;
    readings.push(reading);
  }
  const taken: Taken[] = [];
  const told: Words[] = [];
  for (const reading of readings) {
    const { group, isHistory, keyIndex, stream } = reading;
    if (stream === undefined) continue;
    const name = nameAt(args, options.groupIndex + 1);
    const isNew = group?.consumers.has(name) === false;
    const consumer = group && consumerNamed(context, args, keyIndex, group, name);
    // The same stream may stand there twice: what the first has taken is not new to the second.
    const after = group?.lastId ?? reading.after;
    if (isHistory) taken.push(takeHistory(context, stream, reading, consumer!, options.count));
    else if (stream.length > 0 && compareIds(stream.edgeId(true), after) > 0)
      taken.push(takeNew(context, stream, reading, after, consumer, options));
    if (consumer !== undefined && context.server.propagation !== undefined)
      told.push(...delivered(args, reading, options, consumer, after, isNew));
  }
  if (isGroup) context.server.propagation?.instead(...told);
  if (taken.length > 0) return replyTaken(context, args, taken);
  if (options.deadlineMs === undefined) return reply.nilArray();
  wait(context, args, options, readings, options.deadlineMs);
}

/** `$` is the last entry of now, not of when there is a new one. */
function wait(
  context: CommandContext,
  args: Arguments,
  { groupIndex, keysIndex, streamCount }: ReadOptions,
  readings: readonly Reading[],
  deadlineMs: number,
): void {
  const replaced = new Map<number, Uint8Array>();
  readings.forEach(({ after, keyIndex }) => {
    const idIndex = keyIndex + streamCount;
    if (args.is(idIndex, '$')) replaced.set(idIndex, fromLatin1(formatId(after)));
  });
  const keyIndices = Array.from({ length: streamCount }, (_, i) => keysIndex + i);
  waitForKeys(
    context,
    replaced.size === 0
      ? args
      : Arguments.of(Array.from({ length: args.count }, (_, i) => replaced.get(i) ?? args.view(i))),
    {
      keyIndices,
      type: ValueType.stream,
      deadlineMs,
      untilRemoved: groupIndex !== 0,
    },
  );
}
