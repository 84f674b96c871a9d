/** Random commands of the list family. None may wait: a comparison has one connection. */
import type { Draw } from '../universe.ts';
import { one, type Production } from './production.ts';

const side = (d: Draw): string => d.of(['LEFT', 'RIGHT', 'LEFT', 'right', 'BOTH']);
const count = (d: Draw): string => d.of(['0', '1', '2', '3', '100', '-1', 'x', '9223372036854775807']);

const positions = (d: Draw): string[] => [
  'LPOS',
  d.listKey(),
  d.element(),
  ...d.some(0.4, 'RANK', d.of(['1', '2', '-1', '-2', '0', 'x', '-9223372036854775808'])),
  ...d.some(0.4, 'COUNT', count(d)),
  ...d.some(0.3, 'MAXLEN', count(d)),
];

const manyPop = (d: Draw): string[] => {
  const keys = d.many(1, 3, () => d.listKey());
  const counted = d.chance(0.95) ? String(keys.length) : d.of(['0', '-1', 'x', '9']);
  return ['LMPOP', counted, ...keys, side(d), ...d.some(0.5, 'COUNT', count(d))];
};

export const listProductions: Production[] = [
  one(8, (d) => ['RPUSH', d.listKey(), ...d.many(1, d.chance(0.1) ? 30 : 3, () => d.element())]),
  one(6, (d) => ['LPUSH', d.listKey(), ...d.many(1, 3, () => d.element())]),
  one(2, (d) => ['RPUSHX', d.listKey(), ...d.many(1, 2, () => d.element())]),
  one(2, (d) => ['LPUSHX', d.listKey(), ...d.many(1, 2, () => d.element())]),
  one(3, (d) => ['LPOP', d.listKey(), ...d.some(0.4, count(d))]),
  one(3, (d) => ['RPOP', d.listKey(), ...d.some(0.4, count(d))]),
  one(3, (d) => ['LLEN', d.listKey()]),
  one(4, (d) => ['LINDEX', d.listKey(), d.integer()]),
  one(6, (d) => ['LRANGE', d.listKey(), d.integer(), d.integer()]),
  one(3, (d) => ['LRANGE', d.listKey(), '0', '-1']),
  one(4, (d) => ['LSET', d.listKey(), d.integer(), d.element()]),
  one(5, (d) => ['LINSERT', d.listKey(), d.of(['BEFORE', 'AFTER', 'after', 'IN']), d.element(), d.element()]),
  one(2, (d) => ['LTRIM', d.listKey(), d.integer(), d.integer()]),
  one(1, (d) => ['LTRIM', d.listKey(), '0', d.of(['20', '-2', '5'])]),
  one(3, (d) => ['LREM', d.listKey(), d.integer(), d.element()]),
  one(4, positions),
  one(3, (d) => ['LMOVE', d.listKey(), d.listKey(), side(d), side(d)]),
  one(2, (d) => ['RPOPLPUSH', d.listKey(), d.listKey()]),
  one(2, manyPop),
];
