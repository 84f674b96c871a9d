/**
 * What nodes say to each other once they trust each other. Every message names its sender's replica, so that one that outlives
 * its sender's restart is not taken for its successor's.
 *
 *   seen     what the sender has received: acknowledges, and lets tombstones be collected
 *   deltas   one part of a flush of the sender's own writes: all those after `previousTicks` up to `ticks`
 *   digests  the sender's digests by bucket: asks for every bucket that differs
 *   bucket   an answer: all states of one bucket, and what the answering node had seen when it wrote them
 *   done     the answer is complete: so many buckets; after them the asking node has seen what the other had at the start
 */
import type { KeyState } from '../keyState.ts';
import type { VersionVector } from '../versionVector.ts';
import { readState, readVector, writeState, writeVector } from './stateCodec.ts';
import { REPLICA_NAME_BYTES_MAX, WireError, WireReader, WireWriter } from './wireBytes.ts';

export type KeyedState = readonly [key: string, state: KeyState];

export interface SeenMessage {
  kind: 'seen';
  replica: string;
  seen: VersionVector;
}

export interface DeltasMessage {
  kind: 'deltas';
  replica: string;
  previousTicks: number;
  ticks: number;
  /** This is part `part` of `parts`, from 0. */
  part: number;
  parts: number;
  states: readonly KeyedState[];
}

export interface DigestsMessage {
  kind: 'digests';
  replica: string;
  round: number;
  words: Uint32Array;
}

export interface BucketMessage {
  kind: 'bucket';
  replica: string;
  /** Whose round this answers. */
  asker: string;
  round: number;
  bucket: number;
  seen: VersionVector;
  states: readonly KeyedState[];
}

export interface DoneMessage {
  kind: 'done';
  replica: string;
  asker: string;
  round: number;
  buckets: number;
  seen: VersionVector;
}

export type Message = SeenMessage | DeltasMessage | DigestsMessage | BucketMessage | DoneMessage;

const CODE = { seen: 1, deltas: 2, digests: 3, bucket: 4, done: 5 } as const;
const DIGEST_WORDS_MAX = 1 << 17;

export function encodeMessage(message: Message): Uint8Array {
  const writer = new WireWriter();
  writer.byte(CODE[message.kind]);
  writer.latin1(message.replica);
  switch (message.kind) {
    case 'seen':
      writeVector(writer, message.seen);
      break;
    case 'deltas':
      writer.integer(message.previousTicks);
      writer.integer(message.ticks);
      writer.count(message.part);
      writer.count(message.parts);
      writeStates(writer, message.states);
      break;
    case 'digests':
      writer.integer(message.round);
      writer.count(message.words.length);
      for (const word of message.words) writer.count(word);
      break;
    case 'bucket':
      writer.latin1(message.asker);
      writer.integer(message.round);
      writer.count(message.bucket);
      writeVector(writer, message.seen);
      writeStates(writer, message.states);
      break;
    case 'done':
      writer.latin1(message.asker);
      writer.integer(message.round);
      writer.count(message.buckets);
      writeVector(writer, message.seen);
      break;
  }
  return writer.written();
}

const NUMBER_BYTES = 8;

/** A message as it is sent to one peer: its number among all that its process has sent to that peer, then the message. */
export function numbered(number: number, message: Uint8Array): Uint8Array {
  const payload = new Uint8Array(NUMBER_BYTES + message.length);
  new DataView(payload.buffer).setFloat64(0, number, true);
  payload.set(message, NUMBER_BYTES);
  return payload;
}

/** Throws WireError for anything but a number and exactly one message. */
export function decodeNumbered(payload: Uint8Array): { number: number; message: Message } {
  const number = new WireReader(payload).integer();
  return { number, message: decodeMessage(payload.subarray(NUMBER_BYTES)) };
}

/** Throws WireError for anything but exactly one message. */
export function decodeMessage(bytes: Uint8Array): Message {
  const reader = new WireReader(bytes);
  const code = reader.byte();
  const replica = reader.latin1(REPLICA_NAME_BYTES_MAX);
  const message = readBody(reader, code, replica);
  reader.end();
  return message;
}

function readBody(reader: WireReader, code: number, replica: string): Message {
  switch (code) {
    case CODE.seen:
      return { kind: 'seen', replica, seen: readVector(reader) };
    case CODE.deltas:
      return readDeltas(reader, replica);
    case CODE.digests:
      return { kind: 'digests', replica, round: reader.integer(), words: readWords(reader) };
    case CODE.bucket:
      return {
        kind: 'bucket',
        replica,
        asker: reader.latin1(REPLICA_NAME_BYTES_MAX),
        round: reader.integer(),
        bucket: reader.count(),
        seen: readVector(reader),
        states: readStates(reader),
      };
    case CODE.done:
      return {
        kind: 'done',
        replica,
        asker: reader.latin1(REPLICA_NAME_BYTES_MAX),
        round: reader.integer(),
        buckets: reader.count(),
        seen: readVector(reader),
      };
  }
  throw new WireError(`a message of unknown kind ${code}`);
}

function readDeltas(reader: WireReader, replica: string): DeltasMessage {
  const previousTicks = reader.integer();
  const ticks = reader.integer();
  const part = reader.count();
  const parts = reader.count();
  if (part >= parts) throw new WireError('a part beyond its flush');
  return { kind: 'deltas', replica, previousTicks, ticks, part, parts, states: readStates(reader) };
}

function readWords(reader: WireReader): Uint32Array {
  const length = reader.countOf(1);
  if (length > DIGEST_WORDS_MAX) throw new WireError('too many digests');
  const words = new Uint32Array(length);
  for (let i = 0; i < length; i++) words[i] = reader.count();
  return words;
}

function writeStates(writer: WireWriter, states: readonly KeyedState[]): void {
  writer.count(states.length);
  for (const [key, state] of states) {
    writer.latin1(key);
    writeState(writer, state);
  }
}

function readStates(reader: WireReader): KeyedState[] {
  const states: KeyedState[] = [];
  for (let left = reader.countOf(3); left > 0; left--) {
    const key = reader.latin1();
    states.push([key, readState(reader)]);
  }
  return states;
}
