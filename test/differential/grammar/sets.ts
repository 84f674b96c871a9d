/** Random commands of the set family. What is random in them is either all there is or only looked at, or two servers would go apart. */
import type { Draw } from '../universe.ts';
import { one, type Production } from './production.ts';

const keys = (d: Draw): string[] => d.many(1, 3, () => d.setKey());

const sharedCount = (d: Draw): string[] => {
  const named = keys(d);
  const counted = d.chance(0.95) ? String(named.length) : d.of(['0', '-1', 'x', '9']);
  return ['SINTERCARD', counted, ...named, ...d.some(0.4, 'LIMIT', d.of(['0', '1', '2', '-1', 'x']))];
};

export const setProductions: Production[] = [
  one(9, (d) => ['SADD', d.setKey(), ...d.many(1, d.chance(0.1) ? 30 : 3, () => d.member())]),
  one(4, (d) => ['SADD', d.setKey(), ...d.many(1, 4, () => d.integer())]),
  one(5, (d) => ['SREM', d.setKey(), ...d.many(1, 3, () => d.member())]),
  one(3, (d) => ['SCARD', d.setKey()]),
  one(4, (d) => ['SISMEMBER', d.setKey(), d.member()]),
  one(3, (d) => ['SMISMEMBER', d.setKey(), ...d.many(1, 4, () => d.member())]),
  one(4, (d) => ['SMEMBERS', d.setKey()]),
  one(3, (d) => ['SMOVE', d.setKey(), d.setKey(), d.member()]),
  one(0.5, (d) => ['SPOP', d.setKey(), d.of(['100000', '0', '-1', 'x'])]),
  {
    weight: 2,
    draw: (d) => {
      const key = d.setKey();
      const count = d.of(['0', '1', '2', '5', '100', '-1', '-5', '-20', 'x', '-9223372036854775808']);
      return [
        ['SMEMBERS', key],
        ['SRANDMEMBER', key, ...d.some(0.8, count)],
      ];
    },
  },
  one(3, (d) => ['SUNION', ...keys(d)]),
  one(3, (d) => ['SINTER', ...keys(d)]),
  one(3, (d) => ['SDIFF', ...keys(d)]),
  one(2, (d) => ['SUNIONSTORE', d.setKey(), ...keys(d)]),
  one(2, (d) => ['SINTERSTORE', d.setKey(), ...keys(d)]),
  one(2, (d) => ['SDIFFSTORE', d.setKey(), ...keys(d)]),
  one(2, sharedCount),
  one(2, (d) => [
    'SSCAN',
    d.setKey(),
    d.chance(0.95) ? '0' : d.of(['x', '-1']),
    'COUNT',
    d.chance(0.95) ? '100000' : d.of(['0', 'x']),
    ...d.some(0.4, 'MATCH', d.pattern()),
  ]),
];
