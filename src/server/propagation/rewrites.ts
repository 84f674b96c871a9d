/**
 * What stands for commands whose effect depends on when they run. Each is told after the command has changed something, and says what is
 * there now. Undefined: the command as it came.
 */
import { copyOf } from '../../base/bytes.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { Database } from '../keyspace/database.ts';
import { NO_EXPIRY, type Ref, ValueType } from '../keyspace/keyspace.ts';
import type { HashValue } from '../keyspace/value/hashValue.ts';
import { formatId } from '../keyspace/value/stream/streamId.ts';
import type { StreamValue } from '../keyspace/value/stream/streamValue.ts';
import type { Word, Words } from './words.ts';

type Rewrite = (db: Database, args: Arguments) => readonly Words[] | undefined;

/** The entry of the key in argument 1, expired or not; 0 if it is gone. */
const entryOf = (db: Database, args: Arguments): Ref =>
  db.keyspace.find(args.buffer, args.starts[1]!, args.ends[1]!);

/** The key is what it is from now on: a string with or without an expiry. */
const asSet =
  (valueIndex: number): Rewrite =>
  (db, args) => {
    const ref = entryOf(db, args);
    const key = args.copy(1);
    if (ref === 0) return [['DEL', key]];
    const expireAtMs = db.keyspace.expireAtMs(ref);
    const words: Word[] = ['SET', key, args.copy(valueIndex)];
    if (expireAtMs !== NO_EXPIRY) words.push('PXAT', expireAtMs);
    return [words];
  };

const asExpiry: Rewrite = (db, args) => {
  const ref = entryOf(db, args);
  const key = args.copy(1);
  if (ref === 0) return [['DEL', key]];
  const expireAtMs = db.keyspace.expireAtMs(ref);
  return [expireAtMs === NO_EXPIRY ? ['PERSIST', key] : ['PEXPIREAT', key, expireAtMs]];
};

const asString: Rewrite = (db, args) => {
  const ref = entryOf(db, args);
  if (ref === 0) return undefined;
  return [['SET', args.copy(1), copyOf(db.keyspace.stringView(ref)), 'KEEPTTL']];
};

const hashOf = (db: Database, args: Arguments): HashValue | undefined => {
  const ref = entryOf(db, args);
  if (ref === 0 || db.keyspace.type(ref) !== ValueType.hash) return undefined;
  return db.keyspace.collection(ref) as HashValue;
};

const fieldOf = (hash: HashValue, args: Arguments, index: number): Ref =>
  hash.find(args.buffer, args.starts[index]!, args.ends[index]!);

/** HSET takes a field's expiry off. */
const asField: Rewrite = (db, args) => {
  const hash = hashOf(db, args);
  const ref = hash === undefined ? 0 : fieldOf(hash, args, 2);
  if (hash === undefined || ref === 0) return undefined;
  const key = args.copy(1);
  const field = args.copy(2);
  const set: Words = ['HSET', key, field, copyOf(hash.valueView(ref))];
  const expireAtMs = hash.expireAtMs(ref);
  if (expireAtMs === NO_EXPIRY) return [set];
  return [set, ['HPEXPIREAT', key, expireAtMs, 'FIELDS', 1, field]];
};

/** Every field named has the expiry that it has now. */
const asFieldExpiries: Rewrite = (db, args) => {
  const hash = hashOf(db, args);
  const key = args.copy(1);
  const gone: Word[] = [];
  const byInstant = new Map<number, Word[]>();
  const first = args.is(3, 'FIELDS') ? 5 : 6;
  for (let i = first; i < args.count; i++) {
    const ref = hash === undefined ? 0 : fieldOf(hash, args, i);
    const expireAtMs = ref === 0 ? NO_EXPIRY : hash!.expireAtMs(ref);
    if (ref === 0) gone.push(args.copy(i));
    else if (expireAtMs !== NO_EXPIRY) {
      const fields = byInstant.get(expireAtMs) ?? [];
      byInstant.set(expireAtMs, fields);
      fields.push(args.copy(i));
    }
  }
  const commands: Words[] = [];
  for (const [expireAtMs, fields] of byInstant)
    commands.push(['HPEXPIREAT', key, expireAtMs, 'FIELDS', fields.length, ...fields]);
  if (gone.length > 0) commands.push(['HDEL', key, ...gone]);
  return commands;
};

const asRestore: Rewrite = (db, args) => {
  const ref = entryOf(db, args);
  const key = args.copy(1);
  if (ref === 0) return [['DEL', key]];
  const expireAtMs = db.keyspace.expireAtMs(ref);
  return [['RESTORE', key, expireAtMs === NO_EXPIRY ? 0 : expireAtMs, args.copy(3), 'REPLACE', 'ABSTTL']];
};

const streamOf = (db: Database, args: Arguments): StreamValue | undefined => {
  const ref = entryOf(db, args);
  if (ref === 0 || db.keyspace.type(ref) !== ValueType.stream) return undefined;
  return db.keyspace.collection(ref) as StreamValue;
};

/** Trimming by any rule takes from the start: how much is left says all of it. */
const asAppended: Rewrite = (db, args) => {
  const stream = streamOf(db, args);
  if (stream === undefined) return undefined;
  let isTrimmed = false;
  let i = 2;
  for (; i < args.count; i++) {
    if (args.is(i, 'NOMKSTREAM')) continue;
    if (args.is(i, 'LIMIT')) i++;
    else if (args.is(i, 'MAXLEN') || args.is(i, 'MINID')) {
      isTrimmed = true;
      i++;
      if (args.is(i, '~') || args.is(i, '=')) i++;
    } else break;
  }
  const words: Word[] = ['XADD', args.copy(1)];
  if (isTrimmed) words.push('MAXLEN', '=', stream.length);
  words.push(formatId(stream.lastId));
  for (let at = i + 1; at < args.count; at++) words.push(args.copy(at));
  return [words];
};

const asTrimmed: Rewrite = (db, args) => {
  const stream = streamOf(db, args);
  return stream && [['XTRIM', args.copy(1), 'MAXLEN', '=', stream.length]];
};

export const REWRITES: Readonly<Record<string, Rewrite>> = {
  set: asSet(2),
  setex: asSet(3),
  psetex: asSet(3),
  getset: asSet(2),
  getdel: (_db, args) => [['DEL', args.copy(1)]],
  getex: asExpiry,
  expire: asExpiry,
  pexpire: asExpiry,
  expireat: asExpiry,
  pexpireat: asExpiry,
  incrbyfloat: asString,
  hincrbyfloat: asField,
  hexpire: asFieldExpiries,
  hpexpire: asFieldExpiries,
  hexpireat: asFieldExpiries,
  hpexpireat: asFieldExpiries,
  restore: asRestore,
  xadd: asAppended,
  xtrim: asTrimmed,
  blmove: (_db, args) => [['LMOVE', args.copy(1), args.copy(2), args.copy(3), args.copy(4)]],
  brpoplpush: (_db, args) => [['RPOPLPUSH', args.copy(1), args.copy(2)]],
};
