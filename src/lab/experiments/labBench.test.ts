/** The bench against the null responder: what a block that somebody watched says of itself. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { GeneratorMessage } from '../load/protocol.ts';
import { realProcFiles } from '../measurement/procFiles.ts';
import { parseTarget } from '../targets/parseTarget.ts';
import { presetWorkload } from '../workloads/presets.ts';
import type { BlockRequest } from './bench.ts';
import { type Audience, LabBench } from './labBench.ts';

const request: BlockRequest = {
  blockId: 'test/closed/0/0',
  targetId: 'null',
  scenario: {
    kind: 'load',
    id: 'closed',
    label: 'closed loop',
    workload: presetWorkload('get-set', { keys: 1000 }),
    connections: 2,
    loop: { kind: 'closed', pipeline: 4 },
    decides: [],
    tier: 1,
  },
  seed: 1,
  shape: {
    warmupSecMin: 0,
    warmupSecMax: 0.1,
    measureSec: 1.3,
    intervalMs: 100,
    keysMax: 1000,
    eventKeysMax: 0,
    memoryKeyCounts: [],
  },
  timeoutSec: 60,
};

function runWith(audience: Audience) {
  const bench = new LabBench({
    targets: new Map([['null', parseTarget('null')]]),
    labels: new Map(),
    cpus: { server: [], generator: [], notes: [] },
    outDir: '.',
    procFiles: realProcFiles,
    nowMs: () => Date.now(),
    pause: (ms) => pause(ms),
    audience,
  });
  return bench.runBlock(request, new AbortController().signal);
}

describe('a block', () => {
  it('says that it was watched, and its intervals are told while it runs', async () => {
    const heard: GeneratorMessage[] = [];
    const block = await runWith({ isPresent: true, visits: 0, hear: (message) => heard.push(message) });
    expect(block.watched).toBe(true);
    const intervals = heard.flatMap((message) =>
      message.type === 'progress' ? (message.intervals ?? []) : [],
    );
    expect(intervals.length).toBeGreaterThan(0);
    expect(block.intervals.slice(0, intervals.length)).toEqual(intervals);
  });

  it('says so too if somebody came and left while it ran', async () => {
    let visits = 0;
    const block = await runWith({
      isPresent: false,
      get visits() {
        return visits;
      },
      hear: (message) => {
        if (message.type === 'phase' && message.phase === 'measure') visits += 1;
      },
    });
    expect(block.watched).toBe(true);
  });

  it('is as ever when nobody looks: no interval is told', async () => {
    const heard: GeneratorMessage[] = [];
    const block = await runWith({ isPresent: false, visits: 3, hear: (message) => heard.push(message) });
    expect(block).not.toHaveProperty('watched');
    expect(heard.some(({ type }) => type === 'progress')).toBe(true);
    expect(heard.filter((message) => 'intervals' in message)).toEqual([]);
  });
});
