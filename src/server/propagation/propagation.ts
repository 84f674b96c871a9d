/**
 * What commands changed, as commands that have the same effect whenever they run: for the append-only file.
 *
 * A command that has changed something is told as it came, unless its effect depends on the time, on chance or on who waits: `rewrites.ts` has what
 * stands for those, seen from what they left behind; where that does not tell (SPOP, BLPOP, XREADGROUP), the command says it
 * itself (`instead`). What a command runs as its parts (EXEC, scripts) is told, and it itself is not. Several changes of one command
 * are told as one transaction. What expires or is evicted is told as its deletion, because whoever reads this never expires anything.
 */
import { copyOf } from '../../base/bytes.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { CommandContext } from '../commands/command.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import type { Database } from '../keyspace/database.ts';
import { type Keyspace, NO_EXPIRY, type Ref, ValueType } from '../keyspace/keyspace.ts';
import type { HashValue } from '../keyspace/value/hashValue.ts';
import type { ServerState } from '../serverState.ts';
import { REWRITES } from './rewrites.ts';
import type { Word, Words } from './words.ts';

/** Told of changes in their order. */
export interface PropagationSink {
  /** @param database that the command is for. */
  append(database: number, words: Words): void;
}

/** Told even if they changed nothing: in an empty database they may have been meant for what is on its way. */
const FORCED = new Set(['flushall', 'flushdb']);

export class Propagation {
  readonly #server: ServerState;
  readonly #sink: PropagationSink;
  #depth = 0;
  #commands = 0;
  /** What stands for the command that runs. */
  #instead: Words[] | undefined;
  #unit: { database: number; words: Words }[] = [];

  constructor(server: ServerState, sink: PropagationSink) {
    this.#server = server;
    this.#sink = sink;
  }

  /** Runs a command by `execute` and tells of what it changed. */
  run(entry: CommandEntry, context: CommandContext, args: Arguments, execute: () => void): void {
    const { db } = context;
    const dirtyBefore = this.#server.dirty;
    const outer = this.#instead;
    const number = ++this.#commands;
    this.#instead = undefined;
    this.#depth++;
    try {
      if (entry.spec.categories.includes('hash') && (entry.isWrite || entry.fullName === 'hrandfield'))
        this.#removeExpiredFields(db, args);
      execute();
      if (number === this.#commands) this.#tell(entry, db, args, this.#server.dirty > dirtyBefore);
    } finally {
      this.#instead = outer;
      this.#depth--;
      if (this.#depth === 0) this.#flush();
    }
  }

  /** The command that runs is told as these, none at all if there are none. */
  instead(...commands: Words[]): void {
    this.#instead = commands;
  }

  /** This happens beside what the command that runs does, and before it. */
  also(db: Database, words: Words): void {
    this.#push(db.index, words);
    if (this.#depth === 0) this.#flush();
  }

  /** Fields of the hash are about to be removed because their time has come. */
  sweeping(db: Database, key: Uint8Array, hash: HashValue): void {
    const due = dueFields(hash, this.#server.context.nowMs);
    if (due.length > 0) this.also(db, ['HDEL', key, ...due]);
  }

  #tell(entry: CommandEntry, db: Database, args: Arguments, isChanged: boolean): void {
    if (this.#instead !== undefined) {
      for (const words of this.#instead) this.#push(db.index, words);
      return;
    }
    if (!(isChanged && (entry.isWrite || entry.fullName === 'pfcount')) && !FORCED.has(entry.fullName))
      return;
    const rewritten = REWRITES[entry.fullName]?.(db, args);
    if (rewritten === undefined) this.#push(db.index, verbatim(args));
    else for (const words of rewritten) this.#push(db.index, words);
  }

  /** So that no command finds what is told as gone. */
  #removeExpiredFields(db: Database, args: Arguments): void {
    const { keyspace } = db;
    const ref: Ref = keyspace.find(args.buffer, args.starts[1]!, args.ends[1]!);
    if (ref === 0 || keyspace.type(ref) !== ValueType.hash || db.isExpired(ref)) return;
    const hash = collectionOf(keyspace, ref);
    const { nowMs } = this.#server.context;
    const nextMs = hash.nextFieldExpiryMs();
    if (nextMs === NO_EXPIRY || nextMs >= nowMs) return;
    const due = dueFields(hash, nowMs);
    if (due.length === 0) return;
    this.#push(db.index, ['HDEL', args.copy(1), ...due]);
    this.#server.stats.expiredFields += due.length;
    for (const field of due) hash.remove(hash.find(field, 0, field.length));
    if (hash.length === 0) keyspace.remove(ref);
  }

  #push(database: number, words: Words): void {
    this.#unit.push({ database, words });
  }

  #flush(): void {
    const unit = this.#unit;
    if (unit.length === 0) return;
    this.#unit = [];
    const isTransaction = unit.length > 1;
    if (isTransaction) this.#sink.append(unit[0]!.database, ['MULTI']);
    for (const { database, words } of unit) this.#sink.append(database, words);
    if (isTransaction) this.#sink.append(unit.at(-1)!.database, ['EXEC']);
  }
}

const collectionOf = (keyspace: Keyspace, ref: Ref): HashValue => keyspace.collection(ref) as HashValue;

/** Copies: what runs may overwrite the request. */
const verbatim = (args: Arguments): Word[] => Array.from({ length: args.count }, (_, i) => args.copy(i));

function dueFields(hash: HashValue, nowMs: number): Uint8Array[] {
  const due: Uint8Array[] = [];
  hash.forEach((field, _value, expireAtMs) => {
    if (expireAtMs !== NO_EXPIRY && expireAtMs < nowMs) due.push(copyOf(field));
  });
  return due;
}
