/** Values that are one word, or a free text: yes/no, one of a list, strings. */
import { quoted } from './fileSyntax.ts';
import type { ParameterKind, Parsed } from './parameter.ts';

export const yesNoKind = (
  initial: 'yes' | 'no',
  validate?: (yes: boolean) => string | undefined,
): ParameterKind => ({
  multiple: false,
  accumulates: false,
  parse(values): Parsed {
    const word = values[0]!.toLowerCase();
    if (word !== 'yes' && word !== 'no') return { error: "argument must be 'yes' or 'no'" };
    const problem = validate?.(word === 'yes');
    return problem === undefined ? { text: word } : { error: problem };
  },
  number: (text) => (text === 'yes' ? 1 : 0),
  fileValues: (text) => [{ text, isDefault: text === initial }],
});

/** @param synonyms word -> the word that CONFIG GET prints for it. */
export const choiceKind = (
  words: readonly string[],
  initial: string,
  synonyms: Readonly<Record<string, string>> = {},
): ParameterKind => ({
  multiple: false,
  accumulates: false,
  parse(values): Parsed {
    const word = values[0]!.toLowerCase();
    if (!words.includes(word)) {
      return { error: `argument(s) must be one of the following: ${words.join(', ')}` };
    }
    return { text: synonyms[word] ?? word };
  },
  number: () => Number.NaN,
  fileValues: (text) => [{ text, isDefault: text === initial }],
});

/** Several words of a list together, printed in the list's order; the first word stands for none of the others. */
export const combinationKind = (
  words: readonly string[],
  initial: string,
  validate: (chosen: readonly string[]) => string | undefined,
): ParameterKind => ({
  multiple: true,
  accumulates: false,
  parse(values): Parsed {
    const chosen = new Set(values.map((value) => value.toLowerCase()));
    if (values.length === 0 || [...chosen].some((word) => !words.includes(word))) {
      return { error: `argument(s) must be one of the following: ${words.join(', ')}` };
    }
    const kept = words.slice(1).filter((word) => chosen.has(word));
    const problem = validate(kept);
    if (problem !== undefined) return { error: problem };
    return { text: kept.length === 0 ? words[0]! : kept.join(' ') };
  },
  number: () => Number.NaN,
  fileValues: (text) => [{ text, isDefault: text === initial }],
});

/** @param initial null: the empty text means "not set" and keeps the parameter out of the file. */
export const textKind = (
  initial: string | null,
  validate?: (text: string) => string | undefined,
): ParameterKind => ({
  multiple: false,
  accumulates: false,
  parse(values): Parsed {
    const problem = validate?.(values[0]!);
    return problem === undefined ? { text: values[0]! } : { error: problem };
  },
  number: () => Number.NaN,
  fileValues: (text) =>
    initial === null && text === '' ? [] : [{ text: quoted(text), isDefault: text === initial }],
});
