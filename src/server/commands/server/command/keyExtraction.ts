/** Which arguments of a command are keys: by its own rule where it has one, by its key specifications otherwise. */
import { Arguments } from '../../arguments.ts';
import { type CommandContext, type KeySpec, type KeySpecFlag, namesNoKey } from '../../command.ts';
import type { CommandEntry, CommandTable } from '../../commandTable.ts';

export interface FoundKey {
  readonly index: number;
  readonly flags: readonly KeySpecFlag[];
}

/** COMMAND GETKEYS: the keys of the command that begins at argument 2, as indices into `args`; or the error. */
export function keysOfInnerCommand({ server }: CommandContext, args: Arguments): FoundKey[] | string {
  const inner = argumentsFrom(args, 2);
  const entry = findCommand(server.commands, inner);
  if (entry === undefined) return 'ERR Invalid command specified';
  const { keys, getKeys } = entry.spec;
  if (getKeys === undefined && keys.every(namesNoKey)) return 'ERR The command has no key arguments';
  if (inner.count < entry.arityMin || inner.count > entry.arityMax) {
    return 'ERR Invalid number of arguments specified for command';
  }
  const found = findKeys(entry, inner);
  if (found.length === 0 && !entry.spec.flags.includes('no_mandatory_keys')) {
    return 'ERR Invalid arguments specified for command';
  }
  return found.map(({ index, flags }) => ({ index: index + 2, flags }));
}

/** The arguments from `from` on, where they lie. */
export function argumentsFrom(args: Arguments, from: number): Arguments {
  const inner = new Arguments(args.count - from);
  inner.buffer = args.buffer;
  for (let i = from; i < args.count; i++) inner.push(args.starts[i]!, args.ends[i]!);
  return inner;
}

/** The command or subcommand that the arguments name; undefined if there is none. */
export function findCommand(commands: CommandTable, args: Arguments): CommandEntry | undefined {
  const entry = commands.get(args.text(0).toLowerCase());
  if (entry?.subcommands === undefined || args.count < 2) return entry;
  return entry.subcommands.get(args.text(1).toLowerCase());
}

/** The keys among a whole command's arguments; where some cannot be told none, or (`partly`) the others. */
export function findKeys(entry: CommandEntry, args: Arguments, partly = false): FoundKey[] {
  const { getKeys, keys } = entry.spec;
  if (getKeys !== undefined) {
    return getKeys(args).map((index) => ({ index, flags: flagsAt(entry, args, index) }));
  }
  const found: FoundKey[] = [];
  for (const spec of keys) {
    if (namesNoKey(spec)) continue;
    const indices = indicesOf(spec, args);
    if (indices === 'invalid' && partly) continue;
    if (indices === 'invalid') return [];
    const flags = variableFlags(entry, args) ?? spec.flags;
    for (const index of indices) found.push({ index, flags });
    if (spec.flags.includes('incomplete')) return [];
  }
  return found;
}

/** Argument indices, nothing where a keyword is not there, `invalid` where the arguments contradict the specification. */
function indicesOf({ beginSearch, findKeys }: KeySpec, args: Arguments): number[] | 'invalid' {
  let first = 0;
  if (beginSearch.type === 'unknown' || findKeys.type === 'unknown') return 'invalid';
  if (beginSearch.type === 'index') {
    first = beginSearch.index;
  } else {
    first = behindKeyword(beginSearch.keyword, beginSearch.startFrom, args);
    if (first === 0) return [];
  }
  let last: number;
  if (findKeys.type === 'range') {
    const { lastKey, limit } = findKeys;
    if (lastKey >= 0) last = first + lastKey;
    else if (limit === 0) last = args.count + lastKey;
    else last = first + Math.trunc((args.count - first) / limit) + lastKey;
  } else {
    if (first + findKeys.keyNumIdx >= args.count) return 'invalid';
    const count = args.integer(first + findKeys.keyNumIdx);
    if (Number.isNaN(count) || count < 0) return 'invalid';
    first += findKeys.firstKey;
    last = first + count - 1;
  }
  if (last >= args.count || last < first || first >= args.count) return 'invalid';
  const indices: number[] = [];
  for (let index = first; index <= last; index += findKeys.keyStep) indices.push(index);
  return indices;
}

function behindKeyword(keyword: string, startFrom: number, args: Arguments): number {
  const forwards = startFrom > 0;
  const start = forwards ? startFrom : args.count + startFrom;
  const end = forwards ? args.count - 1 : 1;
  const step = start <= end ? 1 : -1;
  for (let i = start; i !== end && i >= 1 && i < args.count; i += step) {
    if (args.is(i, keyword.toUpperCase())) return i + 1;
  }
  return 0;
}

/** What happens to a key that a command's own rule found: that of the specification that covers it. */
function flagsAt(entry: CommandEntry, args: Arguments, index: number): readonly KeySpecFlag[] {
  const variable = variableFlags(entry, args);
  if (variable !== undefined) return variable;
  const { keys } = entry.spec;
  const covering = keys.find((spec) => {
    const indices = indicesOf(spec, args);
    return indices !== 'invalid' && indices.includes(index);
  });
  // Keys that no specification can find are those that a STORE names, or patterns that are only read.
  const unknown = keys.filter((spec) => spec.findKeys.type === 'unknown' && !namesNoKey(spec));
  return (
    (covering ?? unknown.findLast((spec) => spec.flags.includes('OW')) ?? unknown[0] ?? keys[0])?.flags ?? [
      'RW',
      'access',
      'update',
    ]
  );
}

/** SET and BITFIELD read their key only if their options say so. */
function variableFlags(entry: CommandEntry, args: Arguments): readonly KeySpecFlag[] | undefined {
  const gives = (word: string, from: number): boolean => {
    for (let i = from; i < args.count; i++) if (args.is(i, word)) return true;
    return false;
  };
  if (entry.fullName === 'set') return gives('GET', 3) ? ['RW', 'access', 'update'] : ['OW', 'update'];
  if (entry.fullName === 'bitfield') {
    return gives('SET', 2) || gives('INCRBY', 2) ? ['RW', 'access', 'update'] : ['RO', 'access'];
  }
  return undefined;
}
