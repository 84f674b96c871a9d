/** BITFIELD and BITFIELD_RO. */
import { parseInt64 } from '../../../base/integer.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR, WRONG_TYPE } from '../errors.ts';
import { type FieldType, fitField, type Overflow, readField, writeField } from './bitFields.ts';
import { readBitOffset } from './bitOffset.ts';
import { makeBits } from './bitString.ts';

const LETTER_I = 105;
const LETTER_U = 117;
const INVALID_TYPE =
  'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.';
const WINDOW_BYTES = 9;

interface Operation {
  readonly kind: 'get' | 'set' | 'incrby';
  readonly type: FieldType;
  readonly offset: number;
  /** Of SET and INCRBY. */
  readonly value: bigint;
  readonly overflow: Overflow;
}

function readType(args: Arguments, index: number): FieldType | undefined {
  const start = args.starts[index]!;
  const letter = args.length(index) === 0 ? 0 : args.buffer[start];
  if (letter !== LETTER_I && letter !== LETTER_U) return undefined;
  const bits = parseInt64(args.buffer, start + 1, args.ends[index]!);
  const signed = letter === LETTER_I;
  if (bits === undefined || bits < 1n || bits > (signed ? 64n : 63n)) return undefined;
  return { signed, bits: Number(bits) };
}

/** Undefined once the error has been sent. */
function readOperations(context: CommandContext, args: Arguments): Operation[] | undefined {
  const { reply } = context;
  const operations: Operation[] = [];
  let overflow: Overflow = 'WRAP';
  for (let i = 2; i < args.count; ) {
    const left = args.count - i - 1;
    if (left >= 1 && args.is(i, 'OVERFLOW')) {
      const named = (['WRAP', 'SAT', 'FAIL'] as const).find((word) => args.is(i + 1, word));
      if (named === undefined) {
        reply.error('ERR Invalid OVERFLOW type specified');
        return undefined;
      }
      overflow = named;
      i += 2;
      continue;
    }
    const isGet = left >= 2 && args.is(i, 'GET');
    const isSet = left >= 3 && args.is(i, 'SET');
    if (!isGet && !isSet && !(left >= 3 && args.is(i, 'INCRBY'))) {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
    const type = readType(args, i + 1);
    if (type === undefined) {
      reply.error(INVALID_TYPE);
      return undefined;
    }
    const offset = readBitOffset(context, args, i + 2, type.bits);
    if (offset === undefined) return undefined;
    const value = isGet ? 0n : args.int64(i + 3);
    if (value === undefined) {
      reply.error(NOT_AN_INTEGER);
      return undefined;
    }
    operations.push({ kind: isGet ? 'get' : isSet ? 'set' : 'incrby', type, offset, value, overflow });
    i += isGet ? 3 : 4;
  }
  return operations;
}

/** Runs SET or INCRBY on the string of `ref`; true if it changed anything. */
function write({ db, reply }: CommandContext, ref: Ref, operation: Operation): boolean {
  const { kind, offset, overflow, type, value } = operation;
  const first = Math.floor(offset / 8);
  const window = new Uint8Array(WINDOW_BYTES);
  const end = Math.min(db.keyspace.stringLength(ref), first + WINDOW_BYTES);
  db.keyspace.copyString(ref, first, end, window, 0);
  const old = readField(window, offset - first * 8, type);
  const given = kind === 'incrby' ? old + value : type.signed ? value : BigInt.asUintN(64, value);
  const fitted = fitField(given, type, overflow, kind === 'incrby');
  if (fitted === undefined) {
    reply.nil();
    return false;
  }
  reply.integer(kind === 'incrby' ? fitted : old);
  writeField(window, offset - first * 8, type.bits, fitted);
  db.keyspace.writeString(ref, first, window, 0, end - first);
  return fitted !== old;
}

export function bitfieldCommand(context: CommandContext, args: Arguments, readOnly: boolean): void {
  const { db, reply, server } = context;
  const operations = readOperations(context, args);
  if (operations === undefined) return;
  const writes = operations.filter(({ kind }) => kind !== 'get');
  if (writes.length > 0 && readOnly) return reply.error('ERR BITFIELD_RO only supports the GET subcommand');
  const lastBit = Math.max(-1, ...writes.map(({ offset, type }) => offset + type.bits - 1));
  let ref: Ref;
  let hasGrown = false;
  if (writes.length > 0) {
    const made = makeBits(context, args, lastBit);
    if (made === undefined) return;
    ({ hasGrown, ref } = made);
  } else {
    ref = db.lookupRead(args, 1);
    if (ref !== 0 && db.keyspace.type(ref) !== ValueType.string) return reply.error(WRONG_TYPE);
  }
  let changes = 0;
  reply.array(operations.length);
  for (const operation of operations) {
    if (operation.kind === 'get')
      reply.integer(ref === 0 ? 0 : readField(db.keyspace.stringView(ref), operation.offset, operation.type));
    else if (write(context, ref, operation) || hasGrown) changes++;
  }
  if (changes === 0) return;
  server.dirty += changes;
  db.changed(args, 1, EventClass.string, 'setbit');
}
