/** Values that are lists with a grammar of their own: save points, buffer limits, addresses, percentiles, event classes. */

import { quoted } from './fileSyntax.ts';
import { formatMemory, parseLoose, parseMemory } from './numericKinds.ts';
import type { ParameterKind, Parsed } from './parameter.ts';

const NOT_A_NUMBER = (): number => Number.NaN;
const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

/** `save <seconds> <changes> ...`; lines of a file add up, an empty text clears. */
export const saveKind: ParameterKind = {
  multiple: true,
  accumulates: true,
  parse(values, current, loading): Parsed {
    const cleared = values.length === 1 && values[0] === '';
    const points = cleared ? [] : values;
    if (points.length % 2 !== 0) return { error: 'Invalid save parameters' };
    const kept = loading && !cleared ? words(current) : [];
    for (let i = 0; i < points.length; i += 2) {
      const seconds = parseLoose(points[i]!);
      const changes = parseLoose(points[i + 1]!);
      if (seconds === undefined || changes === undefined || seconds < 1n || changes < 0n) {
        return { error: 'Invalid save parameters' };
      }
      kept.push(`${seconds}`, `${BigInt.asIntN(32, changes)}`);
    }
    return { text: kept.join(' ') };
  },
  number: NOT_A_NUMBER,
  fileValues(text) {
    if (text === '') return [{ text: '""', isDefault: false }];
    const numbers = words(text);
    const lines = [];
    for (let i = 0; i < numbers.length; i += 2)
      lines.push({ text: `${numbers[i]} ${numbers[i + 1]}`, isDefault: false });
    return lines;
  },
};

export const OUTPUT_LIMITS_INITIAL = 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60';
const OUTPUT_CLASSES = ['normal', 'slave', 'pubsub'];

/** `<class> <hard> <soft> <soft seconds>` for one or more classes; classes not named keep their limits. */
export const outputLimitsKind: ParameterKind = {
  multiple: true,
  accumulates: false,
  parse(values, current): Parsed {
    if (values.length % 4 !== 0) return { error: 'Wrong number of arguments in buffer limit configuration.' };
    const limits = words(current);
    for (let i = 0; i < values.length; i += 4) {
      const name = values[i]!.toLowerCase();
      const at = OUTPUT_CLASSES.indexOf(name === 'replica' ? 'slave' : name);
      if (at < 0) return { error: 'Invalid client class specified in buffer limit configuration.' };
      const hard = parseMemory(values[i + 1]!);
      const soft = parseMemory(values[i + 2]!);
      const seconds = parseLoose(values[i + 3]!);
      if (
        hard === undefined ||
        soft === undefined ||
        seconds === undefined ||
        BigInt.asIntN(32, seconds) < 0n
      ) {
        return { error: 'Error in hard, soft or soft_seconds setting in buffer limit configuration.' };
      }
      limits.splice(at * 4 + 1, 3, `${hard}`, `${soft}`, `${BigInt.asIntN(32, seconds)}`);
    }
    return { text: limits.join(' ') };
  },
  number: NOT_A_NUMBER,
  fileValues(text) {
    const limits = words(text);
    return OUTPUT_CLASSES.map((name, index) => {
      const [hard, soft, seconds] = limits.slice(index * 4 + 1, index * 4 + 4);
      const isDefault =
        words(OUTPUT_LIMITS_INITIAL)
          .slice(index * 4 + 1, index * 4 + 4)
          .join(' ') === `${hard} ${soft} ${seconds}`;
      const fileName = name === 'slave' ? 'replica' : name;
      return {
        text: `${fileName} ${formatMemory(BigInt(hard!))} ${formatMemory(BigInt(soft!))} ${seconds}`,
        isDefault,
      };
    });
  },
};

export const BIND_INITIAL = '* -::*';
const BIND_ADDRESSES_MAX = 16;

export const bindKind: ParameterKind = {
  multiple: true,
  accumulates: false,
  parse(values): Parsed {
    if (values.length > BIND_ADDRESSES_MAX) return { error: 'Too many bind addresses specified.' };
    return { text: values.join(' ') };
  },
  number: NOT_A_NUMBER,
  /** At its default the line goes, even if it stood in the file. */
  fileValues: (text) =>
    text === BIND_INITIAL ? [] : [{ text: text === '' ? '""' : text, isDefault: false }],
};

export const OOM_SCORES_INITIAL = '0 200 800';

export const oomScoresKind: ParameterKind = {
  multiple: true,
  accumulates: false,
  parse(values): Parsed {
    if (values.length !== 3) return { error: 'wrong number of arguments' };
    const scores = values.map(parseLoose);
    if (scores.some((score) => score === undefined || score < -2000n || score > 2000n)) {
      return { error: 'Invalid oom-score-adj-values, elements must be between -2000 and 2000.' };
    }
    return { text: scores.join(' ') };
  },
  number: NOT_A_NUMBER,
  fileValues: (text) => [{ text, isDefault: text === OOM_SCORES_INITIAL }],
};

/** A decimal fraction as C reads it, without blanks in front. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;

export const percentilesKind: ParameterKind = {
  multiple: true,
  accumulates: false,
  parse(values): Parsed {
    if (values.length === 1 && values[0] === '') return { text: '' };
    const kept: string[] = [];
    for (const value of values) {
      const infinite = INFINITE.test(value);
      if (!infinite && !DECIMAL.test(value)) {
        return { error: 'Invalid latency-tracking-info-percentiles parameters' };
      }
      const percentile = Number(value);
      if (infinite || percentile < 0 || percentile > 100) {
        return { error: 'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]' };
      }
      const digits = percentile.toFixed(6).replace(/\.?0+$/, '');
      kept.push(Object.is(percentile, -0) ? '-0' : digits);
    }
    return { text: kept.join(' ') };
  },
  number: NOT_A_NUMBER,
  fileValues: (text) => [{ text: text === '' ? '""' : text, isDefault: false }],
};

/**
 * In the order CONFIG GET prints the classes; `A` stands for all but the last four. Redis forgets to print `n` beside
 * `A`, so that its own rewrite loses it; here it is kept.
 */
const EVENT_CLASSES = 'g$lshzxetdnKEm';
const EVENT_CLASSES_ALL = 'g$lshzxetd';

export const eventClassesKind: ParameterKind = {
  multiple: false,
  accumulates: false,
  parse(values): Parsed {
    const asked = new Set<string>();
    for (const char of values[0]!) {
      if (char === 'A') for (const each of EVENT_CLASSES_ALL) asked.add(each);
      else if (EVENT_CLASSES.includes(char)) asked.add(char);
      else return { error: "Invalid event class character. Use 'Ag$lshzxeKEtmdn'." };
    }
    const all = [...EVENT_CLASSES_ALL].every((char) => asked.has(char));
    const named = all ? 'nKEm' : EVENT_CLASSES;
    return { text: (all ? 'A' : '') + [...named].filter((char) => asked.has(char)).join('') };
  },
  number: NOT_A_NUMBER,
  fileValues: (text) => [{ text: quoted(text), isDefault: text === '' }],
};

/** `replicaof no one` only: this server follows no other. */
export const replicaOfKind: ParameterKind = {
  multiple: true,
  accumulates: false,
  parse(values): Parsed {
    if (values.length !== 2) return { error: 'wrong number of arguments' };
    if (values[0]!.toLowerCase() === 'no' && values[1]!.toLowerCase() === 'one') return { text: '' };
    return { error: 'this server cannot follow another one; remove the line or say "no one"' };
  },
  number: NOT_A_NUMBER,
  fileValues: () => [],
};

/** @param check gives the absolute path to use, or why it cannot be used. */
export const directoryKind = (check: (path: string) => Parsed): ParameterKind => ({
  multiple: false,
  accumulates: false,
  parse: (values) => check(values[0]!),
  number: NOT_A_NUMBER,
  fileValues: (text) => [{ text: quoted(text), isDefault: false }],
});
