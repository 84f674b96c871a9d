/** Expiry through whole servers: every variant under one simulated clock is given the same commands and must end up with the same keys. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../test/seed.ts';
import { Prng } from '../../base/prng.ts';
import {
  type Argument,
  CommandHarness,
  HARNESS_EPOCH_MS,
  type HarnessOptions,
} from '../commands/commandHarness.ts';
import { createDeadlines, DEADLINES_NAMES, type DeadlinesName, QUEUE_NAMES } from './deadlineVariants.ts';

const SEED = testSeed();

const harnessOptions = (deadlines: DeadlinesName, arena: boolean): HarnessOptions => ({
  arena,
  variants: { createDeadlines: (keyspace) => createDeadlines(deadlines, keyspace) },
});
const variants = DEADLINES_NAMES.flatMap((name): [string, HarnessOptions][] => [
  [`${name} over arena`, harnessOptions(name, true)],
  [`${name} over map`, harnessOptions(name, false)],
]);

/** Every command by which an expiry comes, changes or goes. */
function drawCommand(prng: Prng, payload: Buffer): Argument[] {
  const key = (): string => `key:${prng.below(40)}`;
  const ms = 1 + prng.below(prng.below(3) === 0 ? 100_000 : 400);
  const at = HARNESS_EPOCH_MS + prng.below(60_000);
  const commands: (() => Argument[])[] = [
    () => ['SET', key(), 'v', 'PX', ms],
    () => ['SET', key(), 'v', 'PXAT', at],
    () => ['SET', key(), 'v', 'KEEPTTL'],
    () => ['SET', key(), 'v'],
    () => ['PSETEX', key(), ms, 'v'],
    () => ['SETEX', key(), 1 + prng.below(3), 'v'],
    () => ['PEXPIRE', key(), ms],
    () => ['PEXPIREAT', key(), at],
    () => ['EXPIRE', key(), prng.below(4), 'GT'],
    () => ['PERSIST', key()],
    () => ['GETEX', key(), 'PX', ms],
    () => ['GETEX', key(), 'PERSIST'],
    () => ['HSET', key(), `f${prng.below(5)}`, 'v'],
    () => ['HPEXPIRE', key(), ms, 'FIELDS', 1, `f${prng.below(5)}`],
    () => ['RENAME', key(), key()],
    () => ['COPY', key(), key(), 'DB', prng.below(3), 'REPLACE'],
    () => ['MOVE', key(), prng.below(3)],
    () => ['RESTORE', key(), ms, payload, 'REPLACE'],
    () => ['DEL', key()],
    () => ['UNLINK', key(), key()],
    () => ['APPEND', key(), 'and more'],
    () => ['SWAPDB', prng.below(3), prng.below(3)],
    () => ['SELECT', prng.below(3)],
    () => (prng.below(20) === 0 ? ['FLUSHDB'] : ['GET', key()]),
    () => (prng.below(40) === 0 ? ['FLUSHALL'] : ['PTTL', key()]),
  ];
  return commands[prng.below(commands.length)]!();
}

const expiredKeys = (harness: CommandHarness): string =>
  /expired_keys:\d+/.exec(String(harness.run('INFO', 'stats')))![0];
const sizes = (harness: CommandHarness): unknown[] =>
  [0, 1, 2].flatMap((index) => [harness.run('SELECT', index), harness.run('DBSIZE')]);

describe('active expiry', () => {
  it('leaves the same keys and counts in every variant', () => {
    const prng = new Prng(SEED);
    const harnesses = variants.map(([, options]) => new CommandHarness(options));
    harnesses[0]!.run('SET', 'p', 'restored');
    const payload = Buffer.from(String(harnesses[0]!.run('DUMP', 'p')), 'latin1');
    harnesses[0]!.run('DEL', 'p');
    for (let round = 0; round < 60; round++) {
      for (let i = 0; i < 60; i++) {
        const command = drawCommand(prng, payload);
        const replies = harnesses.map((harness) => harness.raw(...command).toString('latin1'));
        expect(new Set(replies).size, `SEED=${SEED} round ${round}: ${command.join(' ')}`).toBe(1);
      }
      const waitMs = [1, 50, 700, 3000, 40_000][prng.below(5)]!;
      const states = harnesses.map((harness) => {
        harness.advance(waitMs);
        return JSON.stringify([sizes(harness), expiredKeys(harness)]);
      });
      expect(states, `SEED=${SEED} round ${round}`).toEqual(states.map(() => states[0]));
    }
    for (const harness of harnesses) expect(expiredKeys(harness)).not.toBe('expired_keys:0');
  });

  it.each(variants)('follows an entry with an expiry wherever it goes: %s', (_name, options) => {
    const harness = new CommandHarness(options);
    for (const kind of ['string', 'hash']) {
      for (const way of [
        ['RENAME', 'k', 'other'],
        ['COPY', 'k', 'other'],
        ['COPY', 'k', 'k', 'DB', '1'],
        ['MOVE', 'k', '1'],
        ['SWAPDB', '0', '1'],
      ]) {
        if (kind === 'string') harness.run('SET', 'k', 'v', 'PX', 50);
        else harness.run('HSET', 'k', 'f', 'v');
        harness.run('PEXPIRE', 'k', 500);
        harness.run(...way);
        harness.advance(500);
        expect(
          sizes(harness).filter((size) => size !== 'OK'),
          `${kind}: ${way.join(' ')}`,
        ).toEqual([0, 0, 0]);
        harness.run('SELECT', 0);
      }
    }
  });

  it.each(variants)('ends a slice when its time is up, and says that more is due: %s', (_name, options) => {
    const harness = new CommandHarness(options);
    for (let i = 0; i < 2000; i++) harness.run('SET', `key:${i}`, 'v', 'PX', 50);
    harness.clock.advanceMs(50);
    const { clock } = harness;
    // Looking at the clock takes 100 us: a slice of 150 us has room for two steps.
    const monotonicUs = clock.monotonicUs.bind(clock);
    let looks = 0;
    clock.monotonicUs = () => monotonicUs() + ++looks * 100;
    harness.shard.workSlice();
    const left = harness.run('DBSIZE') as number;
    expect(left).toBeGreaterThan(1800);
    expect(left).toBeLessThan(2000);
    expect(harness.shard.workDelayMs()).toBeLessThanOrEqual(0);
    harness.advance(100);
    expect(harness.run('DBSIZE')).toBe(0);
  });

  it.each(QUEUE_NAMES)('wakes for the next expiry, and not much more, where a %s is kept', (name) => {
    const harness = new CommandHarness(harnessOptions(name, true));
    expect(harness.shard.workDelayMs()).toBe(Number.POSITIVE_INFINITY);
    harness.run('SET', 'a', 'v', 'PX', 7_500_000);
    harness.run('SET', 'b', 'v', 'PX', 70);
    harness.run('HSET', 'h', 'f', 'v');
    harness.run('HPEXPIRE', 'h', 20, 'FIELDS', 1, 'f');
    const goneAfterMs: number[] = [];
    let wakes = 0;
    for (let keys = 3; keys > 0; wakes++) {
      harness.clock.advanceMs(Math.max(1, harness.shard.workDelayMs()));
      harness.shard.workSlice();
      const left = harness.run('DBSIZE') as number;
      if (left < keys) goneAfterMs.push(harness.clock.nowMs() - HARNESS_EPOCH_MS);
      keys = left;
    }
    expect(goneAfterMs).toEqual([21, 70, 7_500_000]);
    expect(wakes).toBeLessThan(12);
  });
});
