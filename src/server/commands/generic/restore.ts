import { EventClass } from '../../events/eventClasses.ts';
import { LRU_CLOCK_MAX, lfuInitial, lruClock } from '../../keyspace/access.ts';
import { NO_EXPIRY, type Ref } from '../../keyspace/keyspace.ts';
import { hasValidFooter, restoreValue } from '../../keyspace/serialization/dumpPayload.ts';
import type { CommandContext, CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_AN_INTEGER } from '../errors.ts';
import { placeValue } from './keyTransfer.ts';
import { parseRestoreOptions, type RestoreOptions } from './restoreOptions.ts';

export const restore: CommandSpec = {
  name: 'restore',
  arity: -4,
  flags: ['write', 'denyoom'],
  categories: ['keyspace', 'dangerous'],
  keys: oneKey('OW', 'update'),
  docs: {
    summary: 'Creates a key from the serialised form that DUMP returns.',
    since: '2.6.0',
    group: 'generic',
    complexity:
      'O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)).',
    history: [
      ['3.0.0', 'Added the `REPLACE` modifier.'],
      ['5.0.0', 'Added the `ABSTTL` modifier.'],
      ['5.0.0', 'Added the `IDLETIME` and `FREQ` options.'],
    ],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'ttl', type: 'integer' },
      { name: 'serialized-value', type: 'string' },
      { name: 'replace', type: 'pure-token', token: 'REPLACE', since: '3.0.0', flags: ['optional'] },
      { name: 'absttl', type: 'pure-token', token: 'ABSTTL', since: '5.0.0', flags: ['optional'] },
      { name: 'seconds', type: 'integer', token: 'IDLETIME', since: '5.0.0', flags: ['optional'] },
      { name: 'frequency', type: 'integer', token: 'FREQ', since: '5.0.0', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { db, nowMs, reply, server } = context;
    const options = parseRestoreOptions(args, reply);
    if (options === undefined) return;
    if (!options.replaces && db.lookupWrite(args, 1) !== 0) {
      reply.error('BUSYKEY Target key name already exists.');
      return;
    }
    const ttlMs = args.int64(2);
    if (ttlMs === undefined || ttlMs < 0n) {
      reply.error(ttlMs === undefined ? NOT_AN_INTEGER : 'ERR Invalid TTL value, must be >= 0');
      return;
    }
    const start = args.starts[3]!;
    const end = args.ends[3]!;
    if (!hasValidFooter(args.buffer, start, end)) {
      reply.error('ERR DUMP payload version or checksum are wrong');
      return;
    }
    const value = restoreValue(args.buffer, start, end, server);
    if (value === undefined) {
      reply.error('ERR Bad data format');
      return;
    }
    // Instants beyond 2^53 ms (year 287,000) become 2^53 - 1, as in EXPIRE.
    const baseMs = options.absolute ? 0 : nowMs;
    const expireAtMs = ttlMs === 0n ? NO_EXPIRY : Math.min(Number(ttlMs) + baseMs, Number.MAX_SAFE_INTEGER);
    if (ttlMs !== 0n && expireAtMs <= nowMs) {
      value.collection?.release();
      if (db.delete(args, 1)) {
        server.dirty++;
        db.changed(args, 1, EventClass.generic, 'del');
      }
    } else {
      const ref = placeValue(db, args, 1, value, expireAtMs);
      setAccess(context, ref, options);
      server.dirty++;
      db.changed(args, 1, EventClass.generic, 'restore');
    }
    reply.ok();
  },
};

/** IDLETIME counts under an LRU policy, FREQ under an LFU one. */
function setAccess(context: CommandContext, ref: Ref, { idleSec, frequency }: RestoreOptions): void {
  const { db, nowMs, server } = context;
  if (server.lfu) {
    if (frequency !== undefined) db.keyspace.setAccess(ref, (lfuInitial(nowMs) & ~0xff) | frequency);
  } else if (idleSec !== undefined) {
    let word = BigInt(lruClock(nowMs)) - idleSec;
    if (word < 0n) word += BigInt(LRU_CLOCK_MAX);
    db.keyspace.setAccess(ref, Number(BigInt.asUintN(24, word)));
  }
}
