/**
 * An episode: a seeded sequence of random commands on an emptied server. Commands come from the grammars by weight; one in
 * twenty-five is then damaged (an argument lost, doubled, swapped or replaced), so that every parser meets what it must refuse.
 *
 * Time is the one thing that two servers cannot share. So nothing that the grammar draws expires during a run, except in the
 * closing commands of a chunk, which expire within milliseconds and are followed by a wait and by a look at every key.
 */

import { bitmapProductions } from './grammar/bitmaps.ts';
import { genericProductions } from './grammar/generic.ts';
import { geoProductions } from './grammar/geo.ts';
import { hashProductions } from './grammar/hashes.ts';
import { listProductions } from './grammar/lists.ts';
import type { Production, RandomCommand } from './grammar/production.ts';
import { scriptProductions } from './grammar/scripts.ts';
import { serverAndConnectionProductions } from './grammar/serverAndConnection.ts';
import { setProductions } from './grammar/sets.ts';
import { sortedSetProductions } from './grammar/sortedSets.ts';
import { streamProductions } from './grammar/streams.ts';
import { stringProductions } from './grammar/strings.ts';
import { transactionProductions } from './grammar/transactions.ts';
import { DATABASES, type Draw, FIELDS, KEYS, WORDS } from './universe.ts';

const PRODUCTIONS = [
  ...stringProductions,
  ...genericProductions,
  ...hashProductions,
  ...listProductions,
  ...setProductions,
  ...sortedSetProductions,
  ...streamProductions,
  ...bitmapProductions,
  ...geoProductions,
  ...scriptProductions,
  ...transactionProductions,
  ...serverAndConnectionProductions,
];
const WEIGHT_TOTAL = PRODUCTIONS.reduce((sum, production) => sum + production.weight, 0);
const DAMAGE_PROBABILITY = 0.04;
const SHORT_EXPIRY_MS = 3;
/** Later than this after the last command of a closing, everything short-lived is gone on both sides. */
export const CLOSING_WAIT_MS = 15;
/** A relative expiry below this could pass during a run. */
const NEAR_FUTURE_MS = 600_000;

export interface Chunk {
  commands: RandomCommand[];
  /** Short-lived: to be followed by a wait of CLOSING_WAIT_MS and then by `purge`. */
  closing: RandomCommand[];
  purge: RandomCommand[];
}

function drawProduction(draw: Draw): Production {
  let at = (draw.below(1_000_000) / 1_000_000) * WEIGHT_TOTAL;
  for (const production of PRODUCTIONS) {
    at -= production.weight;
    if (at < 0) return production;
  }
  return PRODUCTIONS[0]!;
}

export function drawChunk(draw: Draw, length: number, expiring: boolean): Chunk {
  const commands: RandomCommand[] = [];
  while (commands.length < length) {
    const drawn = drawProduction(draw).draw(draw);
    const last = drawn[drawn.length - 1]!;
    const damaged = draw.chance(DAMAGE_PROBABILITY) ? damage(draw, last) : last;
    // Commands that go before prepare for this key.
    const prepared = drawn.length > 1 && damaged[1] !== last[1];
    drawn[drawn.length - 1] = prepared || dependsOnChance(damaged) ? last : damaged;
    if (dependsOnChance(drawn.at(-1)!)) continue;
    commands.push(...drawn);
  }
  return {
    commands,
    closing: expiring ? drawClosing(draw) : [],
    purge: expiring ? purgeCommands() : [],
  };
}

function damage(draw: Draw, command: RandomCommand): RandomCommand {
  const damaged = [...command];
  const at = 1 + draw.below(Math.max(1, damaged.length - 1));
  switch (draw.below(6)) {
    case 0:
      damaged.splice(at, 1);
      break;
    case 1:
      damaged.push(draw.of(WORDS));
      break;
    case 2:
      damaged.splice(at, 0, draw.of(WORDS));
      break;
    case 3:
      damaged[Math.min(at, damaged.length - 1)] = draw.chance(0.5) ? draw.of(WORDS) : draw.integer();
      break;
    case 4:
      damaged.splice(at, 0, damaged[Math.min(at, damaged.length - 1)]!);
      break;
    default:
      damaged[0] = draw.chance(0.5) ? damaged[0]!.toLowerCase() : damaged[0]! + draw.of(['', 'x', ' ']);
  }
  return damaged;
}

const RELATIVE_AT_2 = new Map([
  ['expire', 1000],
  ['pexpire', 1],
  ['setex', 1000],
  ['psetex', 1],
  ['hexpire', 1000],
  ['hpexpire', 1],
  ['restore', 1],
]);
/** Harmless alone, but not in the random stream: they silence, end, pause or switch what the comparison stands on. */
const NOT_DRAWN =
  /^(quit|shutdown|monitor|client (reply|pause|kill|tracking|caching)|config (rewrite|resetstat)|debug (reload|loadaof|segfault|panic|restart|set-active-expire)|sync|psync|replicaof|slaveof)$/;

/** A damaged command whose outcome would hang on time or chance. */
function dependsOnChance(command: RandomCommand): boolean {
  const name = command[0]!.toLowerCase();
  const container = `${name} ${(command[1] ?? '').toLowerCase()}`;
  if (container.startsWith('client kill'))
    return !/^(1\.2|ID|x|NOSUCH)/.test(command[2] ?? '') || command.length < 4;
  // About all commands there are: ours are fewer, for now.
  if (name === 'command' && (command.length < 3 || !/^(get|info)/i.test(command[1]!))) return true;
  if (container === 'acl cat' && command.length > 2) return true;
  // A range of members means nothing where scores differ.
  if (
    name === 'zadd' &&
    /^lex/.test(command[1] ?? '') &&
    command.some((w, i) => i >= 2 && i % 2 === 0 && w !== '0')
  )
    return true;
  // SYNC is a command over there.
  if (name === 'command' && command.includes('SYNC')) return true;
  // Redis sets out to write them all.
  if (name === 'hrandfield' && Number(command[2]) < -1000 && Number(command[2]) > -9e18) return true;
  // One moves the reference to another port, the other hangs up on an idle connection.
  if (
    /^config set$/.test(container) &&
    command.some((w, i) => /^(port|timeout)$/i.test(w) && /^\d/.test(command[i + 1] ?? ''))
  )
    return true;
  // Two servers on one machine.
  if (/^config get$/.test(container) && command.some((w) => /^port$/i.test(w))) return true;
  // Redis adds the present to it without looking for an overflow.
  if (name === 'restore' && Number(command[2]) > 1e15) return true;
  // Redis swallows WRONGPASS when earlier replies of the pipeline are still to be written.
  if (name === 'auth' && command.length === 3 && command[1] !== 'default') return true;
  // Without replicas it would wait for ever.
  if (name === 'wait' && command.length === 3 && Number(command[1]) > 0) return true;
  if (NOT_DRAWN.test(name) || NOT_DRAWN.test(container)) return true;
  if (/^[hsz]?scan$/.test(name) && !hasWholeCount(command)) return true;
  // Taken at random, and not all: two servers would go apart.
  if (name === 'spop' && !/^(100000|0|-1|x)$/.test(command[2] ?? '')) return true;
  // As of HRANDFIELD above.
  if (/^[sz]randmember$/.test(name) && Number(command[2]) < -1000 && Number(command[2]) > -9e18) return true;
  // An id made from the clock.
  if (name === 'xadd' && command.some((word, i) => word === '*' && i < command.length - 2)) return true;
  if (/^xread/.test(name) && command.some((word) => /^block$/i.test(word))) return true;
  // A word of FLUSHALL that is a command over there, which a script may try to call.
  if (/^eval/.test(name) && command.some((word) => /^sync$/i.test(word))) return true;
  // Outside a transaction these would wait.
  if (/^(bl|br|bz)/.test(name)) return true;
  if (name === 'restore' && command.some((word) => /^absttl$/i.test(word))) return false;
  if (name === 'debug' && container !== 'debug digest' && container !== 'debug digest-value') return true;
  const near = (text: string | undefined, unitMs: number): boolean => {
    const amountMs = Number(text) * unitMs;
    return amountMs > 0 && amountMs < NEAR_FUTURE_MS;
  };
  const unitMs = RELATIVE_AT_2.get(name);
  if (unitMs !== undefined && near(command[2], unitMs)) return true;
  return command.some(
    (word, i) =>
      (/^ex$/i.test(word) && near(command[i + 1], 1000)) || (/^px$/i.test(word) && near(command[i + 1], 1)),
  );
}

/** Only whole scans give the same answer on both sides: the cursors of a partial one are each server's own. */
function hasWholeCount(command: RandomCommand): boolean {
  const cursor = command[command[0]!.toLowerCase() === 'scan' ? 1 : 2];
  const at = command.findLastIndex((word) => /^count$/i.test(word));
  return (cursor === '0' || !/^\d+$/.test(cursor ?? '')) && at >= 0 && !(Number(command[at + 1]) < 100_000);
}

/** Distinct keys, each made to expire in a moment, none touched again before it has. */
function drawClosing(draw: Draw): RandomCommand[] {
  const keys = KEYS.filter(() => draw.chance(0.3));
  return keys.map((key) => {
    const soonMs = String(1 + draw.below(SHORT_EXPIRY_MS));
    switch (draw.below(5)) {
      case 0:
        return ['SET', key, draw.value(), 'PX', soonMs];
      case 1:
        return ['PSETEX', key, soonMs, draw.value()];
      case 2:
        return ['GETEX', key, 'PX', soonMs];
      case 3: {
        const names = draw.many(1, 5, () => draw.field());
        return ['HPEXPIRE', key, soonMs, 'FIELDS', String(names.length), ...names];
      }
      default:
        return ['PEXPIRE', key, soonMs];
    }
  });
}

/** Looks at every key and field of every database, which removes whatever has expired. */
function purgeCommands(): RandomCommand[] {
  const fields = [...FIELDS, ...Array.from({ length: 30 }, (_, i) => `n${i}`)];
  const commands: RandomCommand[] = [];
  for (let database = 0; database < DATABASES; database++) {
    commands.push(['SELECT', String(database)]);
    // Not EXISTS: a hash all of whose fields have expired is there until somebody looks at them.
    for (const key of KEYS) commands.push(['HMGET', key, ...fields]);
    commands.push(['EXISTS', ...KEYS]);
  }
  return commands;
}

/** What an episode ends with: all that is there, in all databases, as one digest. */
export const finalCommands = (): RandomCommand[] => [['RESET'], ...purgeCommands(), ['DEBUG', 'DIGEST']];

/** What an episode begins with: empty, RESP2 or 3, limits as shipped. */
export const openingCommands = (protocol: 2 | 3): RandomCommand[] => [
  ['RESET'],
  ['CLIENT', 'NO-EVICT', 'off'],
  ['CONFIG', 'SET', 'hash-max-listpack-entries', '512', 'hash-max-listpack-value', '64'],
  ['CONFIG', 'SET', 'zset-max-listpack-entries', '128', 'zset-max-listpack-value', '64'],
  ['CONFIG', 'SET', 'set-max-intset-entries', '512', 'list-max-listpack-size', '-2'],
  ['FLUSHALL'],
  ['HELLO', String(protocol)],
];

const PAYLOAD_SOURCES: RandomCommand[][] = [
  [['SET', 'p', 'hello']],
  [['SET', 'p', '12345']],
  [['SET', 'p', '-1']],
  [['SET', 'p', '9223372036854775807']],
  [['SET', 'p', 'compressible '.repeat(20)]],
  [['HSET', 'p', 'f0', 'v', 'f1', '1', 'f2', '-70000']],
  [['HSET', 'p', 'f0', 'x'.repeat(100), '', '']],
  [['HSET', 'p', ...Array.from({ length: 40 }, (_, i) => [`n${i}`, `${i * i}`]).flat()]],
  [
    ['CONFIG', 'SET', 'hash-max-listpack-entries', '2'],
    ['HSET', 'p', ...Array.from({ length: 10 }, (_, i) => [`n${i}`, 'v'.repeat(i * 9)]).flat()],
  ],
  [
    ['HSET', 'p', 'f0', 'v', 'f1', 'w'],
    ['HPEXPIREAT', 'p', '4000000000000', 'FIELDS', '1', 'f1'],
  ],
  [
    ['CONFIG', 'SET', 'hash-max-listpack-entries', '2'],
    ['HSET', 'p', ...Array.from({ length: 10 }, (_, i) => [`n${i}`, String(i)]).flat()],
    ['HPEXPIREAT', 'p', '4000000000000', 'FIELDS', '2', 'n3', 'n4'],
  ],
  [['RPUSH', 'p', 'a', '1', '-70000', 'x'.repeat(100), '']],
  [['RPUSH', 'p', ...Array.from({ length: 60 }, (_, i) => `${i}`.repeat(300))]],
  [['RPUSH', 'p', 'small', 'y'.repeat(20_000), '7']],
  [['SADD', 'p', '1', '2', '70000', '-5000000000']],
  [
    ['XADD', 'p', '1-1', 'f', 'v', 'g', '7'],
    ['XADD', 'p', '2-1', 'f', 'w', 'g', '8'],
    ['XADD', 'p', '2-2', 'other', 'x'],
    ['XDEL', 'p', '2-1'],
    ['XGROUP', 'CREATE', 'p', 'g0', '0'],
    ['XREADGROUP', 'GROUP', 'g0', 'c0', 'STREAMS', 'p', '>'],
    ['XGROUP', 'CREATECONSUMER', 'p', 'g0', 'c1'],
  ],
  [['SADD', 'p', 'a', '1', 'x'.repeat(50)]],
  [['SADD', 'p', ...Array.from({ length: 300 }, (_, i) => `m${i}`)]],
  [['ZADD', 'p', '1', 'a', '-2.5', 'b', 'inf', 'c', '100000000000000000', 'd']],
  [['ZADD', 'p', ...Array.from({ length: 300 }, (_, i) => [`${i / 7}`, `m${i}`]).flat()]],
];

/** For each kind of value the commands that build it at key `p`; DUMP p then gives a payload. */
export const payloadSources = (): RandomCommand[][] => PAYLOAD_SOURCES;
