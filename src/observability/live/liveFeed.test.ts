/** Frames of a shard whose doings are known. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../ports/sim/simulatedClock.ts';
import { ShardRecorder } from '../recording/shardRecorder.ts';
import { ShardRecording } from '../recording/shardRecording.ts';
import { LiveFeed } from './liveFeed.ts';

const COMMANDS = ['get', 'set', 'keys'];
const [GET, SET, KEYS] = [0, 1, 2];

let clock: SimulatedClock;
let recorder: ShardRecorder;
let feed: LiveFeed;
let idleUs: number;
let runQueueSec: number;
let endTurn: (() => void) | undefined;

beforeEach(() => {
  clock = new SimulatedClock(0);
  idleUs = 0;
  runQueueSec = 0;
  endTurn = undefined;
  recorder = new ShardRecorder({ commands: COMMANDS.length, databases: 1 }, clock, {
    afterTurn: (callback) => {
      endTurn = callback;
    },
    idleUs: () => idleUs,
    sendBehindTurnUs: 0,
    withoutCoreUs: () => runQueueSec * 1e6,
  });
  feed = new LiveFeed({
    facts: { version: '1.2.3', gitSha: 'abc', nodeVersion: 'v24', flags: [], startedMs: 0 },
    recordings: [
      new ShardRecording({ buffer: recorder.regions.buffer, commands: COMMANDS, databases: 1, epochUs: 0 }),
    ],
    meters: {
      cpuUserSec: () => 0,
      cpuSystemSec: () => 0,
      residentBytes: () => 1e6,
      runQueueWaitSec: () => runQueueSec,
    },
    nowMs: () => clock.nowMs(),
  });
});

const work = (durationUs: number): void => clock.advanceMs(durationUs / 1000);
const sleep = (durationUs: number): void => {
  work(durationUs);
  idleUs += durationUs;
};

/** A turn with one request that takes so long. */
function turn(command: number, durationUs: number): void {
  recorder.batchBegins();
  recorder.called(command);
  recorder.regions.calls[command]!++;
  const startUs = clock.monotonicUs();
  work(durationUs);
  recorder.executed(command, startUs, clock.monotonicUs());
  recorder.batchEnds(7, 0);
  endTurn?.();
}

describe('a live feed', () => {
  it('names, a frame later, what a slow request had to wait for', () => {
    sleep(1000);
    turn(GET, 10);
    feed.step();
    sleep(1000);
    turn(KEYS, 20_000);
    turn(GET, 10);
    const first = feed.step();
    expect(first.slow).toEqual([]);
    expect(first.lanes).toMatchObject([{ kind: 'command', detail: 'keys', durationUs: 20_000 }]);
    sleep(1000);
    const { slow, causes } = feed.step();
    expect(slow.map(({ command }) => command).sort()).toEqual(['get', 'keys']);
    const waited = slow.find(({ command }) => command === 'get')!;
    expect(waited.why).toMatch(/^requests ahead of it \(keys\)/);
    expect(waited.aheadOfUs['keys']).toBeGreaterThan(0);
    expect(causes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('shows time without a core where it was, and its share', () => {
    sleep(1000);
    turn(GET, 10);
    feed.step();
    sleep(90_000);
    turn(GET, 10);
    work(10_000);
    recorder.batchBegins();
    recorder.called(SET);
    work(5000);
    runQueueSec += 0.004;
    recorder.batchEnds(7, 0);
    endTurn?.();
    const endMs = clock.monotonicUs() / 1000;
    const frame = feed.step();
    const lane = frame.lanes.find(({ kind }) => kind === 'run-queue')!;
    expect(lane.durationUs).toBeCloseTo(4000, 6);
    expect(lane.startMs + lane.durationUs / 1000).toBeCloseTo(endMs, 6);
    expect(frame.runQueueShare).toBeCloseTo(0.004 / frame.seconds, 9);
    sleep(1000);
    expect(feed.step().slow[0]!.chargesUs['run-queue']).toBeCloseTo(4000, 6);
  });

  it('counts commands called meanwhile, the most frequent first, and again after CONFIG RESETSTAT', () => {
    for (const command of [GET, SET, SET]) {
      sleep(100_000);
      turn(command, 10);
    }
    const { commands, seconds } = feed.step();
    expect(commands.map(({ name }) => name)).toEqual(['set', 'get']);
    expect(commands[0]!.perSec * seconds).toBeCloseTo(2, 9);
    recorder.regions.calls.fill(0);
    sleep(1000);
    turn(SET, 10);
    expect(feed.step().commands.find(({ name }) => name === 'set')!.perSec).toBeGreaterThan(0);
    sleep(1000);
    expect(feed.step().commands).toEqual([]);
  });

  it('joins a sample of a tail with very many requests, and always the slowest', () => {
    sleep(1000);
    turn(GET, 10);
    feed.step();
    for (let i = 0; i < 1800; i++) {
      sleep(200);
      turn(SET, 2000 + i);
    }
    feed.step();
    sleep(1000);
    const { slow, lost, causes } = feed.step();
    expect(lost).toBe(0);
    expect(slow).toHaveLength(20);
    expect(slow[0]!.durationUs).toBeCloseTo(2000 + 1799, 6);
    expect(slow.at(-1)!.durationUs).toBeCloseTo(2000 + 1780, 6);
    expect(causes[0]).toMatchObject({ cause: 'execution' });
    const kept = feed.slow(() => true);
    expect(kept.length).toBeGreaterThan(400);
    expect(kept.length).toBeLessThan(600);
    const fromUs = 3000;
    const wanted = feed.slow(({ durationUs }) => durationUs >= fromUs);
    expect(wanted.length).toBe(kept.filter(({ durationUs }) => durationUs >= fromUs).length);
    expect(wanted.length).toBeLessThan(kept.length);
  });
});
