/** Random commands called by scripts, of those whose replies are compared byte for byte. Each has one key, which is declared. */
import type { Draw } from '../universe.ts';
import { one, type Production, type RandomCommand } from './production.ts';

const called = (d: Draw): RandomCommand =>
  d.of([
    ['SET', d.key(), d.value()],
    ['SET', d.stringKey(), d.value(), 'GET'],
    ['GET', d.key()],
    ['INCR', d.key()],
    ['INCRBYFLOAT', d.stringKey(), d.score()],
    ['APPEND', d.stringKey(), d.value()],
    ['SETRANGE', d.stringKey(), '3', d.value()],
    ['DEL', d.key()],
    ['TYPE', d.key()],
    ['PERSIST', d.key()],
    ['HSET', d.hashKey(), d.field(), d.value()],
    ['HGET', d.hashKey(), d.field()],
    ['HDEL', d.hashKey(), d.field()],
    ['HINCRBY', d.hashKey(), d.field(), '7'],
    ['ZADD', d.sortedSetKey(), d.score(), d.member()],
    ['ZSCORE', d.sortedSetKey(), d.member()],
    ['ZRANGE', d.sortedSetKey(), '0', '-1', 'WITHSCORES'],
    ['SADD', d.setKey(), d.member()],
    ['SREM', d.setKey(), d.member()],
    ['SISMEMBER', d.setKey(), d.member()],
    ['RPUSH', d.listKey(), d.value(), d.value()],
    ['LPOP', d.listKey()],
    ['LRANGE', d.listKey(), '0', '-1'],
    ['BLPOP', d.listKey(), '0.01'],
    ['BZPOPMIN', d.sortedSetKey(), '0.01'],
    ['GET'],
    ['NOSUCH', d.key()],
    ['MULTI', d.key()],
  ]);

const BODIES = [
  'return redis.call(unpack(ARGV))',
  'return redis.pcall(unpack(ARGV))',
  'local r = redis.pcall(unpack(ARGV)) return {type(r), r}',
  'redis.setresp(3) return redis.call(unpack(ARGV))',
  "redis.call('set', KEYS[1], 'x') return redis.call(unpack(ARGV))",
  'local ok, r = pcall(redis.call, unpack(ARGV)) return {tostring(ok), r}',
  'return {redis.call(unpack(ARGV)), redis.call(unpack(ARGV))}',
  'return cjson.encode({redis.pcall(unpack(ARGV))})',
  'return cmsgpack.pack(redis.pcall(unpack(ARGV)))',
];

export const scriptProductions: Production[] = [
  one(4, (d) => {
    const command = called(d);
    const name = d.chance(0.9) ? 'EVAL' : 'EVAL_RO';
    return [name, d.of(BODIES), '1', command[1] ?? d.key(), ...command];
  }),
];
