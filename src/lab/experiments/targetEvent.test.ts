import { describe, expect, it } from 'vitest';
import type { RunningTarget } from '../targets/target.ts';
import { parseWorkload } from '../workloads/workload.ts';
import type { TargetEvent } from './definition.ts';
import { EventRun } from './targetEvent.ts';

const prepared = parseWorkload({
  name: 'prepared',
  keys: { count: 1000, lengthBytes: 16, distribution: { kind: 'sequential' } },
  commands: [{ weight: 1, template: ['SET', '{key}', 'v'] }],
  preload: { template: ['SET', '{key}', 'v'] },
});
const event: TargetEvent = {
  before: [['DEBUG', 'SET-ACTIVE-EXPIRE', '0']],
  prepared,
  atShare: 0.25,
  command: ['DEBUG', 'SET-ACTIVE-EXPIRE', '1'],
  growingInfoField: 'expired_keys',
};

/** A target that answers every command, and a clock that only waiting moves. */
function stage(answer: (words: string[]) => Promise<string> = async () => 'OK') {
  const log: string[] = [];
  let nowMs = 0;
  const running = {
    command: (...words: string[]) => {
      log.push(`${nowMs} ms: ${words.join(' ')}`);
      return answer(words);
    },
  } as Partial<RunningTarget> as RunningTarget;
  const time = {
    nowMs: () => nowMs,
    pause: async (ms: number) => {
      nowMs += ms;
    },
  };
  return { log, running, time };
}

const info = (expired: number) => new Map([['expired_keys', String(expired)]]);

describe('an event', () => {
  it('is prepared at the size the effort allows, sent at its point and certified', async () => {
    const { log, running, time } = stage();
    const run = new EventRun(event, running, time);
    const counts: number[] = [];
    await run.prepare(300, async (workload) => counts.push(workload.keys.count));
    expect(counts).toEqual([300]);
    run.begin(4);
    const checks = await run.end(info(0), async () => info(300));
    expect(log).toEqual(['0 ms: DEBUG SET-ACTIVE-EXPIRE 0', '1000 ms: DEBUG SET-ACTIVE-EXPIRE 1']);
    expect(checks).toEqual([
      {
        id: 'event',
        declared: 'DEBUG SET-ACTIVE-EXPIRE 1 at 25 % of the measured part',
        observed: 'OK after 0.0 ms',
        ok: true,
      },
      { id: 'event-effect', declared: 'expired_keys grows', observed: 'by 300', ok: true },
    ]);
  });

  it('fails the certificate where it had no effect', async () => {
    const { running, time } = stage();
    const run = new EventRun(event, running, time);
    run.begin(1);
    expect((await run.end(info(7), async () => info(7))).map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('fails the certificate where the command was refused or never sent', async () => {
    const { running, time } = stage(() => Promise.reject(new Error('ERR DEBUG command not allowed')));
    const refused = new EventRun({ atShare: 0, command: ['DEBUG'] }, running, time);
    refused.begin(1);
    expect(await refused.end(info(0), async () => info(0))).toMatchObject([
      { observed: 'ERR DEBUG command not allowed after 0.0 ms', ok: false },
    ]);
    const unsent = new EventRun({ atShare: 0, command: ['DEBUG'] }, running, time);
    expect(await unsent.end(info(0), async () => info(0))).toMatchObject([
      { observed: 'not sent', ok: false },
    ]);
  });
});
