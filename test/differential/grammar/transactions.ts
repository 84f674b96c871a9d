/**
 * Random transactions, of commands whose replies are compared byte for byte. Those that would wait do not inside one; should a
 * shortened sequence leave one alone, it waits a moment only.
 */
import type { Draw } from '../universe.ts';
import { listProductions } from './lists.ts';
import type { Production, RandomCommand } from './production.ts';

const plain = (d: Draw): RandomCommand =>
  d.of([
    ['SET', d.stringKey(), d.value()],
    ['GET', d.stringKey()],
    ['INCR', d.stringKey()],
    ['APPEND', d.stringKey(), d.value()],
    ['DEL', d.key()],
    ['TYPE', d.key()],
    ['HSET', d.hashKey(), d.field(), d.value()],
    ['HGET', d.hashKey(), d.field()],
    ['ZADD', d.sortedSetKey(), d.score(), d.member()],
    ['ZSCORE', d.sortedSetKey(), d.member()],
    ['SADD', d.setKey(), d.member()],
    ['BLPOP', d.listKey(), d.listKey(), '0.01'],
    ['BRPOP', d.listKey(), d.of(['0.01', '0.02', '-1', 'x', 'inf'])],
    ['BLMOVE', d.listKey(), d.listKey(), 'LEFT', 'RIGHT', '0.01'],
    ['BLMPOP', '0.01', '1', d.listKey(), 'LEFT'],
    ['BZPOPMIN', d.sortedSetKey(), '0.01'],
    ['BZMPOP', '0.01', '1', d.sortedSetKey(), 'MAX'],
  ]);

/** At times one that is refused when it is queued, and breaks the whole. */
const refused = (d: Draw): RandomCommand => d.of([['GET'], ['NOSUCH', 'x'], ['WATCH', 'k0'], ['MULTI']]);

export const transactionProductions: Production[] = [
  {
    weight: 3,
    draw: (d) => {
      const queued = d.many(0, 4, () =>
        d.chance(0.1) ? refused(d) : d.chance(0.3) ? d.of(listProductions).draw(d)[0]! : plain(d),
      );
      const watching = d.chance(0.4);
      return [
        ...(watching ? [['WATCH', ...d.many(1, 3, () => d.key())]] : []),
        // Between WATCH and MULTI anything may happen to the key, and most often does not.
        ...(watching && d.chance(0.5) ? [['SET', d.key(), d.value()]] : []),
        ...d.some(0.1, 'UNWATCH').map((word) => [word]),
        ['MULTI'],
        ...queued,
        [d.chance(0.9) ? 'EXEC' : 'DISCARD'],
        // Whatever became of it, nothing is left open.
        ['DISCARD'],
        ['UNWATCH'],
      ];
    },
  },
];
