/** The effects of a factorial design in words and numbers, for the Markdown report and the HTML one. */
import type { ExperimentResult, FactorialResult } from '../experiments/result.ts';
import type { EffectEstimate } from '../statistics/factorialEffects.ts';
import { count, pValue, ratioWithRange } from './format.ts';
import { readingOf } from './metrics.ts';
import type { Table } from './plainTables.ts';
import type { Tone } from './verdict.ts';

export interface FactorialTable {
  title: string;
  result: FactorialResult;
  effects: EffectEstimate[];
  table: Table;
}

/** Effects are called after the 5 % that Holm keeps for the whole table. */
const alpha = 0.05;
/** Pairs are many and mostly indifferent to each other: those furthest from 1 come first, and a report shows so many. */
const interactionsShown = 20;

export function factorialTables(experiments: readonly ExperimentResult[]): FactorialTable[] {
  return experiments.flatMap(({ factorials = [] }) =>
    factorials.flatMap((result) => {
      const where = `${readingOf(result.metric).name}, ${count(result.blocks, 'block')} of ${count(result.runs, 'run')}`;
      const strongest = result.interactions
        .toSorted((left, right) => strength(right) - strength(left))
        .slice(0, interactionsShown);
      return [
        factorialTable(`Flags one by one: ${where}`, 'Flag, on over off', result, result.main),
        factorialTable(
          `Pairs of flags: ${where}`,
          'Pair, together over the product of each',
          result,
          strongest,
        ),
      ];
    }),
  );
}

function factorialTable(
  title: string,
  head: string,
  result: FactorialResult,
  effects: EffectEstimate[],
): FactorialTable {
  return {
    title,
    result,
    effects,
    table: {
      columns: [
        { name: head },
        { name: 'Ratio', numeric: true },
        { name: 'p (Holm)', numeric: true },
        { name: 'Effect' },
      ],
      rows: effects.map((effect) => [
        effectName(effect),
        ratioWithRange(effect.ratio),
        pValue(effect.pValueHolm),
        effectWords(effect, result).words,
      ]),
    },
  };
}

/** `fast-path × io-uring`; what the design cannot tell apart stands together. */
export function effectName({ terms }: EffectEstimate): string {
  return terms.map((names) => names.join(' × ')).join(' or ');
}

export function effectWords(
  { ratio, pValueHolm }: EffectEstimate,
  { higherIsBetter }: Pick<FactorialResult, 'higherIsBetter'>,
): { words: string; tone: Tone } {
  if (!(pValueHolm < alpha)) return { words: 'not told from none', tone: 'open' };
  return ratio.estimate > 1 === higherIsBetter
    ? { words: 'better', tone: 'good' }
    : { words: 'worse', tone: 'bad' };
}

function strength({ ratio }: EffectEstimate): number {
  return Math.abs(Math.log(ratio.estimate));
}
