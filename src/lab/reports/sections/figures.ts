/**
 * The figures by topic, each with the table behind it. Experiments on the whole fill the report's own figure sections; a flag's
 * experiment keeps its figures in its own fold, so that thirteen flags do not bury the answer.
 */
import type { ExperimentResult } from '../../experiments/result.ts';
import { cpuFigure, cpuPerRequest } from '../figures/cpuPerRequest.ts';
import { heatmapFigure } from '../figures/heatmap.ts';
import { memoryFigures } from '../figures/memoryPerKey.ts';
import { percentileFigure } from '../figures/percentileCurves.ts';
import { rateLatencyFigures } from '../figures/rateLatency.ts';
import { type Child, html, type Markup } from '../markup.ts';
import {
  cpuTable,
  memoryTable,
  openLoopCurves,
  percentilesTable,
  rateLatencyTable,
  type Table,
} from '../plainTables.ts';
import type { SessionView } from '../sessionView.ts';
import { plainTable } from './tableMarkup.ts';

interface FigureTopic {
  id: string;
  /** In the list of sections. */
  shortTitle: string;
  title: string;
  intro: string;
  draw(view: SessionView, experiment: ExperimentResult): (Markup | undefined)[];
  table?(view: SessionView, experiment: ExperimentResult): Table;
}

const TOPICS: readonly FigureTopic[] = [
  {
    id: 'percentiles',
    shortTitle: 'Percentiles',
    title: 'Latency percentiles',
    intro: 'Each step to the right leaves ten times fewer requests above the line.',
    draw: (view, experiment) =>
      [...Map.groupBy(openLoopCurves(experiment), ({ scenarioId }) => scenarioId)].map(
        ([scenarioId, curves]) =>
          percentileFigure(view, view.scenario(experiment.id, scenarioId).label, curves),
      ),
    table: percentilesTable,
  },
  {
    id: 'heatmap',
    shortTitle: 'Over time',
    title: 'Latency over time',
    intro:
      'Stalls stand out as marks far above the body. All panels of a figure share the latency axis, and those of one kind their colours.',
    draw: (view, experiment) =>
      experiment.scenarios
        .filter(({ loop }) => loop === 'open')
        .map((scenario) =>
          heatmapFigure(
            view,
            scenario,
            view.acceptedBlocks(experiment.id, scenario.id),
            experiment.comparisons.filter(({ scenarioId }) => scenarioId === scenario.id),
          ),
        ),
  },
  {
    id: 'rate-latency',
    shortTitle: 'Against rate',
    title: 'Latency against offered rate',
    intro: 'How far each server can be driven before its tail leaves.',
    draw: rateLatencyFigures,
    table: rateLatencyTable,
  },
  {
    id: 'memory',
    shortTitle: 'Memory',
    title: 'Memory per key',
    intro:
      'Bytes per key are a slope over several key counts, so the fixed cost of a process does not enter.',
    draw: memoryFigures,
    table: memoryTable,
  },
  {
    id: 'cpu',
    shortTitle: 'CPU',
    title: 'CPU per request',
    intro:
      "The server's own CPU time over the requests it answered: the figure least disturbed by the generator and by neighbours.",
    draw: (view, experiment) =>
      experiment.scenarios.map((scenario) =>
        cpuFigure(view, scenario, cpuPerRequest(view, view.acceptedBlocks(experiment.id, scenario.id))),
      ),
    table: cpuTable,
  },
];

export interface FigureSection {
  id: string;
  shortTitle: string;
  content: Markup;
}

/** Sections of the experiments that judge no single flag; a topic nobody measured is left out. */
export function figureSections(view: SessionView): FigureSection[] {
  const experiments = view.session.experiments.filter(({ flag }) => flag === undefined);
  return TOPICS.flatMap((topic) => {
    const figures = drawn(topic, view, experiments);
    if (figures.length === 0) return [];
    const content = html`<section id="${topic.id}"><h2>${topic.title}</h2><p class="intro">${topic.intro}</p><div class="figures">${figures}</div>${behind(topic, view, experiments)}</section>`;
    return [{ id: topic.id, shortTitle: topic.shortTitle, content }];
  });
}

/** All figures of one experiment, under a heading a topic. */
export function experimentFigures(view: SessionView, experiment: ExperimentResult): Child {
  return TOPICS.map((topic) => {
    const figures = drawn(topic, view, [experiment]);
    if (figures.length === 0) return undefined;
    return html`<h4>${topic.title}</h4><div class="figures">${figures}</div>${behind(topic, view, [experiment])}`;
  });
}

function drawn(topic: FigureTopic, view: SessionView, experiments: readonly ExperimentResult[]): Markup[] {
  return experiments
    .flatMap((experiment) => topic.draw(view, experiment))
    .filter((figure) => figure !== undefined);
}

function behind(topic: FigureTopic, view: SessionView, experiments: readonly ExperimentResult[]): Child {
  const tables = experiments.flatMap((experiment) => topic.table?.(view, experiment) ?? []);
  const rows = tables.flatMap((table) => table.rows);
  if (rows.length === 0) return undefined;
  return html`<details><summary>As a table</summary>${plainTable({ columns: tables[0]!.columns, rows })}</details>`;
}
