/** Random commands of the hash family, field expiry included. */
import type { Draw } from '../universe.ts';
import { one, type Production, type RandomCommand } from './production.ts';

const fieldValues = (d: Draw): string[] =>
  d.many(1, d.chance(0.1) ? 20 : 3, () => [d.field(), d.value()]).flat();

/** `FIELDS n f...`, at times with a count that lies. */
function fields(d: Draw): string[] {
  const names = d.many(1, 4, () => d.field());
  const count = d.chance(0.95) ? String(names.length) : d.of(['0', '-1', 'x', String(names.length + 1), '1']);
  return [d.chance(0.97) ? 'FIELDS' : d.of(['FIELD', 'fields']), count, ...names];
}

const condition = (d: Draw): string[] =>
  d.chance(0.5) ? [] : [d.of(['NX', 'XX', 'GT', 'LT', 'nx', 'BOGUS'])];

/** Random picks, after a look at all there is to pick from. */
function randomFields(d: Draw): RandomCommand[] {
  const key = d.hashKey();
  const count = d.of(['1', '2', '3', '5', '100', '0', '-1', '-5', '-20', 'x', '-9223372036854775808']);
  const pick = [
    'HRANDFIELD',
    key,
    ...d.some(0.8, count, ...d.some(0.5, d.of(['WITHVALUES', 'withvalues', 'BOGUS']))),
  ];
  return [['HGETALL', key], pick];
}

export const hashProductions: Production[] = [
  one(10, (d) => ['HSET', d.hashKey(), ...fieldValues(d)]),
  one(2, (d) => ['HMSET', d.hashKey(), ...fieldValues(d)]),
  one(3, (d) => ['HSETNX', d.hashKey(), d.field(), d.value()]),
  one(6, (d) => ['HGET', d.hashKey(), d.field()]),
  one(4, (d) => ['HMGET', d.hashKey(), ...d.many(1, 5, () => d.field())]),
  one(4, (d) => ['HGETALL', d.hashKey()]),
  one(2, (d) => ['HKEYS', d.hashKey()]),
  one(2, (d) => ['HVALS', d.hashKey()]),
  one(3, (d) => ['HLEN', d.hashKey()]),
  one(3, (d) => ['HEXISTS', d.hashKey(), d.field()]),
  one(2, (d) => ['HSTRLEN', d.hashKey(), d.field()]),
  one(6, (d) => ['HDEL', d.hashKey(), ...d.many(1, 4, () => d.field())]),
  one(4, (d) => ['HINCRBY', d.hashKey(), d.field(), d.integer()]),
  one(4, (d) => ['HINCRBYFLOAT', d.hashKey(), d.field(), d.float()]),
  one(3, (d) => [
    'HSCAN',
    d.hashKey(),
    d.chance(0.95) ? '0' : d.of(['x', '-1', '18446744073709551616']),
    'COUNT',
    d.chance(0.95) ? '100000' : d.of(['0', 'x']),
    ...d.some(0.4, 'MATCH', d.pattern()),
    ...d.some(0.3, 'NOVALUES'),
  ]),
  { weight: 4, draw: randomFields },
  one(4, (d) => ['HEXPIRE', d.hashKey(), d.relativeSec(), ...condition(d), ...fields(d)]),
  one(3, (d) => ['HPEXPIRE', d.hashKey(), d.relativeMs(), ...condition(d), ...fields(d)]),
  one(4, (d) => ['HEXPIREAT', d.hashKey(), d.absoluteSec(), ...condition(d), ...fields(d)]),
  one(4, (d) => ['HPEXPIREAT', d.hashKey(), d.absoluteMs(), ...condition(d), ...fields(d)]),
  one(3, (d) => ['HPERSIST', d.hashKey(), ...fields(d)]),
  one(2, (d) => ['HTTL', d.hashKey(), ...fields(d)]),
  one(2, (d) => ['HPTTL', d.hashKey(), ...fields(d)]),
  one(2, (d) => ['HEXPIRETIME', d.hashKey(), ...fields(d)]),
  one(2, (d) => ['HPEXPIRETIME', d.hashKey(), ...fields(d)]),
];
