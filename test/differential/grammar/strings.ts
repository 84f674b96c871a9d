/** Random commands of the string family. */
import type { Draw } from '../universe.ts';
import { one, type Production } from './production.ts';

const setOptions = (d: Draw): string[] => [
  ...d.some(0.2, d.of(['NX', 'XX', 'nx', 'xX'])),
  ...d.some(0.2, 'GET'),
  ...d.some(0.3, ...expiry(d)),
  ...d.some(0.1, 'KEEPTTL'),
  ...d.some(0.03, d.of(['XX', 'BOGUS', 'EX', 'PERSIST'])),
];

function expiry(d: Draw): string[] {
  switch (d.below(4)) {
    case 0:
      return ['EX', d.relativeSec()];
    case 1:
      return ['px', d.relativeMs()];
    case 2:
      return ['EXAT', d.absoluteSec()];
    default:
      return ['PXAT', d.absoluteMs()];
  }
}

const getexOptions = (d: Draw): string[] => (d.chance(0.3) ? d.some(0.6, 'PERSIST') : expiry(d));

const pairs = (d: Draw): string[] => d.many(1, 4, () => [d.stringKey(), d.value()]).flat();

export const stringProductions: Production[] = [
  one(12, (d) => ['SET', d.stringKey(), d.value()]),
  one(10, (d) => ['SET', d.stringKey(), d.value(), ...setOptions(d)]),
  one(12, (d) => ['GET', d.stringKey()]),
  one(3, (d) => ['GETDEL', d.stringKey()]),
  one(4, (d) => ['GETEX', d.stringKey(), ...getexOptions(d)]),
  one(3, (d) => ['GETSET', d.stringKey(), d.value()]),
  one(3, (d) => ['SETNX', d.stringKey(), d.value()]),
  one(2, (d) => ['SETEX', d.stringKey(), d.relativeSec(), d.value()]),
  one(2, (d) => ['PSETEX', d.stringKey(), d.relativeMs(), d.value()]),
  one(4, (d) => ['MGET', ...d.many(1, 5, () => d.key())]),
  one(3, (d) => ['MSET', ...pairs(d)]),
  one(2, (d) => ['MSETNX', ...pairs(d)]),
  one(5, (d) => ['APPEND', d.stringKey(), d.value()]),
  one(3, (d) => ['STRLEN', d.stringKey()]),
  one(4, (d) => ['GETRANGE', d.stringKey(), d.integer(), d.integer()]),
  one(1, (d) => ['SUBSTR', d.stringKey(), d.integer(), d.integer()]),
  one(4, (d) => [
    'SETRANGE',
    d.stringKey(),
    d.of(['0', '1', '5', '44', '60', '300', '-1', '536870912', '9223372036854775807', 'x']),
    d.value(),
  ]),
  one(5, (d) => ['INCR', d.stringKey()]),
  one(3, (d) => ['DECR', d.stringKey()]),
  one(4, (d) => ['INCRBY', d.stringKey(), d.integer()]),
  one(3, (d) => ['DECRBY', d.stringKey(), d.integer()]),
  one(5, (d) => ['INCRBYFLOAT', d.stringKey(), d.float()]),
  // Long values make LCS quadratic; what it is asked about here was just written short.
  {
    weight: 2,
    draw: (d) => [
      ['MSET', 'k0', d.bytes(d.below(30)), 'k1', d.of(['ohmytext', 'mynewtext', 'a\x00b', ''])],
      [
        'LCS',
        'k0',
        d.of(['k1', 'k1', 'nokey']),
        ...d.some(0.2, 'LEN'),
        ...d.some(0.5, 'IDX'),
        ...d.some(0.4, 'MINMATCHLEN', d.integer()),
        ...d.some(0.4, 'WITHMATCHLEN'),
        ...d.some(0.05, 'BOGUS'),
      ],
    ],
  },
];
