/** Random commands that see strings as bits, and on HyperLogLogs, which are strings too. */
import type { Draw } from '../universe.ts';
import { one, type Production } from './production.ts';

const offset = (d: Draw): string =>
  d.chance(0.85) ? String(d.below(600)) : d.of(['-1', 'x', '4294967296', '99999999999999', '#1', '']);
const field = (d: Draw): string[] => [
  d.chance(0.9) ? `${d.of(['i', 'u'])}${1 + d.below(63)}` : d.of(['i64', 'u64', 'i0', 'x8', 'u', 'i65', '']),
  d.chance(0.7) ? String(d.below(400)) : d.of(['#0', '#3', '-1', 'x', '#x']),
];
const fieldOperation = (d: Draw): string[] =>
  d.of([
    ['GET', ...field(d)],
    ['SET', ...field(d), d.integer()],
    ['INCRBY', ...field(d), d.integer()],
    ['OVERFLOW', d.of(['WRAP', 'SAT', 'FAIL', 'BOGUS'])],
  ]);
const range = (d: Draw): string[] => [
  d.integer(),
  d.integer(),
  ...d.some(0.5, d.of(['BIT', 'BYTE', 'bit', 'NIBBLE'])),
];
const elements = (d: Draw): string[] =>
  d.many(0, d.chance(0.1) ? 60 : 4, () => (d.chance(0.7) ? `e${d.below(3000)}` : d.value()));

export const bitmapProductions: Production[] = [
  one(4, (d) => ['SETBIT', d.stringKey(), offset(d), d.of(['0', '1', '1', '2', 'x'])]),
  one(2, (d) => ['GETBIT', d.stringKey(), offset(d)]),
  one(3, (d) => ['BITCOUNT', d.stringKey(), ...(d.chance(0.6) ? range(d) : [])]),
  one(3, (d) => [
    'BITPOS',
    d.stringKey(),
    d.of(['0', '1', '2', 'x']),
    ...(d.chance(0.5) ? range(d) : d.some(0.5, d.integer())),
  ]),
  one(2, (d) => [
    'BITOP',
    d.of(['AND', 'OR', 'XOR', 'NOT', 'not', 'NAND']),
    d.stringKey(),
    ...d.many(1, 3, () => d.stringKey()),
  ]),
  one(4, (d) => ['BITFIELD', d.stringKey(), ...d.many(0, 4, () => fieldOperation(d)).flat()]),
  one(1, (d) => ['BITFIELD_RO', d.stringKey(), ...d.many(0, 2, () => fieldOperation(d)).flat()]),
  one(4, (d) => ['PFADD', d.hyperLogLogKey(), ...elements(d)]),
  one(2, (d) => ['PFCOUNT', ...d.many(1, 3, () => d.hyperLogLogKey())]),
  one(1, (d) => ['PFMERGE', d.hyperLogLogKey(), ...d.many(0, 2, () => d.hyperLogLogKey())]),
  one(0.5, (d) => ['PFDEBUG', d.of(['ENCODING', 'DECODE', 'ENCODING', 'NOSUCH']), d.hyperLogLogKey()]),
  one(0.05, (d) => ['PFDEBUG', d.of(['TODENSE', 'GETREG']), d.hyperLogLogKey()]),
  one(1, (d) => ['GET', d.hyperLogLogKey()]),
];
