/** Random commands on keys of any type. */
import { type Draw, KEYS } from '../universe.ts';
import { one, type Production } from './production.ts';

const condition = (d: Draw): string[] => d.many(0, 2, () => d.of(['NX', 'XX', 'GT', 'LT', 'gt', 'BOGUS']));
const ttlCondition = (d: Draw): string[] => (d.chance(0.5) ? [] : condition(d));

const restore = (d: Draw): string[] => [
  'RESTORE',
  d.key(),
  d.of(['0', '0', d.relativeMs(), '-1', 'x']),
  payload(d),
  ...d.some(0.6, 'REPLACE'),
  ...d.some(0.1, 'ABSTTL'),
  ...d.some(0.1, 'IDLETIME', d.of(['0', '10', '-1', 'x'])),
  ...d.some(0.1, 'FREQ', d.of(['0', '5', '256', '-1'])),
  ...d.some(0.03, 'BOGUS'),
];

function payload(d: Draw): string {
  const whole = d.of(d.payloads);
  if (d.chance(0.85)) return whole;
  if (d.chance(0.3)) return d.bytes(d.below(30));
  // One byte changed anywhere is caught by the checksum.
  const at = d.below(whole.length);
  const flipped = String.fromCharCode(whole.charCodeAt(at) ^ (1 + d.below(255)));
  return whole.slice(0, at) + flipped + whole.slice(at + 1);
}

/** Where Redis leaves the order to chance (a part of an unsorted set, elements whose weights are the same text), nothing is asked. */
const sort = (d: Draw): string[] => {
  const by = d.some(0.2, 'BY', d.of(['nosort', 'w_*', 'k*->f0']));
  return [
    d.chance(0.8) ? 'SORT' : 'SORT_RO',
    d.key(),
    ...by,
    ...(by[1] === 'nosort' ? [] : d.some(0.2, 'LIMIT', d.integer(), d.integer())),
    ...d.some(0.2, 'GET', '#'),
    ...d.some(0.2, 'DESC'),
    ...(by[1]?.includes('*') ? [] : d.some(0.2, 'ALPHA')),
    ...d.some(0.2, 'STORE', d.key()),
  ];
};

export const genericProductions: Production[] = [
  one(6, (d) => ['DEL', ...d.many(1, 3, () => d.key())]),
  one(3, (d) => ['UNLINK', ...d.many(1, 3, () => d.key())]),
  one(3, (d) => ['EXISTS', ...d.many(1, 4, () => d.key())]),
  one(2, (d) => ['TOUCH', ...d.many(1, 4, () => d.key())]),
  one(3, (d) => ['TYPE', d.key()]),
  one(4, (d) => ['EXPIRE', d.key(), d.relativeSec(), ...ttlCondition(d)]),
  one(3, (d) => ['PEXPIRE', d.key(), d.relativeMs(), ...ttlCondition(d)]),
  one(4, (d) => ['EXPIREAT', d.key(), d.absoluteSec(), ...ttlCondition(d)]),
  one(4, (d) => ['PEXPIREAT', d.key(), d.absoluteMs(), ...ttlCondition(d)]),
  one(3, (d) => ['PERSIST', d.key()]),
  one(3, (d) => ['TTL', d.key()]),
  one(3, (d) => ['PTTL', d.key()]),
  one(3, (d) => ['EXPIRETIME', d.key()]),
  one(3, (d) => ['PEXPIRETIME', d.key()]),
  one(4, (d) => ['RENAME', d.key(), d.key()]),
  one(3, (d) => ['RENAMENX', d.key(), d.key()]),
  one(4, (d) => ['COPY', d.key(), d.key(), ...d.some(0.3, 'DB', d.database()), ...d.some(0.4, 'REPLACE')]),
  one(3, (d) => ['MOVE', d.key(), d.database()]),
  one(3, (d) => ['KEYS', d.pattern()]),
  one(3, (d) => [
    'SCAN',
    d.chance(0.95) ? '0' : d.of(['x', '-1', '18446744073709551616']),
    'COUNT',
    d.chance(0.95) ? '100000' : d.of(['0', '-1', 'x']),
    ...d.some(0.4, 'MATCH', d.pattern()),
    ...d.some(0.4, 'TYPE', d.of(['string', 'hash', 'HASH', 'list', 'nosuch'])),
    ...d.some(0.02, 'NOVALUES'),
  ]),
  {
    weight: 2,
    // RANDOMKEY removes the expired keys that it happens to meet: none may be left to chance, or DEBUG DIGEST tells.
    draw: () => [['SCAN', '0', 'COUNT', '100000'], ['KEYS', '*'], ['RANDOMKEY']],
  },
  {
    weight: 2,
    draw: () => [['EXISTS', ...KEYS], ['DBSIZE']],
  },
  one(2, (d) => ['DUMP', d.key()]),
  one(5, restore),
  {
    weight: 2,
    // SORT over there looks at an errno that it did not set: the last number that was read must have been a plain one.
    draw: (d) => [['ZUNION', '1', 'nosuch', 'WEIGHTS', '1'], sort(d)],
  },
  one(0.15, (d) => ['FLUSHDB', ...d.some(0.5, d.of(['ASYNC', 'SYNC', 'NOW']))]),
  one(0.05, (d) => ['FLUSHALL', ...d.some(0.5, d.of(['ASYNC', 'SYNC', 'NOW']))]),
  one(0.7, (d) => ['SWAPDB', d.database(), d.database()]),
  one(6, (d) => ['OBJECT', 'ENCODING', d.key()]),
  one(1, (d) => ['OBJECT', 'REFCOUNT', d.key()]),
  one(1, (d) => ['OBJECT', 'IDLETIME', d.key()]),
  one(1, (d) => ['OBJECT', 'FREQ', d.key()]),
  one(0.3, () => ['OBJECT', 'HELP']),
  one(0.5, (d) => ['OBJECT', d.of(['NOSUCH', 'ENCODING']), ...d.many(0, 2, () => d.key())]),
  one(0.3, (d) => ['WAIT', d.of(['0', 'x', '-1']), d.of(['0', 'x', '-1'])]),
];
