/** Every way to store keys tells of the steps by which it grows, and reads no clock where it does not. */
import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../base/bytes.ts';
import { type Interference, NoProbe } from '../../ports/probe.ts';
import { SeededRng } from '../../ports/sim/seededRng.ts';
import { SimulatedClock } from '../../ports/sim/simulatedClock.ts';
import { CommandHarness, HARNESS_EPOCH_MS } from '../commands/commandHarness.ts';
import { GrowthTimer } from './growthTimer.ts';
import { ByteWiseHash, type KeyHash } from './hashing.ts';
import type { ArenaKeyspace } from './index/arenaKeyspace.ts';
import { type Keyspace, NO_EXPIRY } from './keyspace.ts';
import { createStorage, STORAGE_NAMES, type StorageName } from './storageVariants.ts';

const KEYS = 20_000;
/** Whatever is timed takes as long as this. */
const STEP_US = 20;

class SteppingClock extends SimulatedClock {
  stepUs = STEP_US;
  reads = 0;

  override monotonicUs(): number {
    return this.reads++ * this.stepUs;
  }
}

interface Step {
  readonly kind: Interference;
  readonly startUs: number;
  readonly endUs: number;
  readonly moved: number;
}

class StepProbe extends NoProbe {
  readonly steps: Step[] = [];

  override worked(kind?: Interference, startUs?: number, endUs?: number, moved?: number): void {
    this.steps.push({ kind: kind!, startUs: startUs!, endUs: endUs!, moved: moved! });
  }
}

/** All keys in one partition of a Map keyspace, so that thousands of them suffice. */
class OnePartition implements KeyHash {
  hash(): number {
    return 0;
  }
}

function watched(name: StorageName) {
  const clock = new SteppingClock(0);
  const probe = new StepProbe();
  const hash = name.startsWith('map') ? new OnePartition() : new ByteWiseHash(new SeededRng(1));
  const storage = createStorage(name, hash, new GrowthTimer(clock, probe));
  return { clock, probe, storage, keyspace: storage.createDatabase() };
}

function fill(keyspace: Keyspace, count: number, value = 'value'): void {
  for (let i = 0; i < count; i++) {
    const key = fromLatin1(`key:${i}`);
    keyspace.putString(key, 0, key.length, fromLatin1(value), 0, value.length, NO_EXPIRY, false);
  }
}

const movedIn = (steps: readonly Step[]): number[] => steps.map(({ moved }) => moved).sort((a, b) => a - b);

describe.each(STORAGE_NAMES)('growth of %s', (name) => {
  it('is told step by step, none within another', () => {
    const { clock, probe, keyspace } = watched(name);
    fill(keyspace, KEYS);
    expect(probe.steps.length).toBeGreaterThan(0);
    expect(clock.reads).toBe(2 * probe.steps.length);
    for (const { kind, startUs, endUs } of probe.steps) {
      expect(kind).toBe('growth');
      expect(endUs - startUs).toBe(STEP_US);
    }
  });

  it('is not told, and costs no clock read, where entries are found, overwritten and removed', () => {
    const { clock, probe, keyspace } = watched(name);
    fill(keyspace, KEYS);
    const before = clock.reads;
    const told = probe.steps.length;
    fill(keyspace, KEYS, 'other');
    for (let i = 0; i < KEYS; i++) {
      const key = fromLatin1(`key:${i}`);
      keyspace.remove(keyspace.find(key, 0, key.length));
    }
    expect(keyspace.count).toBe(0);
    expect(clock.reads).toBe(before);
    expect(probe.steps.length).toBe(told);
  });

  it('is not told where its steps are short', () => {
    const { clock, probe, keyspace } = watched(name);
    clock.stepUs = STEP_US - 1;
    fill(keyspace, KEYS);
    expect(clock.reads).toBeGreaterThan(0);
    expect(probe.steps).toEqual([]);
  });

  it('is told of collections as well', () => {
    const { probe, storage } = watched(name);
    fill(storage.create(), KEYS);
    expect(probe.steps.length).toBeGreaterThan(0);
  });
});

describe('a step of growth says how many entries it moved:', () => {
  const doublings = [256, 512, 1024, 2048, 4096, 8192, 16_384];
  /** The first chunk of 64 rows, its doublings, and the other chunks. */
  const chunks = [0, 64, 128, 256, 512, 1024, 2048, 0, 0, 0, 0];

  it.each<[StorageName, number[]]>([
    ['map', doublings],
    ['map, entry rows', [...doublings, ...chunks]],
    ['map, inline strings', [...doublings, ...chunks]],
    ['map, both', [...doublings, ...chunks, ...chunks]],
  ])('%s', (name, moved) => {
    const { probe, keyspace } = watched(name);
    fill(keyspace, KEYS);
    expect(movedIn(probe.steps)).toEqual(moved.sort((a, b) => a - b));
  });

  it.each<StorageName>(['arena', 'arena, cache-line index'])('%s', (name) => {
    const { probe, keyspace } = watched(name);
    fill(keyspace, KEYS);
    const moved = movedIn(probe.steps);
    // The first arena, and the first piece of the index.
    expect(moved.filter((entries) => entries === 0)).toHaveLength(2);
    expect(moved.at(-1)).toBe((keyspace as ArenaKeyspace).movedMax);
  });
});

it('a shard tells its probe of growth by commands', () => {
  const probe = new StepProbe();
  const harness = new CommandHarness({
    clock: new SteppingClock(HARNESS_EPOCH_MS),
    cacheLineIndex: false,
    createProbe: () => probe,
  });
  for (let i = 0; i < 1000; i++) harness.run('SET', `key:${i}`, 'value');
  const growth = probe.steps.filter(({ kind }) => kind === 'growth');
  expect(movedIn(growth).at(-1)).toBe(448);
});
