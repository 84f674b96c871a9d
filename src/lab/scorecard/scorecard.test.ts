import { describe, expect, it } from 'vitest';
import type { VerdictKind } from '../experiments/result.ts';
import { fixtureSession } from '../reports/sessionFixture.ts';
import { svgFaults } from '../reports/svgFaults.ts';
import type { Occasion } from './occasion.ts';
import { type ScorecardFlag, scorecardOf, verdictOf } from './scorecard.ts';
import { renderScorecardHtml } from './scorecardHtml.ts';
import { renderScorecardMarkdown } from './scorecardMarkdown.ts';

/** An occasion of the fixture session, begun on another day with another seed. */
function occasion(experimentId: string, day: number, kind?: VerdictKind): Occasion {
  const session = structuredClone(fixtureSession({ seed: 7 }));
  session.environment.startedAtIso = `2026-11-${day}T10:00:00.000Z`;
  session.environment.seed = day;
  const experiment = session.experiments.find(({ id, flag }) => (flag ?? id) === experimentId)!;
  if (kind !== undefined) experiment.verdict = { kind, text: '' };
  return { session, experiment, report: `${experimentId}/results/report` };
}

const flag = (name: string, more: Partial<ScorecardFlag> = {}): ScorecardFlag => ({
  name,
  plan: '1.4',
  claim: 'faster',
  experiment: name,
  state: 'available',
  isDefault: true,
  ...more,
});

describe('a verdict on the scorecard', () => {
  const of = (...kinds: VerdictKind[]) =>
    verdictOf(
      { state: 'available' },
      kinds.map((kind, index) => occasion('fast-path', 20 - index, kind)),
    );

  it('stands when two occasions came to it', () => {
    expect(of('confirmed', 'confirmed')).toEqual({ kind: 'confirmed', reason: 'on two occasions' });
    expect(of('no-effect', 'no-effect').kind).toBe('no-effect');
    expect(of('regression', 'regression').kind).toBe('regression');
  });

  it('is undecided after one occasion, and when the second came to another', () => {
    expect(of('confirmed')).toEqual({
      kind: 'undecided',
      reason: 'confirmed once; a second occasion has to repeat it',
    });
    expect(of('no-effect', 'confirmed')).toEqual({
      kind: 'undecided',
      reason: 'not repeated: no effect after confirmed',
    });
    expect(of('undecided', 'confirmed').kind).toBe('undecided');
  });

  it('is undecided before the first, and says which of two reasons there is', () => {
    expect(verdictOf({ state: 'available' }, [])).toEqual({ kind: 'undecided', reason: 'not measured' });
    expect(verdictOf({ state: 'planned' }, [])).toEqual({ kind: 'undecided', reason: 'not in this version' });
  });

  it('is not repeated by publishing the same session twice', () => {
    const same = [occasion('fast-path', 20, 'confirmed'), occasion('fast-path', 20, 'confirmed')];
    const { rows } = scorecardOf([flag('fast-path')], new Map([['fast-path', same]]));
    expect(rows[0]!.occasions.length).toBe(1);
    expect(rows[0]!.verdict.kind).toBe('undecided');
  });
});

describe('the scorecard', () => {
  const published = new Map([
    ['fast-path', [occasion('fast-path', 21, 'confirmed'), occasion('fast-path', 20, 'confirmed')]],
    ['arena-storage', [occasion('arena-storage', 21, 'confirmed')]],
    ['whole', [occasion('whole', 21), occasion('whole', 20)]],
  ]);
  const flags = [
    flag('fast-path'),
    flag('arena-storage'),
    flag('<b>io-uring</b>|', { state: 'planned', experiment: 'io-uring' }),
  ];
  const scorecard = scorecardOf(flags, published, 'whole');

  it('sets claim, measurement and cost beside each other', () => {
    const [row] = scorecard.rows;
    expect(row!.comparison!.metric).toBe(row!.claim!.metric);
    expect(row!.comparison!.scenarioId).toBe(row!.claim!.scenarioId);
    expect(row!.scenario).not.toBe('');
    expect(row!.costs).toEqual([]);
    const costly = occasion('arena-storage', 21);
    const answer = costly.experiment.comparisons[0]!;
    costly.experiment.comparisons.push({ ...answer, metric: 'cpu-us-per-request', scenarioId: 'elsewhere' });
    const [withCost] = scorecardOf([flag('arena-storage')], new Map([['arena-storage', [costly]]])).rows;
    expect(withCost!.costs).toMatchObject([{ resource: 'CPU', ratio: answer.ratio, scenario: 'elsewhere' }]);
  });

  it('holds a budget only where both occasions agree', () => {
    const { budgets } = scorecard.whole;
    expect(budgets.length).toBeGreaterThan(0);
    expect(budgets.map(({ word }) => word)).toEqual(
      budgets.map(({ row }) => (row.met === true ? 'met' : row.met === false ? 'missed' : 'undecided')),
    );
    const differing = occasion('whole', 20);
    for (const row of differing.experiment.budgets) row.met = !(row.met ?? false);
    const apart = scorecardOf([], new Map([['whole', [occasion('whole', 21), differing]]]), 'whole');
    expect(new Set(apart.whole.budgets.map(({ word }) => word))).toEqual(new Set(['undecided']));
  });

  it('is drawn as Markdown whose every row has all columns, and nothing of a name is markup', () => {
    const text = renderScorecardMarkdown(scorecard);
    expect(text).toContain('**3 optimisations: 1 confirmed, 2 undecided.**');
    expect(text).not.toContain('<b>');
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    for (const row of rows.slice(0, 4)) expect(row.split(/(?<!\\)\|/).length).toBe(11);
    expect(text).toContain('(fast-path/results/report.md)');
    expect(text).toContain('before: ');
  });

  it('is drawn as one page without requests, its pictures well-formed', () => {
    const page = renderScorecardHtml(scorecard);
    expect(svgFaults(page)).toEqual([]);
    expect(page).toContain('class="claim"');
    expect(page).not.toMatch(/(src|href)="https?:|<script|<b>io-uring/);
    expect(renderScorecardHtml(scorecardOf([], new Map()))).toContain('Not measured.');
  });
});
