/** What can be read of a file of persistence, without a server: for `evenkeel check`. */
import type { InputFile } from '../../ports/files.ts';
import type { ValueEnvironment } from '../keyspace/serialization/valueSerialization.ts';
import { CommandReader } from './appendOnly/commandReader.ts';
import { isRdb, RdbError, RdbReader } from './rdb/rdbReader.ts';

export interface Verdict {
  /** Keys of a snapshot and commands that could be read. */
  readonly keys: number;
  readonly commands: number;
  /** Up to here everything is whole: of an append-only file, what is before can be saved. */
  readonly goodBytes: number;
  /** What is wrong, and where; undefined if nothing is. */
  readonly fault: { readonly reason: string; readonly offset: number } | undefined;
}

/** Databases a snapshot may have. */
const DATABASES_MAX = 2 ** 31;

/** Reads a snapshot to its end; what follows it is no fault if `mayGoOn`. */
export function checkRdb(file: InputFile, environment: ValueEnvironment, mayGoOn = false): Verdict {
  let keys = 0;
  const verdict = (goodBytes: number, fault: Verdict['fault']): Verdict => ({
    keys,
    commands: 0,
    goodBytes,
    fault,
  });
  const reader = new RdbReader(file, { environment, databases: DATABASES_MAX, checks: true });
  try {
    const bytes = reader.read({
      entry({ value }) {
        keys++;
        value.collection?.release();
      },
    });
    if (bytes === file.sizeBytes || mayGoOn) return verdict(bytes, undefined);
    return verdict(bytes, { reason: 'something follows the end of the snapshot', offset: bytes });
  } catch (problem) {
    if (!(problem instanceof RdbError)) throw problem;
    return verdict(0, { reason: problem.message, offset: problem.offset });
  }
}

/** Reads a part of an append-only file: commands, after a snapshot if it begins with one. Nothing is run. */
export function checkAppendOnly(file: InputFile, environment: ValueEnvironment): Verdict {
  const start = new Uint8Array(5);
  let keys = 0;
  let from = 0;
  if (file.read(start, 0) === start.length && isRdb(start)) {
    const snapshot = checkRdb(file, environment, true);
    if (snapshot.fault !== undefined) return snapshot;
    keys = snapshot.keys;
    from = snapshot.goodBytes;
  }
  const reader = new CommandReader(file, from);
  let commands = 0;
  /** Commands and bytes before the MULTI that has no EXEC yet. */
  let before: { commands: number; goodBytes: number } | undefined;
  for (;;) {
    const offset = reader.offset;
    const next = reader.next();
    if (next === 'command') {
      if (reader.args.is(0, 'MULTI')) before ??= { commands, goodBytes: offset };
      else if (reader.args.is(0, 'EXEC')) before = undefined;
      commands++;
      continue;
    }
    const good = before ?? { commands, goodBytes: offset };
    if (next === 'end' && before === undefined) return { keys, ...good, fault: undefined };
    const reason =
      next === 'damaged'
        ? 'no command begins here'
        : next === 'truncated'
          ? 'the file ends within a command'
          : 'the file ends within a transaction';
    return { keys, ...good, fault: { reason: `${reason} (at byte ${offset})`, offset } };
  }
}
