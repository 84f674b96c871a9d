import { describe, expect, it } from 'vitest';
import { columnOf } from './latencyColumns.ts';
import { ratioOf, ScriptedSession } from './scriptedSessionFixture.ts';
import type { SessionEvent, SessionState } from './sessionEvent.ts';
import { afterEvent } from './sessionState.ts';

/** Somebody who listens: what was told, and what is known from it. */
function listener({ feed }: ScriptedSession) {
  const events: SessionEvent[] = [];
  let state: SessionState | undefined;
  const leave = feed.listen((event) => {
    // As it comes over the wire.
    const told = JSON.parse(JSON.stringify(event)) as SessionEvent;
    events.push(told);
    state = afterEvent(state, told);
  });
  return { events, leave, known: () => state! };
}

function whole(script: ScriptedSession): SessionState {
  const late = listener(script);
  late.leave();
  return late.known();
}

describe('the feed of a session', () => {
  it('leaves who was there all the time knowing what a newcomer is told', () => {
    const script = new ScriptedSession();
    const early = listener(script);
    const same = (): void => expect(early.known()).toEqual(whole(script));
    same();
    script.plan();
    script.pairs(2);
    same();
    script.begin('open-40k', 'none', 2);
    script.phase('measure');
    script.measure(script.intervals('none', 2));
    same();
    script.measure(script.intervals('none', 2));
    same();
    script.end('open-40k', 'none', 2, false);
    same();
    script.analyse([ratioOf('latency-p99-us', 'open-40k'), ratioOf('latency-p50-us', 'open-40k')]);
    script.end('open-40k', 'none', 2);
    same();
    script.session.complete = true;
    script.feed.ended(script.session);
    same();
    expect(early.known().ended).toBe('The session is complete: its report has the verdicts.');
  });

  it('grows the running block by what the generator tells, and begins it anew when it was rejected', () => {
    const script = new ScriptedSession();
    script.plan();
    const { known } = listener(script);
    script.begin('open-40k', 'all', 0);
    expect(known().running).toMatchObject({ targetId: 'all', pairsDone: 0, columns: [] });
    script.phase('measure');
    const [first, second] = [script.intervals('all', 2), script.intervals('all', 2)];
    script.measure(first);
    script.measure(second);
    expect(known().running).toMatchObject({
      phase: 'measure',
      columns: [...first, ...second].map(columnOf),
    });
    script.end('open-40k', 'all', 0, false);
    expect(known().running).toMatchObject({ targetId: 'all', columns: [] });
    expect(known().running).not.toHaveProperty('phase');
    expect(known().blocks).toMatchObject([{ isAccepted: false, columns: [] }]);
    expect(known().notes.at(-1)).toContain('generator late by 700 us');
  });

  it('orders targets as they stand side by side: A, B, then the others', () => {
    const script = new ScriptedSession();
    script.plan();
    const { outline } = whole(script);
    expect(outline.scenarios[0]).toMatchObject({
      a: 'none',
      b: 'all',
      targets: ['none', 'all', 'redis'],
      pairs: 4,
    });
  });

  it('shows the session’s own ratios of deciding metrics, and no word of a verdict', () => {
    const script = new ScriptedSession();
    script.plan();
    const { known, events } = listener(script);
    script.pairs(1);
    expect(known().ratios).toEqual([]);
    script.analyse([ratioOf('latency-p99-us', 'open-40k'), ratioOf('latency-p50-us', 'open-40k')]);
    expect(known().ratios).toEqual([]);
    script.pairs(1);
    expect(known().ratios.map(({ metric, ratio }) => [metric, ratio.low])).toEqual([
      ['latency-p99-us', 0.78],
    ]);
    expect(JSON.stringify(events)).not.toMatch(/verdict|pValue|minimumDetectableEffect/);
  });

  it('knows who is there, who was, and tells nobody who left', () => {
    const script = new ScriptedSession();
    expect(script.feed.isPresent).toBe(false);
    const { events, leave } = listener(script);
    expect(script.feed.isPresent).toBe(true);
    leave();
    expect(script.feed.isPresent).toBe(false);
    script.plan();
    script.pairs(1);
    expect(events.map(({ kind }) => kind)).toEqual(['session']);
    script.feed.visited();
    expect(script.feed.visits).toBe(1);
  });
});
