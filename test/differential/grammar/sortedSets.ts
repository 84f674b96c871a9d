/** Random commands of the sorted set family. None may wait: a comparison has one connection. */
import type { Draw } from '../universe.ts';
import { one, type Production } from './production.ts';

const pairs = (d: Draw, max: number): string[] => d.many(1, max, () => [d.score(), d.member()]).flat();
const scoreBound = (d: Draw): string =>
  d.chance(0.3) ? d.of(['-inf', '+inf', 'inf', '(1', '(-inf', '(x', 'x', '', ' 1', '1e400']) : d.score();
const memberBound = (d: Draw): string =>
  d.chance(0.4) ? d.of(['-', '+', 'x', '', '(', '[']) : d.of(['[', '(']) + d.member();
const withScores = (d: Draw): string[] => d.some(0.4, d.of(['WITHSCORES', 'withscores']));
const limit = (d: Draw): string[] =>
  d.some(0.3, 'LIMIT', d.of(['0', '1', '2', '-1', 'x']), d.of(['0', '1', '3', '-1', '100', 'x']));

const range = (d: Draw): string[] => {
  const by = d.of(['', '', 'BYSCORE']);
  const bound = (): string => (by === '' ? d.integer() : scoreBound(d));
  return [bound(), bound(), ...(by === '' ? [] : [by]), ...d.some(0.3, 'REV'), ...limit(d)];
};

const memberRange = (d: Draw): string[] => [memberBound(d), memberBound(d)];
const byMember = (d: Draw): string[] => [...memberRange(d), 'BYLEX', ...d.some(0.3, 'REV'), ...limit(d)];

const combination = (d: Draw, options: boolean): string[] => {
  const keys = d.many(1, 3, () => (d.chance(0.8) ? d.sortedSetKey() : d.setKey()));
  const counted = d.chance(0.95) ? String(keys.length) : d.of(['0', '-1', 'x', '9']);
  if (!options) return [counted, ...keys];
  return [
    counted,
    ...keys,
    ...d.some(0.3, 'WEIGHTS', ...keys.map(() => d.score())),
    ...d.some(0.3, 'AGGREGATE', d.of(['SUM', 'MIN', 'MAX', 'max', 'AVG'])),
  ];
};

const manyPop = (d: Draw): string[] => {
  const keys = d.many(1, 3, () => d.sortedSetKey());
  const counted = d.chance(0.95) ? String(keys.length) : d.of(['0', '-1', 'x', '9']);
  return [
    'ZMPOP',
    counted,
    ...keys,
    d.of(['MIN', 'MAX', 'min', 'MID']),
    ...d.some(0.5, 'COUNT', d.of(['1', '2', '0', 'x'])),
  ];
};

export const sortedSetProductions: Production[] = [
  one(9, (d) => [
    'ZADD',
    d.sortedSetKey(),
    ...d.some(0.15, d.of(['NX', 'XX'])),
    ...d.some(0.15, d.of(['GT', 'LT'])),
    ...d.some(0.15, 'CH'),
    ...d.some(0.1, 'INCR'),
    ...pairs(d, d.chance(0.1) ? 30 : 3),
  ]),
  one(5, (d) => ['ZADD', d.memberOrderedKey(), ...d.many(1, 8, () => ['0', d.member()]).flat()]),
  one(1, (d) => ['ZREM', d.memberOrderedKey(), d.member()]),
  one(3, (d) => ['ZRANGE', d.memberOrderedKey(), ...byMember(d)]),
  one(1, (d) => ['ZRANGESTORE', d.memberOrderedKey(), d.memberOrderedKey(), ...byMember(d)]),
  one(4, (d) => ['ZINCRBY', d.sortedSetKey(), d.score(), d.member()]),
  one(4, (d) => ['ZREM', d.sortedSetKey(), ...d.many(1, 3, () => d.member())]),
  one(2, (d) => ['ZCARD', d.sortedSetKey()]),
  one(3, (d) => ['ZSCORE', d.sortedSetKey(), d.member()]),
  one(2, (d) => ['ZMSCORE', d.sortedSetKey(), ...d.many(1, 3, () => d.member())]),
  one(3, (d) => ['ZRANK', d.sortedSetKey(), d.member(), ...d.some(0.3, 'WITHSCORE')]),
  one(2, (d) => ['ZREVRANK', d.sortedSetKey(), d.member(), ...d.some(0.3, 'WITHSCORE')]),
  one(3, (d) => ['ZCOUNT', d.sortedSetKey(), scoreBound(d), scoreBound(d)]),
  one(3, (d) => ['ZLEXCOUNT', d.memberOrderedKey(), ...memberRange(d)]),
  one(6, (d) => ['ZRANGE', d.sortedSetKey(), ...range(d), ...withScores(d)]),
  one(3, (d) => ['ZRANGE', d.sortedSetKey(), '0', '-1', 'WITHSCORES']),
  one(2, (d) => ['ZREVRANGE', d.sortedSetKey(), d.integer(), d.integer(), ...withScores(d)]),
  one(3, (d) => [
    'ZRANGEBYSCORE',
    d.sortedSetKey(),
    scoreBound(d),
    scoreBound(d),
    ...withScores(d),
    ...limit(d),
  ]),
  one(2, (d) => [
    'ZREVRANGEBYSCORE',
    d.sortedSetKey(),
    scoreBound(d),
    scoreBound(d),
    ...withScores(d),
    ...limit(d),
  ]),
  one(2, (d) => ['ZRANGEBYLEX', d.memberOrderedKey(), ...memberRange(d), ...limit(d)]),
  one(2, (d) => ['ZREVRANGEBYLEX', d.memberOrderedKey(), ...memberRange(d), ...limit(d)]),
  one(2, (d) => ['ZRANGESTORE', d.sortedSetKey(), d.sortedSetKey(), ...range(d)]),
  one(1, (d) => ['ZREMRANGEBYRANK', d.sortedSetKey(), d.integer(), d.integer()]),
  one(1, (d) => ['ZREMRANGEBYSCORE', d.sortedSetKey(), scoreBound(d), scoreBound(d)]),
  one(1, (d) => ['ZREMRANGEBYLEX', d.memberOrderedKey(), ...memberRange(d)]),
  one(2, (d) => [
    d.of(['ZPOPMIN', 'ZPOPMAX']),
    d.sortedSetKey(),
    ...d.some(0.5, d.of(['1', '2', '0', '-1', 'x'])),
  ]),
  one(2, manyPop),
  one(2, (d) => [d.of(['ZUNION', 'ZINTER']), ...combination(d, true), ...withScores(d)]),
  one(1, (d) => ['ZDIFF', ...combination(d, false), ...withScores(d)]),
  one(2, (d) => [d.of(['ZUNIONSTORE', 'ZINTERSTORE']), d.sortedSetKey(), ...combination(d, true)]),
  one(1, (d) => ['ZDIFFSTORE', d.sortedSetKey(), ...combination(d, false)]),
  one(1, (d) => [
    'ZINTERCARD',
    ...combination(d, false),
    ...d.some(0.4, 'LIMIT', d.of(['0', '1', '-1', 'x'])),
  ]),
  {
    weight: 1,
    draw: (d) => {
      const key = d.sortedSetKey();
      const count = d.of(['0', '1', '2', '5', '100', '-1', '-5', 'x', '-9223372036854775808']);
      return [
        ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
        ['ZRANDMEMBER', key, ...d.some(0.8, count, ...d.some(0.5, d.of(['WITHSCORES', 'BOGUS'])))],
      ];
    },
  },
  one(2, (d) => [
    'ZSCAN',
    d.sortedSetKey(),
    d.chance(0.95) ? '0' : d.of(['x', '-1']),
    'COUNT',
    d.chance(0.95) ? '100000' : d.of(['0', 'x']),
    ...d.some(0.4, 'MATCH', d.pattern()),
  ]),
];
