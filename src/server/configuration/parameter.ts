/**
 * One configuration parameter as data, and what a kind of value (yes/no, memory, ...) must be able to do.
 *
 * A value's canonical form is the text CONFIG GET prints; numbers are derived from it once per change. Texts are latin1
 * (one character a byte), so a password of arbitrary bytes survives.
 */

/** The canonical text, or the reason the value is refused, in the words of CONFIG SET's error. */
export type Parsed = { readonly text: string } | { readonly error: string };

export interface ParameterKind {
  /** The value may be several words: `save 60 1000`. */
  readonly multiple: boolean;
  /** Several lines of a file add up (`save`); the first line replaces the default. */
  readonly accumulates: boolean;
  /**
   * @param values the words of the value; exactly one unless `multiple`.
   * @param current canonical text in force, for kinds that merge.
   * @param loading true while a file or the command line is read, false for CONFIG SET.
   */
  parse(values: readonly string[], current: string, loading: boolean): Parsed;
  /** The number behind a canonical text, for kinds that have one. NaN otherwise. */
  number(text: string): number;
  /** Right-hand sides for redis.conf, one per line; none: the parameter is left out of the file. */
  fileValues(text: string): readonly { readonly text: string; readonly isDefault: boolean }[];
}

export interface Parameter {
  readonly name: string;
  /** Redis's older name, listed by CONFIG GET beside the first. */
  readonly alias: string | undefined;
  readonly kind: ParameterKind;
  readonly initial: string;
  /** mutable: CONFIG SET may change it; protected: only with enable-protected-configs; immutable: only at start. */
  readonly access: 'mutable' | 'protected' | 'immutable';
  /** Listed only when asked for by its exact name. */
  readonly hidden: boolean;
  /** Never shown in logs. */
  readonly sensitive: boolean;
  /** What it does here; undefined: accepted as Redis accepts it, without effect. */
  readonly effect: string | undefined;
  /** Refusal when nobody listens to the change: a parameter that only its owner can put into force. */
  readonly refusalWithoutListener: string | undefined;
  /** Setting it to what it is puts it into force again: the file that it names may have changed. */
  readonly isReread: boolean;
}

export interface ParameterOptions {
  alias?: string;
  access?: Parameter['access'];
  hidden?: boolean;
  sensitive?: boolean;
  effect?: string;
  refusalWithoutListener?: string;
  isReread?: boolean;
}

export const defineParameter = (
  name: string,
  kind: ParameterKind,
  initial: string,
  options: ParameterOptions = {},
): Parameter => ({
  name,
  alias: options.alias,
  kind,
  initial,
  access: options.access ?? 'mutable',
  hidden: options.hidden ?? false,
  sensitive: options.sensitive ?? false,
  effect: options.effect,
  refusalWithoutListener: options.refusalWithoutListener,
  isReread: options.isReread ?? false,
});
