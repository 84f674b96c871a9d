/**
 * What the reference cannot be asked, by its version. With a 7.4 reference nothing is left out; Debian's 7.0 lacks commands and
 * answers some things as 7.4 no longer does.
 */
import { allCommands } from '../../src/server/commands/allCommands.ts';
import { toolVersion } from '../requirements.ts';
import type { RandomCommand } from './grammar/production.ts';

/** `7.0.15` as 70015. */
export const versionNumber = (text: string): number => {
  const [major, minor, patch] = text.split('.').map(Number);
  return major! * 10_000 + minor! * 100 + (patch ?? 0);
};

/** Whether the reference is there and at least of this version. */
export const isAtLeast = (path: string | undefined, version: string): boolean =>
  path !== undefined && versionNumber(toolVersion(path) ?? '0.0.0') >= versionNumber(version);

interface Gate {
  /** The first version that behaves as ours does. */
  since: string;
  matches: (command: RandomCommand) => boolean;
  reason: string;
}

const named =
  (...names: string[]) =>
  (command: RandomCommand): boolean => {
    const name = command[0]!.toLowerCase();
    return names.includes(name) || names.includes(`${name} ${(command[1] ?? '').toLowerCase()}`);
  };

/** Commands and subcommands by the version their documentation names. */
const introduced = new Map<string, string>();
const groups = new Map<string, string>();
for (const spec of allCommands) {
  introduced.set(spec.name, spec.docs.since);
  groups.set(spec.name, spec.docs.group);
  for (const sub of spec.subcommands ?? []) introduced.set(`${spec.name} ${sub.name}`, sub.docs.since);
}

const ofGroup =
  (...names: string[]) =>
  (command: RandomCommand): boolean =>
    names.includes(groups.get(command[0]!.toLowerCase()) ?? '');

/** More pairs than the smallest limit that the grammar sets, and a field among them twice. */
function repeatsFields(command: RandomCommand): boolean {
  const fields = command.slice(2).filter((_, i) => i % 2 === 0);
  return fields.length > ENTRIES_LIMIT_MIN && new Set(fields).size < fields.length;
}
const ENTRIES_LIMIT_MIN = 2;

export const GATES: readonly Gate[] = [
  {
    since: '7.2.0',
    matches: (c) => named('hset', 'hmset')(c) && repeatsFields(c),
    reason: 'the number of pairs given decides the encoding now, not that of distinct fields',
  },
  {
    since: '7.2.0',
    matches: named('acl list'),
    reason: 'sanitize-payload is listed now',
  },
  {
    since: '7.2.0',
    matches: named('object encoding'),
    reason: 'small sets of strings and small lists are listpacks now',
  },
  {
    since: '7.2.0',
    matches: (c) => named('zrank', 'zrevrank')(c) && c.length > 3,
    reason: 'ZRANK WITHSCORE is new',
  },
  {
    since: '7.4.0',
    matches: (c) => named('hello')(c) && c.length > 4,
    reason: 'SETNAME took effect even when a later option was wrong',
  },
  {
    since: '7.4.0',
    matches: (c) => (named('scan')(c) && c[1] !== '0') || (named('hscan', 'sscan')(c) && c[2] !== '0'),
    reason: 'cursors that are no unsigned integer are refused now',
  },
  {
    since: '7.4.0',
    matches: named('object help', 'command getkeys', 'command getkeysandflags', 'command info'),
    reason: 'texts, errors and facts about commands were revised',
  },
  {
    since: '7.4.0',
    matches: (c) => named('config set')(c) && c[2] === 'maxmemory-samples',
    reason: 'its range was narrowed',
  },
  {
    since: '7.4.0',
    matches: named('client info', 'client list'),
    reason: 'fields watch, lib-name and lib-ver are new in 7.2 and 7.4',
  },
  {
    since: '7.4.0',
    matches: (c) => named('scan', 'hscan')(c) && c.some((w) => /^novalues$/i.test(w)),
    reason: 'HSCAN NOVALUES is new',
  },
  {
    since: '7.4.0',
    matches: ofGroup('list'),
    reason:
      'small lists are listpacks now, which count an index otherwise; ranges of arguments were narrowed',
  },
  {
    since: '7.4.0',
    matches: ofGroup('sorted-set', 'geo'),
    reason: 'a score is written with the fewest digits that read back as the same number, no longer with 17',
  },
  {
    since: '7.4.0',
    matches: ofGroup('hyperloglog'),
    reason: 'what is corrupt is noticed at other places',
  },
  {
    since: '7.4.0',
    matches: ofGroup('scripting'),
    reason: 'commands that wait may be called by scripts now, and texts of errors were revised',
  },
  {
    since: '7.4.0',
    matches: ofGroup('stream'),
    reason: 'XREAD knows +, XINFO tells of activity, and texts of errors were revised',
  },
  {
    since: '7.4.0',
    matches: ofGroup('bitmap'),
    reason: 'arguments are checked before the key is looked up',
  },
];

/** The gates that apply to a reference of `version`: true for commands it must not be asked. */
export function gateFor(version: string): (command: RandomCommand) => boolean {
  const reference = versionNumber(version);
  const closed = GATES.filter((gate) => versionNumber(gate.since) > reference);
  const unknown = new Set(
    [...introduced].filter(([, since]) => versionNumber(since) > reference).map(([name]) => name),
  );
  return (command) => {
    const name = command[0]!.toLowerCase();
    if (unknown.has(name) || unknown.has(`${name} ${(command[1] ?? '').toLowerCase()}`)) return true;
    return closed.some((gate) => gate.matches(command));
  };
}
