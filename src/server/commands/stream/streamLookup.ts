/** How stream commands reach the stream under a key, a group and a consumer of it, and how they read ids and reply with entries. */
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { type Ref, ValueType } from '../../keyspace/keyspace.ts';
import { Consumer, type ConsumerGroup } from '../../keyspace/value/stream/consumerGroup.ts';
import {
  formatId,
  ID_MAX,
  ID_MIN,
  nextId,
  PART_MAX,
  parseId,
  previousId,
  type StreamId,
} from '../../keyspace/value/stream/streamId.ts';
import type { NodeEntry, StreamNode } from '../../keyspace/value/stream/streamNode.ts';
import type { StreamValue } from '../../keyspace/value/stream/streamValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';
import type { Reply } from '../reply.ts';

export const INVALID_ID = 'ERR Invalid stream ID specified as stream command argument';
const MINUS = 45;
const PLUS = 43;
const OPENING = 40;

/** Undefined: no such key. Null: the key holds something else and the error has been sent. */
export type StreamLookup = StreamValue | undefined | null;

/** The stream of an entry, 0 for none. */
export function streamOf({ db, reply }: CommandContext, ref: Ref): StreamLookup {
  if (ref === 0) return undefined;
  if (db.keyspace.type(ref) === ValueType.stream) return db.keyspace.collection(ref) as StreamValue;
  reply.error(WRONG_TYPE);
  return null;
}

export const readStream = (context: CommandContext, args: Arguments, index = 1): StreamLookup =>
  streamOf(context, context.db.lookupRead(args, index));

export const writeStream = (context: CommandContext, args: Arguments, index = 1): StreamLookup =>
  streamOf(context, context.db.lookupWrite(args, index));

export const nameAt = (args: Arguments, index: number): string => toLatin1(args.view(index));

/** What C prints of it. */
const upToNul = (text: string): string => text.split('\0', 1)[0]!;

/** `text` makes the error of the key's and the group's names. */
export const noGroup = (
  args: Arguments,
  keyIndex: number,
  groupIndex: number,
  text: (key: string, group: string) => string,
): string => `NOGROUP No such ${text(upToNul(args.text(keyIndex)), upToNul(args.text(groupIndex)))}`;

/** The group named by argument 2 of the stream at argument 1; undefined once the error has been sent. */
export function readGroup(
  context: CommandContext,
  args: Arguments,
  stream: StreamValue | undefined,
): ConsumerGroup | undefined {
  const group = stream?.groups.get(nameAt(args, 2));
  if (group === undefined)
    context.reply.error(noGroup(args, 1, 2, (key, name) => `key '${key}' or consumer group '${name}'`));
  return group;
}

/** The group's consumer of this name, made if need be; it is heard of now. The stream's key is argument `keyIndex`. */
export function consumerNamed(
  { db, nowMs, server }: CommandContext,
  args: Arguments,
  keyIndex: number,
  group: ConsumerGroup,
  name: string,
): Consumer {
  let consumer = group.consumers.get(name);
  if (consumer === undefined) {
    consumer = new Consumer(name, nowMs);
    group.consumers.set(name, consumer);
    server.dirty++;
    db.changed(args, keyIndex, EventClass.stream, 'xgroup-createconsumer');
  }
  consumer.seenMs = nowMs;
  return consumer;
}

const isOnly = (args: Arguments, index: number, byte: number): boolean =>
  args.length(index) === 1 && args.buffer[args.starts[index]!] === byte;

/** The id at argument `index`, without a sequence the one with 0; undefined if it is none. `-` and `+` are none. */
export const parseIdAt = (args: Arguments, index: number): StreamId | undefined =>
  parseId(args.buffer, args.starts[index]!, args.ends[index]!, 0);

/** As parseIdAt; undefined once the error has been sent. */
export function readId({ reply }: CommandContext, args: Arguments, index: number): StreamId | undefined {
  const id = parseIdAt(args, index);
  if (id === undefined) reply.error(INVALID_ID);
  return id;
}

/** A bound of a range of ids: `-`, `+`, an id, or `(` and an id for one that is not in it; undefined once the error has been sent. */
export function readBound(
  { reply }: CommandContext,
  args: Arguments,
  index: number,
  isStart: boolean,
): StreamId | undefined {
  const { buffer, ends, starts } = args;
  const start = starts[index]!;
  const excludes = args.length(index) > 1 && buffer[start] === OPENING;
  if (isOnly(args, index, MINUS)) return ID_MIN;
  if (isOnly(args, index, PLUS)) return ID_MAX;
  const missing = isStart ? 0 : PART_MAX;
  const id = parseId(buffer, excludes ? start + 1 : start, ends[index]!, missing);
  if (id === undefined) {
    reply.error(INVALID_ID);
    return undefined;
  }
  if (!excludes) return id;
  const neighbour = isStart ? nextId(id) : previousId(id);
  if (neighbour === undefined) reply.error(`ERR invalid ${isStart ? 'start' : 'end'} ID for the interval`);
  return neighbour;
}

export const replyId = (reply: Reply, id: StreamId): void => reply.bulkText(formatId(id));
export const replyName = (reply: Reply, name: string): void => reply.bulk(fromLatin1(name));

/** `[id, [field, value, ...]]`. */
export function replyEntry(reply: Reply, node: StreamNode, entry: NodeEntry): void {
  reply.array(2);
  replyId(reply, entry.id);
  reply.array(entry.fieldCount * 2);
  for (const at of node.elements(entry)) node.entries.reply(reply, at);
}

/** Up to `count` entries (0 for all) of a range, as an array. */
export function replyRange(
  reply: Reply,
  stream: StreamValue,
  from: StreamId,
  to: StreamId,
  count: number,
  backwards: boolean,
): void {
  const found: [StreamNode, NodeEntry][] = [];
  stream.visit(from, to, backwards, (node, entry) => {
    found.push([node, entry]);
    return found.length !== count;
  });
  reply.array(found.length);
  for (const [node, entry] of found) replyEntry(reply, node, entry);
}
