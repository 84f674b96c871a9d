/** `--flags none|all|default|+a,-b|a,b`: which optimisations a server runs with. */
import { AVAILABLE_FLAGS, DEFAULT_FLAGS, FLAGS } from './registry.ts';

/** A flag expression that cannot be followed; the text says what would be right. */
export class FlagSelectionError extends Error {
  readonly code = 'FLAG_SELECTION';
}

/**
 * The set of flags an expression names. `none`, `all` (all available) and `default` stand for sets and may be followed by changes
 * (`none,+fast-path`); a list that begins with a sign changes the default set; plain names alone are exactly that set.
 */
export function selectFlags(expression: string): ReadonlySet<string> {
  const words = expression
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0)
    throw new FlagSelectionError(
      '--flags: nothing named; use none, all, default, +name,-name or a list of names',
    );
  const selected = new Set<string>();
  const first = words[0]!;
  let at = 0;
  if (first === 'none' || first === 'all' || first === 'default') {
    const base =
      first === 'all' ? AVAILABLE_FLAGS.map((flag) => flag.name) : first === 'default' ? DEFAULT_FLAGS : [];
    for (const name of base) selected.add(name);
    at = 1;
  } else if (first.startsWith('+') || first.startsWith('-')) {
    for (const name of DEFAULT_FLAGS) selected.add(name);
  }
  for (; at < words.length; at++) {
    const word = words[at]!;
    const remove = word.startsWith('-');
    const name = remove || word.startsWith('+') ? word.slice(1) : word;
    check(name);
    if (remove) selected.delete(name);
    else selected.add(name);
  }
  return selected;
}

function check(name: string): void {
  const known = FLAGS.find((flag) => flag.name === name);
  const available = AVAILABLE_FLAGS.map((flag) => flag.name).join(', ');
  if (known === undefined)
    throw new FlagSelectionError(`--flags: no flag '${name}'; available: ${available}`);
  if (known.state === 'planned')
    throw new FlagSelectionError(
      `--flags: '${name}' is planned and cannot be switched on yet; available: ${available}`,
    );
}

/** In registry order, as `all`, `none` or a comma-separated list. */
export function describeFlags(selected: ReadonlySet<string>): string {
  const names = FLAGS.map((flag) => flag.name).filter((name) => selected.has(name));
  return names.length === 0 ? 'none' : names.join(',');
}
