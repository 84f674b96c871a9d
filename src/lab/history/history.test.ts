import { describe, expect, it } from 'vitest';
import { fixtureSession } from '../reports/sessionFixture.ts';
import { entriesOf, HistoryError, merged, parseHistory, renderHistory, seriesOf } from './history.ts';
import { seriesText } from './historyText.ts';

function entriesOfDay(day: number, shift = 1) {
  const session = structuredClone(fixtureSession({ seed: 7 }));
  session.environment.startedAtIso = `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`;
  const experiment = session.experiments[1]!;
  for (const comparison of experiment.comparisons) comparison.ratio.estimate *= shift;
  return entriesOf(session, experiment);
}

describe('the history', () => {
  it('keeps what decides, each measurement once, in order of time, through its file', () => {
    const [first, second] = [entriesOfDay(3), entriesOfDay(2)];
    expect(first.length).toBeGreaterThan(0);
    const all = merged(merged([], first), [...second, ...first]);
    expect(all).toHaveLength(first.length * 2);
    expect(all[0]!.startedAtIso < all.at(-1)!.startedAtIso).toBe(true);
    expect(parseHistory(renderHistory(all))).toEqual(all);
  });

  it('says which line of its file is broken', () => {
    const text = `${renderHistory(entriesOfDay(1).slice(0, 1))}{"half":\n`;
    expect(() => parseHistory(text)).toThrow(HistoryError);
    expect(() => parseHistory(text)).toThrow('line 2');
  });

  it('marks the commit with which a level changed', () => {
    const days = Array.from({ length: 16 }, (_, i) =>
      entriesOfDay(i + 1, (i < 8 ? 1 : 0.7) * (1 + (i % 3) / 100)),
    );
    const series = seriesOf(merged([], days.flat()))[0]!;
    expect(series).toHaveLength(16);
    const lines = seriesText(series).split('\n');
    expect(lines.findIndex((line) => line.includes('<- change'))).toBe(9);
    expect(lines.at(-1)).toContain('1 points of change');
    expect(seriesText(series.slice(0, 3))).toContain('there are 3');
  });
});
