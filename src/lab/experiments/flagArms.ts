/**
 * The arms of a flag experiment: everything but the flag against everything, what would be lost without it. Two arms, because pairs
 * decide and time is bounded; the flag alone against nothing is `evenkeel compare ours:none ours:none,+flag`.
 *
 * An arm of our own server is named by what it runs with, so that two experiments that name the same arm share one target:
 *
 *   all   none   -fast-path   +fast-path          the set of flags: `-x` is all but x, `+x` is x alone
 *   all,-arena-storage,-sso-strings               changes to a set
 *   all?shards=2   -bulk-shards?shards=2          with arguments of the server's command line
 */
import type { Effort, PlannedComparison } from './definition.ts';

export const baselineArm = 'redis';

export interface FlagArmOptions {
  /** Flags that both arms leave out, because beside them this one has no effect. */
  without?: readonly string[];
  /** Command-line arguments of both arms: `{ shards: 2 }` is `--shards 2`. */
  serverArguments?: Readonly<Record<string, number | string>>;
}

export function flagArms(
  flag: string,
  { without = [], serverArguments = {} }: FlagArmOptions = {},
): { arms: Record<Effort, string[]>; comparisons: PlannedComparison[] } {
  const pairs = Object.entries(serverArguments).map(([name, value]) => `${name}=${value}`);
  const query = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  const base = ['all', ...without.map((name) => `-${name}`)].join(',');
  const candidate = `${base}${query}`;
  const reference = `${without.length === 0 ? '' : `${base},`}-${flag}${query}`;
  const both = [reference, candidate];
  return {
    arms: { smoke: both, quick: both, full: both },
    comparisons: [{ a: reference, b: candidate, primary: true }],
  };
}

/**
 * The target an arm stands for, as `parseTarget` takes it; the baseline is the caller's. Flags that cannot be switched on in this version are
 * not there to be left out.
 */
export function armSpec(arm: string, available: readonly string[]): string {
  const [flags, query] = split(arm);
  const words = flags.split(',').filter((word) => !word.startsWith('-') || available.includes(word.slice(1)));
  const first = flags.startsWith('-') ? ['all'] : flags.startsWith('+') ? ['none'] : [];
  return `ours:${[...first, ...words].join(',')}${query === '' ? '' : `?${query}`}`;
}

/** What a reader sees; undefined where the target's own label is right. */
export function armLabel(arm: string, available: readonly string[]): string | undefined {
  const [flags, query] = split(arm);
  const words = flags.split(',');
  const added = words.filter((word) => word.startsWith('+')).map((word) => word.slice(1));
  const removed = words
    .filter((word) => word.startsWith('-') && available.includes(word.slice(1)))
    .map((word) => word.slice(1));
  if (added.length + removed.length === 0 && query === '') return undefined;
  const set =
    words[0] === 'none' || flags.startsWith('+')
      ? added.length === 0
        ? 'no flags'
        : `${added.join(', ')} only`
      : `all flags${removed.length === 0 ? '' : ` but ${removed.join(', ')}`}`;
  const settings = query.split('&').map((pair) => pair.replace('=', ' '));
  return `Evenkeel (${[set, ...settings].filter((part) => part !== '').join('; ')})`;
}

function split(arm: string): [flags: string, query: string] {
  const at = arm.indexOf('?');
  return at < 0 ? [arm, ''] : [arm.slice(0, at), arm.slice(at + 1)];
}
