/** Random commands of the stream family. Ids are given, never made from the clock; nobody waits. */
import type { Draw } from '../universe.ts';
import { one, type Production } from './production.ts';

const id = (d: Draw): string => {
  const kind = d.below(20);
  if (kind < 12) return `${d.below(40)}-${d.below(4)}`;
  if (kind < 16) return String(d.below(40));
  return d.of([
    '0-0',
    '0',
    '18446744073709551615-18446744073709551615',
    '18446744073709551615',
    'x',
    '1-x',
    '-',
    '',
    '1-2-3',
  ]);
};
const newId = (d: Draw): string =>
  d.chance(0.15) ? id(d) : d.chance(0.3) ? `${d.below(60)}-*` : `${d.below(60)}-${d.below(4)}`;
const bound = (d: Draw): string =>
  d.chance(0.3) ? d.of(['-', '+', '(', '(-']) : d.chance(0.2) ? `(${id(d)}` : id(d);
const group = (d: Draw): string => d.of(['g0', 'g1', 'g0', 'nogroup']);
const consumer = (d: Draw): string => d.of(['c0', 'c1', 'c2']);
const pairs = (d: Draw): string[] =>
  d.chance(0.6) ? ['f0', d.value(), 'f1', d.integer()] : d.many(1, 3, () => [d.field(), d.value()]).flat();
const count = (d: Draw): string[] => d.some(0.4, 'COUNT', d.of(['0', '1', '2', '10', '-1', 'x']));

const trim = (d: Draw): string[] => [
  d.of(['MAXLEN', 'MAXLEN', 'MINID']),
  ...d.some(0.5, d.of(['~', '='])),
  d.chance(0.8) ? String(d.below(30)) : id(d),
  ...d.some(0.2, 'LIMIT', d.of(['0', '1', '10', '-1', 'x'])),
];

const streams = (d: Draw, last: () => string): string[] => {
  const keys = d.many(1, 2, () => d.streamKey());
  return ['STREAMS', ...keys, ...keys.slice(d.chance(0.03) ? 1 : 0).map(last)];
};

export const streamProductions: Production[] = [
  one(12, (d) => [
    'XADD',
    d.streamKey(),
    ...d.some(0.1, 'NOMKSTREAM'),
    ...(d.chance(0.2) ? trim(d) : []),
    newId(d),
    ...pairs(d),
  ]),
  one(2, (d) => ['XLEN', d.streamKey()]),
  one(5, (d) => ['XRANGE', d.streamKey(), bound(d), bound(d), ...count(d)]),
  one(4, (d) => ['XREVRANGE', d.streamKey(), bound(d), bound(d), ...count(d)]),
  one(3, (d) => ['XRANGE', d.streamKey(), '-', '+']),
  one(4, (d) => ['XDEL', d.streamKey(), ...d.many(1, 3, () => id(d))]),
  one(2, (d) => ['XTRIM', d.streamKey(), ...trim(d)]),
  one(0.5, (d) => [
    'XSETID',
    d.streamKey(),
    id(d),
    ...d.some(0.3, 'ENTRIESADDED', d.integer()),
    ...d.some(0.3, 'MAXDELETEDID', id(d)),
  ]),
  one(4, (d) => ['XREAD', ...count(d), ...streams(d, () => d.of([id(d), '0', '$', '+']))]),
  one(4, (d) => [
    'XGROUP',
    'CREATE',
    d.streamKey(),
    group(d),
    d.of(['$', '0', id(d)]),
    ...d.some(0.5, 'MKSTREAM'),
    ...d.some(0.2, 'ENTRIESREAD', d.of(['-1', '0', '3', '-5', 'x'])),
  ]),
  one(1, (d) => [
    'XGROUP',
    'SETID',
    d.streamKey(),
    group(d),
    d.of(['$', '0', id(d)]),
    ...d.some(0.2, 'ENTRIESREAD', d.of(['-1', '0', '3', '70000', '-5', 'x'])),
  ]),
  one(0.5, (d) => ['XGROUP', 'DESTROY', d.streamKey(), group(d)]),
  one(1, (d) => ['XGROUP', 'CREATECONSUMER', d.streamKey(), group(d), consumer(d)]),
  one(0.5, (d) => ['XGROUP', 'DELCONSUMER', d.streamKey(), group(d), consumer(d)]),
  one(8, (d) => [
    'XREADGROUP',
    'GROUP',
    group(d),
    consumer(d),
    ...count(d),
    ...d.some(0.1, 'NOACK'),
    ...streams(d, () => d.of(['>', '>', '>', '0', id(d), '$'])),
  ]),
  one(4, (d) => ['XACK', d.streamKey(), group(d), ...d.many(1, 3, () => id(d))]),
  one(2, (d) => ['XPENDING', d.streamKey(), group(d)]),
  one(2, (d) => [
    'XPENDING',
    d.streamKey(),
    group(d),
    ...d.some(0.2, 'IDLE', d.of(['0', '1000000', 'x'])),
    bound(d),
    bound(d),
    d.of(['10', '1', '0', '-1', 'x']),
    ...d.some(0.4, consumer(d)),
  ]),
  one(3, (d) => [
    'XCLAIM',
    d.streamKey(),
    group(d),
    consumer(d),
    d.of(['0', '0', '100000000', '-1', 'x']),
    ...d.many(1, 3, () => id(d)),
    ...d.some(0.3, 'FORCE'),
    ...d.some(0.3, 'JUSTID'),
    ...d.some(0.2, 'RETRYCOUNT', d.of(['0', '5', 'x'])),
    ...d.some(0.1, 'LASTID', id(d)),
  ]),
  one(2, (d) => [
    'XAUTOCLAIM',
    d.streamKey(),
    group(d),
    consumer(d),
    d.of(['0', '0', '100000000', 'x']),
    bound(d),
    ...d.some(0.4, 'COUNT', d.of(['1', '2', '100', '0', 'x'])),
    ...d.some(0.3, 'JUSTID'),
  ]),
  one(2, (d) => [
    'XINFO',
    'STREAM',
    d.streamKey(),
    ...d.some(0.5, 'FULL', ...d.some(0.5, 'COUNT', d.of(['0', '1', '5', 'x']))),
  ]),
  one(1, (d) => ['XINFO', 'GROUPS', d.streamKey()]),
  one(1, (d) => ['XINFO', 'CONSUMERS', d.streamKey(), group(d)]),
];
