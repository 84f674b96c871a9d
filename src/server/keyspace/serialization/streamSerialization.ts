/**
 * Streams in Redis's serialisation.
 *
 *   21  nodes: count, (id as 16 bytes big-endian, a listpack: both strings)...; length; last id; first id; highest deleted id; entries ever
 *       added; groups: count, (name, last id, entries read, pending, consumers)...
 *   19  as 21, consumers without the time of their last activity          read only
 *   15  as 19, without first and deleted id, entries added and read       read only
 *
 *   id         ms, seq as lengths
 *   pending    count, (id as 16 bytes, delivery time as 8, deliveries)...
 *   consumers  count, (name, seen time, active time as 8 bytes each, count, id as 16 bytes...)...
 */
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Listpack, Probe } from '../value/listpack.ts';
import { Consumer, ConsumerGroup, type Pending, READ_UNKNOWN } from '../value/stream/consumerGroup.ts';
import { compareIds, ID_MIN, type StreamId } from '../value/stream/streamId.ts';
import { StreamNode } from '../value/stream/streamNode.ts';
import { StreamValue } from '../value/stream/streamValue.ts';
import { framedListpack, readListpack } from './listpack.ts';
import type { PayloadReader, PayloadWriter } from './payload.ts';
import type { ValueEnvironment } from './valueSerialization.ts';

export const STREAM_TYPE = { first: 15, counted: 19, active: 21 } as const;

const ID_BYTES = 16;
const TIME_BYTES = 8;
const UINT64_MAX = 18446744073709551615n;

function idBytes({ ms, seq }: StreamId): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(ms));
  view.setBigUint64(8, BigInt(seq));
  return bytes;
}

function idOf(bytes: Uint8Array): StreamId {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const part = (at: number): number | bigint => {
    const value = view.getBigUint64(at);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  };
  return { ms: part(0), seq: part(8) };
}

function writeId(writer: PayloadWriter, { ms, seq }: StreamId): void {
  writer.wideLengthOf(ms);
  writer.wideLengthOf(seq);
}

function writeRaw(writer: PayloadWriter, bytes: Uint8Array): void {
  writer.bytes(bytes, 0, bytes.length);
}

/** Type byte and value. */
export function writeStream(writer: PayloadWriter, stream: StreamValue): void {
  writer.type(STREAM_TYPE.active);
  const nodes = stream.nodes();
  writer.lengthOf(nodes.length);
  for (const { entries, id } of nodes) {
    writer.string(idBytes(id), 0, ID_BYTES);
    const bytes = framedListpack(entries);
    writer.string(bytes, 0, bytes.length);
  }
  writer.lengthOf(stream.length);
  writeId(writer, stream.lastId);
  writeId(writer, stream.firstId);
  writeId(writer, stream.maxDeletedId);
  writer.lengthOf(stream.entriesAdded);
  const groups = stream.sortedGroups();
  writer.lengthOf(groups.length);
  for (const [name, group] of groups) writeGroup(writer, name, group);
}

function writeGroup(writer: PayloadWriter, name: string, group: ConsumerGroup): void {
  writer.string(fromLatin1(name), 0, name.length);
  writeId(writer, group.lastId);
  writer.wideLengthOf(group.entriesRead === READ_UNKNOWN ? UINT64_MAX : group.entriesRead);
  writer.lengthOf(group.pending.size);
  for (const { deliveredMs, deliveries, id } of group.pending) {
    writeRaw(writer, idBytes(id));
    writer.littleEndian(deliveredMs, TIME_BYTES);
    writer.lengthOf(deliveries);
  }
  const consumers = group.sortedConsumers();
  writer.lengthOf(consumers.length);
  for (const { activeMs, name: own, pending, seenMs } of consumers) {
    writer.string(fromLatin1(own), 0, own.length);
    writer.littleEndian(seenMs, TIME_BYTES);
    writer.littleEndian(activeMs, TIME_BYTES);
    writer.lengthOf(pending.size);
    for (const { id } of pending) writeRaw(writer, idBytes(id));
  }
}

/** The stream of the given type behind the type byte, or undefined. */
export function readStream(
  reader: PayloadReader,
  type: number,
  { storage }: ValueEnvironment,
): StreamValue | undefined {
  const stream = new StreamValue(storage);
  const nodeCount = reader.length();
  for (let i = 0; i < nodeCount && !reader.failed; i++) readNode(reader, stream);
  stream.length = reader.length();
  stream.lastId = readId(reader);
  if (type === STREAM_TYPE.first) {
    stream.entriesAdded = stream.length;
  } else {
    stream.firstId = readId(reader);
    stream.maxDeletedId = readId(reader);
    stream.entriesAdded = reader.length();
  }
  if (reader.failed || !isConsistent(stream)) return undefined;
  if (type === STREAM_TYPE.first) stream.firstId = stream.edgeId(false);
  const groupCount = reader.length();
  for (let i = 0; i < groupCount && !reader.failed; i++) readGroup(reader, type, stream);
  return reader.failed ? undefined : stream;
}

const readId = (reader: PayloadReader): StreamId => ({ ms: reader.wideLength(), seq: reader.wideLength() });

function readNode(reader: PayloadReader, stream: StreamValue): void {
  const key = reader.string();
  const elements = readListpack(reader.string());
  const previous = stream.nodes().at(-1)?.id ?? ID_MIN;
  if (reader.failed || key.length !== ID_BYTES || elements === undefined || !isNode(elements))
    return reader.fail();
  const id = idOf(key);
  if (stream.nodes().length > 0 && compareIds(id, previous) <= 0) return reader.fail();
  const entries = new Listpack();
  for (const element of elements) entries.append(new Probe(element, 0, element.length));
  stream.addNode(new StreamNode(id, entries));
}

const countAt = (elements: readonly Uint8Array[], at: number): number => {
  const element = elements[at];
  if (element === undefined) return Number.NaN;
  const text = toLatin1(element);
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
};
const isInteger = (element: Uint8Array | undefined): boolean =>
  element !== undefined && /^(0|-?[1-9]\d{0,19})$/.test(toLatin1(element));

/** Whether the elements are a node's: counts that hold, and nothing left over. */
function isNode(elements: readonly Uint8Array[]): boolean {
  const [live, deleted, fields] = [countAt(elements, 0), countAt(elements, 1), countAt(elements, 2)];
  if (Number.isNaN(live + deleted + fields)) return false;
  let at = 3 + fields;
  if (countAt(elements, at++) !== 0) return false;
  let [seenLive, seenDeleted] = [0, 0];
  while (at < elements.length) {
    const start = at;
    const flags = countAt(elements, at);
    if (!(flags >= 0 && flags <= 3) || !isInteger(elements[at + 1]) || !isInteger(elements[at + 2]))
      return false;
    at += 3;
    const own = (flags & 2) !== 0 ? fields : countAt(elements, at++) * 2;
    if (Number.isNaN(own)) return false;
    at += own;
    if (countAt(elements, at) !== at - start) return false;
    at++;
    if ((flags & 1) !== 0) seenDeleted++;
    else seenLive++;
  }
  return at === elements.length && seenLive === live && seenDeleted === deleted;
}

/** Whether the entries are as many as announced, in order, and none above the last id. */
function isConsistent(stream: StreamValue): boolean {
  let live = 0;
  let previous: StreamId | undefined;
  for (const node of stream.nodes()) {
    for (const { id, isDeleted } of node.forwards()) {
      if (previous !== undefined && compareIds(id, previous) <= 0) return false;
      previous = id;
      if (!isDeleted) live++;
    }
  }
  return live === stream.length && (previous === undefined || compareIds(previous, stream.lastId) <= 0);
}

function readGroup(reader: PayloadReader, type: number, stream: StreamValue): void {
  const name = toLatin1(reader.string());
  const lastId = readId(reader);
  const read = type === STREAM_TYPE.first ? stream.addedUpTo(lastId) : reader.wideLength();
  const group = new ConsumerGroup(lastId, typeof read === 'bigint' ? READ_UNKNOWN : read);
  if (reader.failed || stream.groups.has(name)) return reader.fail();
  // Whose a pending entry is stands with the consumers.
  const unowned = new Map<string, Omit<Pending, 'consumer'>>();
  const pendingCount = reader.length();
  for (let i = 0; i < pendingCount && !reader.failed; i++) {
    const key = reader.raw(ID_BYTES);
    const deliveredMs = reader.littleEndian(TIME_BYTES);
    const deliveries = reader.length();
    if (reader.failed || unowned.has(toLatin1(key))) return reader.fail();
    unowned.set(toLatin1(key), { id: idOf(key), deliveredMs, deliveries });
  }
  const consumerCount = reader.length();
  for (let i = 0; i < consumerCount && !reader.failed; i++) readConsumer(reader, type, group, unowned);
  if (reader.failed || unowned.size > 0) return reader.fail();
  stream.groups.set(name, group);
}

function readConsumer(
  reader: PayloadReader,
  type: number,
  group: ConsumerGroup,
  unowned: Map<string, Omit<Pending, 'consumer'>>,
): void {
  const name = toLatin1(reader.string());
  const seenMs = reader.littleEndian(TIME_BYTES);
  const activeMs = type === STREAM_TYPE.active ? reader.littleEndian(TIME_BYTES) : seenMs;
  if (reader.failed || group.consumers.has(name)) return reader.fail();
  // -1, for never, reads as a number beyond all times.
  const consumer = new Consumer(name, seenMs, activeMs > Number.MAX_SAFE_INTEGER ? -1 : activeMs);
  group.consumers.set(name, consumer);
  const count = reader.length();
  for (let i = 0; i < count && !reader.failed; i++) {
    const key = toLatin1(reader.raw(ID_BYTES));
    const entry = unowned.get(key);
    if (reader.failed || entry === undefined) return reader.fail();
    unowned.delete(key);
    const pending: Pending = { ...entry, consumer };
    group.pending.add(pending);
    consumer.pending.add(pending);
  }
}
