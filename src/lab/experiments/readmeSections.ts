/**
 * The sections of an experiment's README that come from a published result: `Result` and `Decision`. They stand between markers and
 * are replaced whole; figures in them are never typed, and nothing outside the markers is touched.
 */
import type {
  BudgetRow,
  Comparison,
  ExperimentResult,
  Interval,
  SessionResult,
  VerdictKind,
} from './result.ts';

export type SectionName = 'result' | 'decision';

/** The README lacks its markers: the text names them. */
export class ReadmeMarkerError extends Error {
  override name = 'ReadmeMarkerError';
}

export function replaceSection(readme: string, name: SectionName, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new ReadmeMarkerError(`the README needs the lines ${begin} and ${end}`);
  return `${readme.slice(0, from + begin.length)}\n${content.trim()}\n${readme.slice(to)}`;
}

/**
 * @param picture path of a picture of the deciding comparisons, relative to the README; undefined if there is none.
 * @param decision what follows from it; undefined where the result says that by itself.
 */
export function withPublishedResult(
  readme: string,
  session: SessionResult,
  experiment: ExperimentResult,
  picture: string | undefined,
  decision: string | undefined,
): string {
  return replaceSection(
    replaceSection(readme, 'result', resultSection(session, experiment, picture)),
    'decision',
    decision ?? decisionSection(experiment),
  );
}

function resultSection(
  session: SessionResult,
  experiment: ExperimentResult,
  picture: string | undefined,
): string {
  const { environment: env } = session;
  const name = (id: string): string => session.targets.find((target) => target.id === id)?.label ?? id;
  const decided = experiment.comparisons.filter((comparison) => decides(experiment, comparison));
  const lines = [
    `Measured ${env.startedAtIso.slice(0, 10)} at ${session.effort} effort on ${env.cpuModel} (${env.cpuCount} CPUs used), Node ${env.node}, ` +
      `commit ${env.gitSha.slice(0, 10)}${env.gitDirty ? ' with local changes' : ''}, seed ${env.seed}. ` +
      'Full report: [results/report.md](results/report.md).',
    '',
  ];
  if (experiment.verdict !== undefined) {
    lines.push(
      `**Verdict on the claim: ${verdictWords[experiment.verdict.kind]}.** ${experiment.verdict.text}.`,
      '',
    );
  }
  if (picture !== undefined) lines.push(`![The deciding comparisons, on one axis of ratios](${picture})`, '');
  if (decided.length > 0) {
    lines.push(
      '| scenario | metric | reference | candidate | ratio (95 %) | pairs | verdict |',
      '|---|---|---|---|---|---|---|',
    );
    for (const comparison of decided) lines.push(comparisonRow(comparison, name));
    lines.push('');
  }
  for (const factorial of experiment.factorials ?? []) {
    lines.push(
      `Factorial design, ${factorial.metric} with the flag on over off (${factorial.blocks} blocks, ${factorial.replicates} replicates; pairs of flags in the report):`,
      '',
      '| flag | ratio (95 %) | p (Holm) |',
      '|---|---|---|',
      ...factorial.main.map(
        ({ terms, ratio, pValueHolm }) =>
          `| ${terms.join()} | ${spanOf(ratio)} | ${pValueHolm.toPrecision(2)} |`,
      ),
      '',
    );
  }
  const measured = experiment.budgets.filter((budget) => budget.measured !== undefined);
  if (measured.length > 0) {
    lines.push('| budget | bound | measured | met |', '|---|---|---|---|', ...measured.map(budgetRow), '');
  }
  const blocks = session.blocks.filter(({ experimentId }) => experimentId === experiment.id);
  const rejected = blocks.filter(({ accepted }) => !accepted).length;
  const watched = blocks.filter((block) => block.watched).length;
  const withPage = watched === 0 ? '' : `, ${watched} with the live page open`;
  lines.push(`${blocks.length} blocks, ${rejected} rejected${withPage}. To repeat: \`${env.commandLine}\``);
  return lines.join('\n');
}

function decides(experiment: ExperimentResult, { scenarioId, metric }: Comparison): boolean {
  return experiment.scenarios.some(
    ({ id, decides: metrics }) => id === scenarioId && metrics.includes(metric),
  );
}

function comparisonRow(comparison: Comparison, name: (id: string) => string): string {
  const { scenarioId, metric, a, b, ratio, pairs, verdict } = comparison;
  return `| ${scenarioId} | ${metric} | ${name(a)} | ${name(b)} | ${spanOf(ratio)} | ${pairs} | ${verdictWords[verdict]} |`;
}

function spanOf({ estimate, low, high }: Interval): string {
  return `${estimate.toFixed(3)} (${low.toFixed(3)} .. ${high.toFixed(3)})`;
}

function budgetRow({ label, bound, limit, unit, measured, met }: BudgetRow): string {
  const shown = (value: number): string =>
    unit === 'ratio' ? `${value.toFixed(2)}x` : `${Math.round(value).toLocaleString('en')} ${unit}`;
  return `| ${label} | ${bound === 'at-least' ? '>=' : '<='} ${shown(limit)} | ${shown(measured!.estimate)} | ${met === undefined ? 'undecided' : met ? 'yes' : 'no'} |`;
}

const verdictWords: Record<VerdictKind, string> = {
  confirmed: 'confirmed',
  'smaller-than-claimed': 'smaller than claimed',
  'larger-than-claimed': 'larger than claimed',
  'no-effect': 'no effect',
  improvement: 'improvement',
  regression: 'regression',
  undecided: 'undecided',
};

function decisionSection(experiment: ExperimentResult): string {
  const missed = experiment.budgets.filter(({ met }) => met === false).map(({ label }) => label);
  if (experiment.budgets.length === 0)
    return 'A study decides nothing by itself: what it found is a question for an experiment of its own.';
  if (experiment.budgets.every(({ met }) => met === undefined))
    return 'No budget was measured in this session.';
  if (missed.length === 0) {
    const open = experiment.budgets.filter(
      ({ measured, met }) => measured !== undefined && met === undefined,
    );
    return open.length === 0
      ? 'Every measured budget is met.'
      : `No measured budget is missed; undecided: ${open.map(({ label }) => label).join('; ')}.`;
  }
  return `Budgets missed, which is the work to do next: ${missed.join('; ')}.`;
}
