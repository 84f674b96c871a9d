/**
 * What a snapshot promises, over every keyspace: the file that BGSAVE leaves holds exactly what was there at its instant, whatever
 * clients do while it is written.
 */
import { describe, expect, it } from 'vitest';
import { drawChunk } from '../../../../test/differential/commandSource.ts';
import { Draw } from '../../../../test/differential/universe.ts';
import { testSeed } from '../../../../test/seed.ts';
import { Prng } from '../../../base/prng.ts';
import { SimulatedClock } from '../../../ports/sim/simulatedClock.ts';
import { CommandHarness, HARNESS_EPOCH_MS, type HarnessOptions } from '../../commands/commandHarness.ts';
import { digestOfValue } from '../../commands/server/debug/digest.ts';
import { asDigestible } from '../../commands/server/debug/digestible.ts';
import { type Keyspace, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import { dumpEntry } from '../../keyspace/serialization/dumpPayload.ts';
import { collectionAt } from '../../keyspace/value/collectionAt.ts';
import type { ServerState } from '../../serverState.ts';
import { librariesOf } from '../libraries.ts';
import { loadRdb } from '../rdb/rdbLoader.ts';

const SEED = testSeed();
const VARIANTS: [string, HarnessOptions][] = [
  ['cache-line index', {}],
  ['segments', { cacheLineIndex: false }],
  ['map', { arena: false }],
];

/** Time passes by being looked at: so a slice ends after a few entries. */
class TickingClock extends SimulatedClock {
  override monotonicUs(): number {
    this.advanceMs(0.05);
    return super.monotonicUs();
  }
}

function described(keyspace: Keyspace, ref: Ref): string {
  const type = keyspace.type(ref);
  if (type === ValueType.stream) return Buffer.from(dumpEntry(keyspace, ref, false)).toString('latin1');
  const parts = type === ValueType.zset ? asDigestible(collectionAt(keyspace, ref)) : undefined;
  if (parts?.kind !== 'scored') return digestOfValue(keyspace, ref);
  // A small sorted set becomes packed when it is loaded, and has no -0 then: so it is in Redis.
  const members: string[] = [];
  parts.visit((member, score) => members.push(`${Buffer.from(member).toString('latin1')} ${score + 0}`));
  return members.sort().join();
}

/** Every entry of every database, expired or not: what it is and when it goes. */
function stateOf(server: ServerState): Map<string, string> {
  const state = new Map<string, string>();
  for (const { index, keyspace } of server.databases) {
    let cursor = 0;
    do {
      cursor = keyspace.scan(cursor, 100, (ref) => {
        const key = Buffer.from(keyspace.keyBytes(ref)).toString('latin1');
        const value = described(keyspace, ref);
        state.set(`${index}:${key}`, `${keyspace.type(ref)} ${keyspace.expireAtMs(ref)} ${value}`);
      });
    } while (cursor !== 0);
  }
  return state;
}

/** What the snapshot file holds, read by another server. A key that is there twice throws. */
function stateInFile(saved: CommandHarness, options: HarnessOptions): Map<string, string> {
  const other = new CommandHarness({ ...options, seed: 99 });
  const file = saved.files.openInput(saved.server.persistence.path);
  loadRdb(
    other.server,
    file,
    librariesOf(() => other.server.functions),
    { merges: false, keepsExpired: true },
  );
  return stateOf(other.server);
}

const settled = async (h: CommandHarness): Promise<void> => {
  for (let i = 0; h.server.persistence.isSaving && i < 100_000; i++) {
    if (h.shard.workDelayMs() <= 0) h.shard.workSlice();
    await Promise.resolve();
  }
  expect(h.server.persistence.isSaving).toBe(false);
};

const WIDE_KEYS = 4000;

function wideCommand(prng: Prng): string[] {
  const key = (): string => `wide:${prng.below(WIDE_KEYS)}`;
  switch (prng.below(16)) {
    case 0:
      return ['DEL', key()];
    case 1:
      return ['RENAME', key(), key()];
    case 2:
      return ['HSET', `h${key()}`, `f${prng.below(300)}`, String(prng.below(1000))];
    case 3:
      return ['RPUSH', `l${key()}`, String(prng.below(1000))];
    case 4:
      return ['SADD', `s${key()}`, `m${prng.below(300)}`];
    case 5:
      return ['ZADD', `z${key()}`, String(prng.below(100)), `m${prng.below(300)}`];
    case 6:
      return ['EXPIRE', key(), String(1 + prng.below(100))];
    case 7:
      return ['APPEND', key(), 'tail'];
    case 8:
      return ['HPEXPIRE', `h${key()}`, String(1 + prng.below(2000)), 'FIELDS', '1', `f${prng.below(300)}`];
    case 9:
      return ['PEXPIRE', key(), String(1 + prng.below(30))];
    case 10:
      return ['HINCRBY', 'h:one', `f${prng.below(300)}`, '1'];
    case 11:
      return ['SETRANGE', key(), String(prng.below(50)), 'xyz'];
    case 12:
      return ['HGETALL', `h${key()}`];
    default:
      return ['SET', key(), `v${prng.below(100_000)}`];
  }
}

describe.each(VARIANTS)('a snapshot in progress, %s', (_name, options) => {
  let slicesMost = 0;

  it.each([1, 2, 3, 4])('is what was there at its instant (round %i)', async (round) => {
    const seed = SEED + round * 1000;
    const prng = new Prng(seed);
    const draw = new Draw(seed, ['no payload']);
    const h = new CommandHarness({
      ...options,
      seed,
      clock: new TickingClock(HARNESS_EPOCH_MS),
      configuration: { save: '' },
    });
    let client = h.client;
    const some = (count: number): void => {
      for (let i = 0; i < count; i++) {
        // One that waits for a key would take nothing more.
        if (i % 50 === 0) client = h.connect();
        if (prng.below(3) === 0)
          for (const command of drawChunk(draw, 1, true).commands) client.run(...command);
        else client.run(...wideCommand(prng));
        if (prng.below(20) === 0) h.clock.advanceMs(prng.below(20));
      }
    };
    h.run('HSET', 'h:one', ...Array.from({ length: 600 }, (_, i) => `f${i}`));
    some(6000);
    for (let saves = 0; saves < 2; saves++) {
      const expected = stateOf(h.server);
      expect(h.connect().run('BGSAVE'), `seed ${seed}`).toBe('Background saving started');
      let turns = 0;
      while (h.server.persistence.background.isSliceDue) {
        some(prng.below(12));
        // FLUSHALL gives a snapshot up: as soon as that is drawn, there is nothing to compare.
        if (!h.server.persistence.isSaving) break;
        h.shard.workSlice();
        turns++;
      }
      const wasGivenUp = !h.server.persistence.isSaving;
      await settled(h);
      if (wasGivenUp) continue;
      slicesMost = Math.max(slicesMost, turns);
      const found = stateInFile(h, options);
      const wrong = [...new Set([...expected.keys(), ...found.keys()])].filter(
        (key) => expected.get(key) !== found.get(key),
      );
      expect(
        wrong.map((key) => [key, expected.get(key), found.get(key)]),
        `seed ${seed}`,
      ).toEqual([]);
      some(500);
    }
  });

  // A single one may be short: little is left behind a FLUSHALL.
  it('was taken in slices', () => expect(slicesMost).toBeGreaterThan(5));
});
