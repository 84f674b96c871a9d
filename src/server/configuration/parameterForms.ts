/** Short forms for the tables of parameters: one call, one parameter. */
import { type NumericForm, numericKind } from './numericKinds.ts';
import { defineParameter, type Parameter, type ParameterOptions } from './parameter.ts';
import { choiceKind, combinationKind, textKind, yesNoKind } from './wordKinds.ts';

export const yesNo = (
  name: string,
  initial: 'yes' | 'no',
  options?: ParameterOptions,
  validate?: (yes: boolean) => string | undefined,
): Parameter => defineParameter(name, yesNoKind(initial, validate), initial, options);

/** @param initial null where the empty text means "not set". */
export const text = (
  name: string,
  initial: string | null,
  options?: ParameterOptions,
  validate?: (value: string) => string | undefined,
): Parameter => defineParameter(name, textKind(initial, validate), initial ?? '', options);

export const choice = (
  name: string,
  words: readonly string[],
  initial: string,
  options?: ParameterOptions,
  synonyms?: Readonly<Record<string, string>>,
): Parameter => defineParameter(name, choiceKind(words, initial, synonyms), initial, options);

export const combination = (
  name: string,
  words: readonly string[],
  initial: string,
  validate: (chosen: readonly string[]) => string | undefined,
  options?: ParameterOptions,
): Parameter => defineParameter(name, combinationKind(words, initial, validate), initial, options);

type NumericExtras = Pick<NumericForm, 'cap' | 'validate'>;

const numeric =
  (notation: NumericForm['notation'], unsigned: boolean) =>
  (
    name: string,
    min: bigint,
    max: bigint,
    initial: bigint,
    options?: ParameterOptions,
    extras?: NumericExtras,
  ): Parameter => {
    const made = numericKind({ notation, min, max, unsigned, initial, ...extras });
    return defineParameter(name, made.kind, made.initial, options);
  };

export const integer = numeric('integer', false);
export const integerUnsigned = numeric('integer', true);
export const memory = numeric('memory', false);
export const memoryUnsigned = numeric('memory', true);
export const percent = numeric('memory-or-percent', false);
export const octal = numeric('octal', true);
