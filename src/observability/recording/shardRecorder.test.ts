/** What a recorder writes on the shard's thread, read back as another thread does. */
import { beforeEach, describe, expect, it } from 'vitest';
import { bucketOf, quantileUs } from '../../base/latencyBuckets.ts';
import { SimulatedClock } from '../../ports/sim/simulatedClock.ts';
import { REQUEST_RECORDS, totalAt, WORK_RECORDS } from './recordingLayout.ts';
import { ShardRecorder } from './shardRecorder.ts';
import { ShardRecording } from './shardRecording.ts';

const COMMANDS = ['get', 'set', 'keys'];
const [GET, SET, KEYS] = [0, 1, 2];

let clock: SimulatedClock;
let recorder: ShardRecorder;
let recording: ShardRecording;
let endTurn: (() => void) | undefined;
let idleUs: number;
let withoutCoreUs: number;

beforeEach(() => {
  clock = new SimulatedClock(0);
  endTurn = undefined;
  idleUs = 0;
  withoutCoreUs = 0;
  recorder = new ShardRecorder({ commands: COMMANDS.length, databases: 16 }, clock, {
    afterTurn: (callback) => {
      endTurn = callback;
    },
    idleUs: () => idleUs,
    sendBehindTurnUs: 0,
    withoutCoreUs: () => withoutCoreUs,
  });
  recording = new ShardRecording({
    buffer: recorder.regions.buffer,
    commands: COMMANDS,
    databases: 16,
    epochUs: 0,
  });
});

/** Time goes by while the thread does something. */
const wait = (durationUs: number): void => clock.advanceMs(durationUs / 1000);
/** Time goes by while the loop waits. */
const sleep = (durationUs: number): void => {
  wait(durationUs);
  idleUs += durationUs;
};
const turnEnds = (): void => {
  endTurn?.();
  endTurn = undefined;
};

/** A batch that takes so long. */
function batch(durationUs: number, ...commands: number[]): void {
  recorder.batchBegins();
  for (const command of commands) recorder.called(command);
  wait(durationUs);
  recorder.batchEnds(7, 0);
}

const sum = (counts: ArrayLike<number>): number => Array.from(counts).reduce((a, b) => a + b, 0);

describe('a recorder', () => {
  it('charges every request of a batch with the time until its replies were written', () => {
    sleep(1000);
    batch(40, GET, SET, GET, GET);
    expect(recording.serviceOf(GET)[bucketOf(40)]).toBe(3);
    expect(recording.serviceOf(SET)[bucketOf(40)]).toBe(1);
    expect(recording.regions.service[bucketOf(40)]).toBe(4);
    expect(recording.regions.totals[totalAt('requests')]).toBe(4);
    expect(recording.regions.batchSizes[2]).toBe(1);
  });

  it('charges what waits behind another connection of the same turn', () => {
    sleep(1000);
    batch(100, SET);
    batch(10, GET);
    turnEnds();
    expect(quantileUs(recording.serviceOf(GET), 0.5)).toBeGreaterThan(105);
  });

  it('spreads arrivals over a stall that kept the thread from polling', () => {
    sleep(1000);
    batch(200_000, KEYS);
    turnEnds();
    // Timers that have become due meanwhile run before the next poll.
    wait(300);
    for (let i = 0; i < 100; i++) batch(1, GET);
    turnEnds();
    const service = recording.serviceOf(GET);
    expect(quantileUs(service, 0.5) / 100_000).toBeCloseTo(1, 1);
    expect(quantileUs(service, 0.99)).toBeGreaterThan(190_000);
    expect(quantileUs(service, 0.02)).toBeLessThan(10_000);
  });

  it('lets nothing wait for a thread that slept', () => {
    batch(1000, SET);
    turnEnds();
    sleep(5000);
    batch(10, GET);
    expect(quantileUs(recording.serviceOf(GET), 1)).toBeLessThan(11);
  });

  it('charges those who woke the thread with the time that it then had no core', () => {
    sleep(1000);
    batch(10, GET);
    turnEnds();
    for (let turn = 0; turn < 20; turn++) {
      sleep(30_000);
      withoutCoreUs += 20_000;
      batch(1, SET);
      turnEnds();
    }
    expect(quantileUs(recording.serviceOf(SET), 0.5)).toBeGreaterThan(8000);
    expect(quantileUs(recording.serviceOf(SET), 1)).toBeLessThan(23_000);
    // What was told long ago may have been of any time.
    sleep(1000);
    wait(100_000);
    withoutCoreUs += 100_000;
    batch(1, KEYS);
    turnEnds();
    wait(100_000);
    sleep(1000);
    withoutCoreUs += 100_000;
    batch(1, KEYS);
    expect(quantileUs(recording.serviceOf(KEYS), 0)).toBeLessThan(10);
  });

  it('charges work beside the requests to those who came meanwhile', () => {
    sleep(1000);
    const startUs = clock.monotonicUs();
    wait(3000);
    recorder.worked('expiry', startUs, clock.monotonicUs(), 17);
    for (let i = 0; i < 50; i++) batch(1, GET);
    expect(quantileUs(recording.serviceOf(GET), 0.5)).toBeGreaterThan(1000);
    expect(recording.workSince().items).toEqual([
      { kind: 'expiry', startUs, endUs: startUs + 3000, amount: 17 },
    ]);
    expect(recording.workSince()).toEqual({ items: [], lost: 0 });
  });

  it('knows that slices between polls kept nobody waiting who came before the last poll', () => {
    sleep(1000);
    batch(1, SET);
    turnEnds();
    for (let slice = 0; slice < 20; slice++) {
      const startUs = clock.monotonicUs();
      wait(150);
      recorder.worked('expiry', startUs, clock.monotonicUs(), 1);
    }
    for (let i = 0; i < 100; i++) batch(0, GET);
    expect(quantileUs(recording.serviceOf(GET), 1)).toBeLessThan(160);
    expect(quantileUs(recording.serviceOf(GET), 0.5)).toBeGreaterThan(60);
  });

  it('tells which turn and which work the thread had no core in', () => {
    sleep(1000);
    batch(10, GET);
    turnEnds();
    expect(recording.waitsSince().items).toEqual([]);
    const turnUs = clock.monotonicUs();
    batch(700, SET);
    withoutCoreUs += 600;
    turnEnds();
    sleep(50);
    const sliceUs = clock.monotonicUs();
    wait(400);
    withoutCoreUs += 250;
    recorder.worked('expiry', sliceUs, clock.monotonicUs(), 1);
    const { items, lost } = recording.waitsSince();
    expect(lost).toBe(0);
    expect(items).toEqual([
      { startUs: turnUs - 10, endUs: turnUs + 700, waitedUs: 600 },
      { startUs: turnUs + 700, endUs: sliceUs + 400, waitedUs: 250 },
    ]);
  });

  it('records a slow batch with its longest timed command, and samples the others', () => {
    sleep(1000);
    recorder.batchBegins();
    recorder.called(GET);
    recorder.called(KEYS);
    const startUs = clock.monotonicUs();
    wait(5000);
    recorder.executed(KEYS, startUs, clock.monotonicUs());
    recorder.executed(GET, clock.monotonicUs(), clock.monotonicUs());
    recorder.called(GET);
    recorder.batchEnds(7, 123);
    turnEnds();
    const { items, lost } = recording.requestsSince();
    expect(lost).toBe(0);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      kind: 0,
      requests: 3,
      command: KEYS,
      executionStartUs: startUs,
      executionEndUs: startUs + 5000,
      lastCommand: GET,
      clientId: 7,
      unsentBytes: 123,
    });
    for (let i = 0; i < 5000; i++) {
      sleep(100);
      batch(1, GET);
      turnEnds();
    }
    const samples = recording.requestsSince().items;
    expect(samples.length).toBeGreaterThanOrEqual(4);
    expect(samples.every(({ kind }) => kind === 1)).toBe(true);
  });

  it('is busy whenever the loop does not wait', () => {
    sleep(1000);
    batch(200, GET);
    turnEnds();
    wait(50);
    sleep(400);
    batch(100, GET);
    turnEnds();
    sleep(5000);
    batch(1, GET);
    expect(recording.regions.totals[totalAt('busyUs')]).toBeCloseTo(200 + 50 + 100, 6);
  });

  it('takes its threshold from the reader', () => {
    recording.tailFromUs = 5;
    sleep(1000);
    batch(6, GET);
    turnEnds();
    expect(recording.requestsSince().items).toHaveLength(1);
  });

  it('counts all commands of a batch with many different ones', () => {
    const many = new ShardRecorder({ commands: 30, databases: 1 }, clock, {
      afterTurn: () => {},
      idleUs: () => 0,
      sendBehindTurnUs: 0,
    });
    many.batchBegins();
    for (let round = 0; round < 3; round++)
      for (let command = 0; command < 30; command++) many.called(command);
    many.batchEnds(1, 0);
    expect(sum(many.regions.serviceByCommand)).toBe(90);
    expect(sum(many.regions.service)).toBe(90);
  });
});

describe('a reader that comes late', () => {
  it('gets the newest records whole and is told how many are lost', () => {
    recording.tailFromUs = 0;
    const written = REQUEST_RECORDS + 500;
    for (let i = 0; i < written; i++) {
      sleep(100);
      batch(i % 7, GET);
      turnEnds();
    }
    const { items, lost } = recording.requestsSince();
    expect(items).toHaveLength(REQUEST_RECORDS - 1);
    expect(items.length + lost).toBe(written);
    for (let i = 1; i < items.length; i++)
      expect(items[i]!.batchStartUs - items[i - 1]!.batchStartUs).toBeGreaterThanOrEqual(100);
    for (let i = 0; i < WORK_RECORDS * 2; i++) recorder.worked('tick', i, i + 1, i);
    const work = recording.workSince();
    expect(work.items.length + work.lost).toBe(WORK_RECORDS * 2);
    expect(work.items.at(-1)).toEqual({
      kind: 'tick',
      startUs: 2 * WORK_RECORDS - 1,
      endUs: 2 * WORK_RECORDS,
      amount: 2 * WORK_RECORDS - 1,
    });
  });

  it('is not confused by sequence numbers that wrap', () => {
    recorder.regions.sequences.fill(0x7fff_fff0);
    expect(recording.workSince().items.length).toBeGreaterThan(0);
    for (let i = 0; i < 100; i++) recorder.worked('tick', i, i + 1, i);
    const { items, lost } = recording.workSince();
    expect([items.length, lost]).toEqual([100, 0]);
    expect(items.map(({ amount }) => amount)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});
