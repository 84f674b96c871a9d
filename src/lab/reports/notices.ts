/**
 * The first lines of every report: what a reader must know before believing a number. Most serious first; a missing
 * baseline is the very first line, because every sentence after it means something else without Redis.
 */
import { compact, count, duration, finite, percent } from './format.ts';
import { printable } from './markup.ts';
import { loadPhrase, loadWords, nameOfTarget, type SessionView } from './sessionView.ts';

export interface Notice {
  /** stop: the report does not answer its question; warn: read with care; fact: plain statement. */
  tone: 'stop' | 'warn' | 'fact';
  title: string;
  text: string;
}

/** Above this share of the null responder's rate the generator, not the server, is what a closed loop measured. */
const GENERATOR_BOUND_SHARE = 0.9;
/** Steal above one percent moves a p99 by as much as most flags do. */
const STEAL_SHARE_WARN = 0.01;
/** The version the budgets are stated against. */
const BUDGET_BASELINE = '7.4';

export function noticesOf(view: SessionView): Notice[] {
  return [
    ...baselineMissing(view),
    ...completeness(view),
    ...baseline(view),
    ...smoke(view),
    ...generatorBound(view),
    ...disturbance(view),
    ...watched(view),
    ...planNotes(view),
  ];
}

function baselineMissing({ session }: SessionView): Notice[] {
  if (!session.baselineMissing) return [];
  return [{ tone: 'stop', title: 'Baseline missing', text: sentence(session.baselineMissing) }];
}

function completeness({ session, rejectedBlocks }: SessionView): Notice[] {
  const rejected = rejectedBlocks.length > 0 ? `, ${rejectedBlocks.length} of them rejected` : '';
  const work = `${session.effort[0]?.toUpperCase()}${session.effort.slice(1)} effort, ${duration(session.environment.durationSec)}, ${count(session.blocks.length, 'block')}${rejected}.`;
  if (session.complete) return [{ tone: 'fact', title: 'Run complete', text: work }];
  const title = session.interruption ? 'Run interrupted' : 'Run not complete';
  const why = session.interruption ? `${sentence(session.interruption)} ` : '';
  return [{ tone: 'warn', title, text: `${why}What follows covers what was finished. ${work}` }];
}

function baseline({ session }: SessionView): Notice[] {
  const notices: Notice[] = [];
  for (const target of session.targets.filter(({ kind }) => kind === 'redis')) {
    const name = nameOfTarget(target, target.id);
    const version = target.redisVersion;
    if (!version)
      notices.push({
        tone: 'warn',
        title: `Baseline is ${name}`,
        text: 'Its INFO printed no redis_version.',
      });
    else if (version !== BUDGET_BASELINE && !version.startsWith(`${BUDGET_BASELINE}.`))
      notices.push({
        tone: 'warn',
        title: `Baseline is ${name}`,
        text: `Its INFO prints redis_version ${printable(version)}: not the ${BUDGET_BASELINE} the budgets are stated against.`,
      });
    else
      notices.push({
        tone: 'fact',
        title: `Baseline is ${name}`,
        text: `By what its INFO prints: redis_version ${printable(version)}.`,
      });
  }
  return notices;
}

function smoke({ session }: SessionView): Notice[] {
  if (session.effort !== 'smoke') return [];
  return [
    {
      tone: 'warn',
      title: 'Smoke run',
      text: 'Its blocks are too short and too few to judge anything: it shows that the laboratory runs.',
    },
  ];
}

/** One line for each pipeline depth at which a target came close to the generator's own ceiling. */
function generatorBound(view: SessionView): Notice[] {
  const ceilings = new Map(
    view.session.generatorCeiling.map(({ pipeline, opsPerSec }) => [pipeline, opsPerSec]),
  );
  const worst = new Map<string, { text: string; share: number }>();
  for (const experiment of view.session.experiments)
    for (const comparison of experiment.comparisons) {
      if (comparison.metric !== 'throughput-ops-per-sec') continue;
      const scenario = view.scenario(experiment.id, comparison.scenarioId);
      const ceiling = ceilings.get(scenario.pipeline);
      if (scenario.loop !== 'closed' || !finite(ceiling) || ceiling <= 0) continue;
      for (const [id, median] of [
        [comparison.a, comparison.medianA],
        [comparison.b, comparison.medianB],
      ] as const) {
        const share = finite(median) ? median / ceiling : 0;
        const where = loadWords(scenario);
        if (share < GENERATOR_BOUND_SHARE || share <= (worst.get(where)?.share ?? 0)) continue;
        const text = `${view.words(id)} reached ${percent(share)} of the ${compact(ceiling)} ops/s the generator can send ${loadPhrase(scenario)}: throughput ratios there are limited by the generator; read CPU per request instead.`;
        worst.set(where, { text, share });
      }
    }
  return [...worst.values()].map(({ text }) => ({ tone: 'warn', title: 'Generator-bound', text }));
}

function disturbance({ session: { environment } }: SessionView): Notice[] {
  const notices: Notice[] = [];
  if (finite(environment.stealShare) && environment.stealShare > STEAL_SHARE_WARN)
    notices.push({
      tone: 'warn',
      title: 'Noisy host',
      text: `The hypervisor took ${percent(environment.stealShare)} of the CPU time away during the session (steal).`,
    });
  if (environment.gitDirty)
    notices.push({
      tone: 'warn',
      title: 'Uncommitted changes',
      text: 'The source measured is not exactly the commit named below.',
    });
  return notices;
}

/** By target, because a page that was open for one side only has shifted the comparison. */
function watched(view: SessionView): Notice[] {
  const { blocks } = view.session;
  const seen = blocks.filter((block) => block.watched);
  if (seen.length === 0) return [];
  const targets = [...Map.groupBy(blocks, ({ targetId }) => targetId)].map(
    ([id, own]) =>
      `${view.name(id)} ${own.filter((block) => block.watched).length} of ${count(own.length, 'block')}`,
  );
  return [
    {
      tone: 'warn',
      title: 'Watched',
      text: `The live page was open during ${seen.length} of ${count(blocks.length, 'block')} (${targets.join(', ')}): it and its browser take CPU from what is measured.`,
    },
  ];
}

/** What the planner wants known: cells left out, CPUs that could not be pinned, time that ran out. */
function planNotes({ session }: SessionView): Notice[] {
  return (session.plan?.notes ?? []).map((note) => ({ tone: 'warn', title: 'Note', text: sentence(note) }));
}

function sentence(text: string): string {
  const trimmed = printable(text).trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
