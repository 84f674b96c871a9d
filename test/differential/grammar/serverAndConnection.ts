/** Random commands about the connection and the server whose replies do not depend on chance, time or the machine. */
import { type Draw, WORDS } from '../universe.ts';
import { one, type Production } from './production.ts';

/** Changed so that small hashes cross the borders between encodings. */
const limits = (d: Draw): string[] => [
  'CONFIG',
  'SET',
  d.of(['hash-max-listpack-entries', 'hash-max-listpack-value', 'hash-max-ziplist-entries']),
  d.of(['0', '4', '16', '64', '512', '-1', 'x']),
];

/** As limits, of the other collections. Not of integer sets: the form of a union would follow from the order of a hash table. */
const collectionLimits = (d: Draw): string[] => [
  'CONFIG',
  'SET',
  d.of(['zset-max-listpack-entries', 'zset-max-listpack-value', 'zset-max-ziplist-value']),
  d.of(['0', '4', '16', '64', '512', 'x']),
];
const listSize = (d: Draw): string[] => [
  'CONFIG',
  'SET',
  'list-max-listpack-size',
  d.of(['-2', '-1', '-5', '128', 'x']),
];

const aCommand = (d: Draw): string[] =>
  d.of([
    ['GET', d.key()],
    ['MSET', 'a', '1', 'b', '2'],
    ['SORT', 'a', 'STORE', 'b'],
    ['COPY', 'x', 'y'],
    ['PING'],
    ['NOSUCH', 'x'],
    ['SET', d.key()],
    ['HEXPIRE', 'h', '10', 'FIELDS', '1', 'f'],
    ['OBJECT', 'ENCODING', 'k'],
    ['DEL', 'x', 'y', 'z'],
    ['SET', 'k', 'v', 'GET'],
    ['MSETNX', 'a', '1', 'b'],
  ]);

export const serverAndConnectionProductions: Production[] = [
  one(2, (d) => ['SELECT', d.database()]),
  one(1, (d) => ['PING', ...d.some(0.5, d.value())]),
  one(1, (d) => ['ECHO', d.value()]),
  one(1, (d) => [
    'HELLO',
    ...d.some(0.9, d.of(['2', '3', '3', '4', 'x']), ...d.some(0.2, 'SETNAME', d.of(['n', 'bad name']))),
  ]),
  one(0.3, () => ['RESET']),
  one(0.5, (d) =>
    d.of([
      ['AUTH', 'x'],
      ['AUTH', 'default', 'x'],
      ['AUTH', 'a', 'b', 'c'],
    ]),
  ),
  one(1, (d) => ['CLIENT', 'SETNAME', d.of(['', 'tester', 'with space', 'a\nb', '\xff'])]),
  one(1, () => ['CLIENT', 'GETNAME']),
  one(0.3, () => ['CLIENT', 'ID']),
  one(0.3, () => ['CLIENT', 'INFO']),
  one(0.3, (d) => ['CLIENT', 'LIST', ...d.some(0.5, 'TYPE', d.of(['normal', 'pubsub', 'nosuch']))]),
  one(0.5, (d) => ['CLIENT', 'NO-EVICT', d.of(['on', 'off', 'x'])]),
  one(0.5, (d) => ['CLIENT', 'NO-TOUCH', d.of(['on', 'off', 'x'])]),
  one(0.5, (d) => [
    'CLIENT',
    'SETINFO',
    d.of(['LIB-NAME', 'lib-ver', 'nosuch']),
    d.of(['x', '1.0', 'a b', '']),
  ]),
  one(0.3, () => ['CLIENT', 'TRACKINGINFO']),
  one(0.3, () => ['CLIENT', 'GETREDIR']),
  one(0.3, (d) => ['CLIENT', 'UNPAUSE', ...d.some(0.1, 'x')]),
  one(0.3, (d) => [
    'CLIENT',
    'KILL',
    d.of(['1.2.3.4:5', 'ID', 'x']),
    ...d.some(0.5, d.of(['999999', 'x', '0'])),
  ]),
  one(0.3, (d) => ['CLIENT', d.of(['NOSUCH', 'ID', 'GETNAME']), ...d.some(0.5, 'x')]),
  one(3, limits),
  one(2, collectionLimits),
  one(1, listSize),
  one(1, (d) => [
    'CONFIG',
    'GET',
    ...d.many(1, 2, () =>
      d.of(['hash-max-*', 'maxmemory', 'timeout', 'nosuch', 'lfu-*', 'maxmemory-pol*', 'databases', 'HZ']),
    ),
  ]),
  one(0.5, (d) => [
    'CONFIG',
    'SET',
    d.of(['maxmemory-samples', 'timeout', 'nosuch', 'port', 'databases']),
    d.of(['x', '-1', '']),
  ]),
  one(1, (d) => ['COMMAND', 'GETKEYS', ...aCommand(d)]),
  one(1, (d) => ['COMMAND', 'GETKEYSANDFLAGS', ...aCommand(d)]),
  one(0.3, (d) => ['COMMAND', d.of(['NOSUCH', 'COUNT', 'INFO']), d.of(['nosuch', 'x'])]),
  one(0.5, (d) => [
    'COMMAND',
    'INFO',
    ...d.many(1, 3, () => d.of(['get', 'hset', 'nosuch', 'EXPIRE', 'mset'])),
  ]),
  one(0.3, () => ['TIME']),
  one(0.3, () => ['LASTSAVE']),
  one(0.2, () => ['ROLE']),
  one(0.3, (d) => ['INFO', d.of(['keyspace', 'server', 'nosuch', 'memory'])]),
  one(0.3, (d) => ['ACL', d.of(['WHOAMI', 'USERS', 'NOSUCH', 'CAT'])]),
  {
    weight: 0.3,
    // Over there it measures an expired key and leaves it, which DEBUG DIGEST would tell.
    draw: (d) => {
      const key = d.key();
      return [
        ['EXISTS', key],
        ['MEMORY', 'USAGE', key, ...d.some(0.5, 'SAMPLES', d.integer())],
      ];
    },
  },
  one(0.2, (d) => ['SLOWLOG', d.of(['LEN', 'RESET', 'NOSUCH'])]),
  one(0.2, (d) => ['LATENCY', d.of(['LATEST', 'NOSUCH', 'RESET'])]),
  one(1, (d) => ['DEBUG', 'DIGEST-VALUE', ...d.many(1, 3, () => d.key())]),
  one(0.3, () => ['DEBUG', 'DIGEST']),
  one(0.2, () => ['DEBUG', 'SLEEP', '0']),
  one(1, (d) => [
    d.of(['NOSUCH', 'GETT', 'hsett', '', '\x00\xff', 'x'.repeat(200)]),
    ...d.many(0, 3, () => d.of(WORDS)),
  ]),
];
