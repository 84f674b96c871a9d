/**
 * Integers, memory sizes, octal modes. Redis computes these in 64-bit machine words: `memory` wraps at 2^64 and a
 * bound is checked signed or unsigned by the C type of the field, which shows in what is accepted, so we keep both.
 */
import type { ParameterKind, Parsed } from './parameter.ts';

export const INT_MAX = 2147483647n;
export const INT_MIN = -2147483648n;
export const UINT_MAX = 4294967295n;
export const LONG_MAX = 9223372036854775807n;
export const ULONG_MAX = 18446744073709551615n;

const MEMORY_UNITS: ReadonlyMap<string, bigint> = new Map([
  ['', 1n],
  ['b', 1n],
  ['k', 1000n],
  ['kb', 1024n],
  ['m', 1000n ** 2n],
  ['mb', 1024n ** 2n],
  ['g', 1000n ** 3n],
  ['gb', 1024n ** 3n],
]);

/** `100mb` in bytes, modulo 2^64; undefined if it is not a memory size. No digits at all counts as 0, as in Redis. */
export function parseMemory(text: string): bigint | undefined {
  const match = /^(\d{0,127})([a-z]*)$/i.exec(text);
  if (match === null) return undefined;
  const factor = MEMORY_UNITS.get(match[2]!.toLowerCase());
  if (factor === undefined) return undefined;
  const digits = match[1] === '' ? 0n : BigInt(match[1]!);
  return BigInt.asUintN(64, (digits > ULONG_MAX ? ULONG_MAX : digits) * factor);
}

/** Bytes with the largest unit that divides them, as CONFIG REWRITE writes them. */
export function formatMemory(bytes: bigint): string {
  if (bytes !== 0n) {
    for (const unit of ['gb', 'mb', 'kb']) {
      const factor = MEMORY_UNITS.get(unit)!;
      if (bytes % factor === 0n) return `${bytes / factor}${unit}`;
    }
  }
  return `${bytes}`;
}

/** C's strtoll over the whole text: blanks and '+' allowed in front, an empty text is 0; undefined if something is left. */
export function parseLoose(text: string): bigint | undefined {
  if (text === '') return 0n;
  const match = /^[ \t\n\v\f\r]*([+-]?)(\d+)$/.exec(text);
  if (match === null) return undefined;
  const value = match[1] === '-' ? -BigInt(match[2]!) : BigInt(match[2]!);
  if (value > LONG_MAX) return LONG_MAX;
  return value < -LONG_MAX - 1n ? -LONG_MAX - 1n : value;
}

/** Redis's strict decimal: no '+', no leading zero, no blanks, 64 bits. */
function parseStrict(text: string): bigint | undefined {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > LONG_MAX || value < -LONG_MAX - 1n ? undefined : value;
}

export interface NumericForm {
  readonly notation: 'integer' | 'memory' | 'memory-or-percent' | 'octal';
  readonly min: bigint;
  readonly max: bigint;
  /** The C field is unsigned: the bound is checked on the value modulo 2^64. */
  readonly unsigned: boolean;
  readonly initial: bigint;
  /** Out-of-range values that Redis takes and caps (`hz`). */
  readonly cap?: readonly [bigint, bigint];
  readonly validate?: (value: bigint) => string | undefined;
}

const PARSE_ERRORS: Record<NumericForm['notation'], string> = {
  integer: "argument couldn't be parsed into an integer",
  memory: 'argument must be a memory value',
  'memory-or-percent': 'argument must be a memory or percent value',
  octal: "argument couldn't be parsed as an octal number",
};

function read(form: NumericForm, text: string): bigint | undefined {
  if (form.notation === 'integer') return parseStrict(text);
  if (form.notation === 'octal') return /^[0-7]{1,20}$/.test(text) ? BigInt(`0o${text}`) : undefined;
  const bytes = parseMemory(text);
  if (bytes !== undefined) return BigInt.asIntN(64, bytes);
  if (form.notation === 'memory-or-percent' && text.length > 1 && text.endsWith('%')) {
    const percent = parseStrict(text.slice(0, -1));
    if (percent !== undefined && percent >= 0n) return -percent;
  }
  return undefined;
}

function outOfBounds(form: NumericForm, value: bigint): string | undefined {
  if (form.notation === 'memory-or-percent' && value < 0n) {
    return value < form.min ? `percentage argument must be less or equal to ${-form.min}` : undefined;
  }
  const compared = form.unsigned ? BigInt.asUintN(64, value) : value;
  if (compared >= form.min && compared <= form.max) return undefined;
  const radix = form.notation === 'octal' ? 8 : 10;
  return `argument must be between ${form.min.toString(radix)} and ${form.max.toString(radix)} inclusive`;
}

function format(form: NumericForm, value: bigint): string {
  if (form.notation === 'octal') return value.toString(8);
  if (form.notation === 'memory-or-percent' && value < 0n) return `${-value}%`;
  return `${form.notation === 'integer' ? value : BigInt.asUintN(64, value)}`;
}

/** The kind for one numeric field, and the canonical text of its default. */
export function numericKind(form: NumericForm): { kind: ParameterKind; initial: string } {
  const initial = format(form, form.initial);
  const kind: ParameterKind = {
    multiple: false,
    accumulates: false,
    parse(values): Parsed {
      let value = read(form, values[0]!);
      if (value === undefined) return { error: PARSE_ERRORS[form.notation] };
      const problem = outOfBounds(form, value) ?? form.validate?.(value);
      if (problem !== undefined) return { error: problem };
      if (form.cap !== undefined) {
        if (value < form.cap[0]) value = form.cap[0];
        if (value > form.cap[1]) value = form.cap[1];
      }
      return { text: format(form, value) };
    },
    /** A percentage is its negative, as Redis stores it. */
    number(text) {
      if (text.endsWith('%')) return -Number(text.slice(0, -1));
      return form.notation === 'octal' ? Number.parseInt(text, 8) : Number(text);
    },
    fileValues(text) {
      const isBytes = form.notation !== 'integer' && form.notation !== 'octal' && !text.endsWith('%');
      return [{ text: isBytes ? formatMemory(BigInt(text)) : text, isDefault: text === initial }];
    },
  };
  return { kind, initial };
}
