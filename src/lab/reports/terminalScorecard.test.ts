import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptySession, fixtureSession } from './sessionFixture.ts';
import { renderScorecardText, wrap } from './terminalScorecard.ts';

describe('renderScorecardText', () => {
  const session = fixtureSession({ seed: 7, pairs: 2, secondsPerBlock: 1 });

  it.each([40, 60, 80, 99, 100, 120, 200])(
    'keeps to %d columns, with and without colour alike',
    (columns) => {
      const text = renderScorecardText(session, { columns, color: false });
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
      expect(text).not.toContain('\u001b');
      const coloured = renderScorecardText(session, { columns, color: true });
      expect(coloured).toContain('\u001b[');
      expect(stripVTControlCharacters(coloured)).toBe(text);
    },
  );

  it('shows every deciding comparison, budget and claim', () => {
    const text = renderScorecardText(session, { columns: 120, color: false });
    const whole = session.experiments[0]!;
    const deciding = whole.comparisons.filter(({ scenarioId, metric }) =>
      whole.scenarios.find(({ id }) => id === scenarioId)!.decides.includes(metric),
    );
    expect(text.match(/ vs .*× \(/g)?.length).toBe(deciding.length);
    for (const { flag } of session.experiments) if (flag) expect(text).toContain(`${flag}: `);
    expect(text).toContain('missed: throughput, pipeline 64 ≥ 1.5×, measured 1.32×');
  });

  it('puts a missing baseline first', () => {
    const text = renderScorecardText(
      { ...session, baselineMissing: 'Install redis-server' },
      { columns: 80, color: false },
    );
    expect(text).toMatch(/^✕ Baseline missing\. Install redis-server\.\n/);
  });

  it('lets no escape sequence of a target through', () => {
    const hostile = fixtureSession({ seed: 7, pairs: 2, secondsPerBlock: 1 });
    for (const target of hostile.targets) target.label = 'x\u001b[31mred\u001b]0;title\u0007\n\u009b2Jy';
    const text = renderScorecardText(hostile, { columns: 80, color: false });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('survives having nothing to show', () => {
    expect(renderScorecardText(emptySession(), { columns: 80, color: false })).toContain('no verdict yet');
  });
});

describe('wrap', () => {
  it('loses no word and exceeds no line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,60}$/)),
        fc.integer({ min: 12, max: 80 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width, 4);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
          expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
        },
      ),
    );
  });
});
