/**
 * One panel a target, side by side: its measured blocks end to end as a heatmap, on the one latency axis and the one colour scale of all
 * panels of the scenario. The horizontal axis counts measured seconds and is shared too, so that a panel that lags is seen to.
 */
import uPlot from '/vendor/uPlot.esm.js';
import { fillTiles } from '../../../page/elements.ts';
import {
  axisStyle,
  css,
  drawHeat,
  type HeatColumn,
  type HeatScale,
  latencyAxis,
  percentileData,
  percentileSeries,
  wholeDecades,
} from '../../../page/heatmap.ts';
import { count, duration, significant } from '../../../page/text.ts';
import type { MetricId } from '../../experiments/result.ts';
import { heatmapBucketLowUs } from '../../measurement/heatmapBuckets.ts';
import { latencyRangeUs, merged, quantilesUs } from '../latencyColumns.ts';
import type { BlockFrame, LatencyColumn, ScenarioOutline, SessionState } from '../sessionEvent.ts';

const AXIS_PX = 64;
const HEIGHT_PX = 250;
/** What panels show at least, before the first block has told how long one is. */
const SECONDS_MIN = 2;
const QUANTILES = [0.5, 0.99, 0.999];
/** One in a hundred thousand: below it a single slow request of a busy second would vanish. */
const SHARE_MIN = 1e-5;

/** What a column's requests add up to is all of the scale, in every panel. */
const SCALE: HeatScale = {
  bucketStartUs: (bucket) => (bucket === 0 ? 0 : heatmapBucketLowUs(bucket)),
  strengthIn({ buckets }: HeatColumn) {
    let total = 0;
    for (let i = 1; i < buckets.length; i += 2) total += buckets[i]!;
    return (times) => 1 - Math.log10(Math.max(SHARE_MIN, times / total)) / Math.log10(SHARE_MIN);
  },
};

const PHASES: Record<string, string> = {
  encode: 'preparing the requests',
  connect: 'connecting',
  preload: 'writing its keys',
  warmup: 'warming up',
  measure: 'measured now',
  drain: 'waiting for the last answers',
};

/** What a panel is drawn from. */
interface PanelData {
  readonly targetId: string;
  readonly label: string;
  readonly role: string;
  readonly accepted: readonly BlockFrame[];
  readonly columns: readonly LatencyColumn[];
  /** Measured seconds at which each block but the first begins. */
  readonly blockStartsSec: readonly number[];
  readonly state: string;
  readonly isRunning: boolean;
  readonly figures: readonly (readonly [string, string])[];
}

/** Both axes of all panels. */
interface Axes {
  seconds: number;
  latencyUs: [number, number];
}

export class Panels {
  readonly #container: HTMLElement;
  #panels = new Map<string, Panel>();
  #shown: { state: SessionState; scenario: ScenarioOutline } | undefined;

  constructor(container: HTMLElement) {
    this.#container = container;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#panels.clear();
      if (this.#shown !== undefined) this.show(this.#shown.state, this.#shown.scenario);
    });
    new ResizeObserver(() => {
      for (const panel of this.#panels.values()) panel.resize();
    }).observe(container);
  }

  show(state: SessionState, scenario: ScenarioOutline): void {
    this.#shown = { state, scenario };
    const all = scenario.targets.map((targetId) => panelData(state, scenario, targetId));
    const axes: Axes = {
      seconds: Math.max(
        SECONDS_MIN,
        plannedSec(state, scenario),
        ...all.map(({ columns }) => secondsOf(columns)),
      ),
      latencyUs: wholeDecades(...(latencyRangeUs(all.flatMap(({ columns }) => columns)) ?? [0, 0])),
    };
    const key = (targetId: string): string => `${scenario.experimentId}/${scenario.scenarioId}/${targetId}`;
    const isSame =
      this.#panels.size === all.length && all.every(({ targetId }) => this.#panels.has(key(targetId)));
    if (!isSame) {
      this.#panels = new Map(
        all.map(({ targetId }) => [key(targetId), new Panel(scenario.loop !== 'memory')]),
      );
      this.#container.replaceChildren(...[...this.#panels.values()].map(({ root }) => root));
    }
    for (const data of all) this.#panels.get(key(data.targetId))!.show(data, axes);
  }
}

class Panel {
  readonly root = document.createElement('article');
  readonly #name = document.createElement('h3');
  readonly #state = document.createElement('p');
  readonly #figures = document.createElement('dl');
  readonly #place = document.createElement('div');
  #chart: uPlot | undefined;
  #data: PanelData | undefined;
  #axes: Axes = { seconds: SECONDS_MIN, latencyUs: [1, 10_000] };

  constructor(hasLatency: boolean) {
    this.root.className = 'panel';
    this.#state.className = 'state';
    this.#figures.className = 'figures';
    this.root.append(this.#name, this.#state, this.#figures);
    if (!hasLatency) return;
    this.#place.className = 'chart';
    this.#place.role = 'img';
    this.root.append(this.#place);
  }

  show(data: PanelData, axes: Axes): void {
    const isDrawn = this.#chart !== undefined && isSameDrawing(this.#data!, data, this.#axes, axes);
    this.#data = data;
    this.#axes = axes;
    const role = document.createElement('span');
    role.className = 'role';
    role.textContent = data.role;
    this.#name.replaceChildren(data.label, role);
    this.#state.textContent = data.state;
    this.root.classList.toggle('runs', data.isRunning);
    fillTiles(this.#figures, data.figures);
    if (this.#place.className === '') return;
    this.#place.setAttribute(
      'aria-label',
      `Latency over time, ${data.label}: ${data.figures.map(([name, value]) => `${name} ${value}`).join(', ')}`,
    );
    if (!isDrawn) this.#draw(data);
  }

  resize(): void {
    const width = this.#place.clientWidth;
    if (this.#chart !== undefined && width > 0 && this.#chart.width !== width)
      this.#chart.setSize({ width, height: HEIGHT_PX });
  }

  #draw({ columns }: PanelData): void {
    this.#chart ??= this.#build();
    const points = columnsInTime(columns).map(({ from, to }) => (from + to) / 2);
    const quantiles = columns.map((column) => quantilesUs(column, QUANTILES));
    const line = (which: number): (number | null)[] => quantiles.map((each) => each[which]!);
    this.#chart.setData([points, ...percentileData([line(0), line(1), line(2)])] as uPlot.AlignedData);
  }

  #build(): uPlot {
    const axis = axisStyle();
    return new uPlot(
      {
        width: Math.max(200, this.#place.clientWidth),
        height: HEIGHT_PX,
        padding: [8, 18, 0, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: {
          x: { time: false, range: () => [0, this.#axes.seconds] },
          y: { distr: 3, range: () => this.#axes.latencyUs },
        },
        series: [{}, ...percentileSeries()],
        axes: [
          {
            ...axis,
            size: 26,
            grid: { show: false },
            values: (_, splits) => splits.map((sec) => `${Number(sec.toPrecision(3))} s`),
          },
          latencyAxis(AXIS_PX),
        ],
        hooks: {
          drawClear: [(chart) => drawHeat(chart, columnsInTime(this.#data?.columns ?? []), SCALE)],
          draw: [
            (chart) => this.#drawBlockStarts(chart),
            ({ scales }) => {
              this.#place.dataset.axis = `${scales['y']!.min} ${scales['y']!.max}`;
            },
          ],
        },
      },
      [[]] as unknown as uPlot.AlignedData,
      this.#place,
    );
  }

  #drawBlockStarts(chart: uPlot): void {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.strokeStyle = css('--soft');
    ctx.lineWidth = 1;
    ctx.setLineDash([]);
    for (const startSec of this.#data?.blockStartsSec ?? []) {
      const at = chart.valToPos(startSec, 'x', true);
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }
}

/** Most of what happens changes one panel or none: drawing the others again would take CPU from what is measured. */
function isSameDrawing(before: PanelData, now: PanelData, axesBefore: Axes, axesNow: Axes): boolean {
  return (
    before.columns.length === now.columns.length &&
    before.columns.at(-1) === now.columns.at(-1) &&
    axesBefore.seconds === axesNow.seconds &&
    axesBefore.latencyUs.join() === axesNow.latencyUs.join()
  );
}

function panelData(state: SessionState, scenario: ScenarioOutline, targetId: string): PanelData {
  const isHere = (of: { experimentId: string; scenarioId: string; targetId: string }): boolean =>
    of.experimentId === scenario.experimentId &&
    of.scenarioId === scenario.scenarioId &&
    of.targetId === targetId;
  const blocks = state.blocks.filter(isHere);
  const accepted = blocks.filter(({ isAccepted }) => isAccepted);
  const running = state.running !== undefined && isHere(state.running) ? state.running : undefined;
  const parts = [...accepted.map(({ columns }) => columns), running?.columns ?? []].filter(
    (columns) => columns.length > 0,
  );
  const starts: number[] = [];
  for (const columns of parts) starts.push((starts.at(-1) ?? 0) + secondsOf(columns));
  const rejected = blocks.length - accepted.length;
  const planned = Math.max(scenario.pairs, accepted.length);
  const done =
    (planned === 0 ? 'no block is planned' : `${accepted.length} of ${planned} blocks done`) +
    (rejected === 0 ? '' : `, ${rejected} rejected`);
  const doing =
    running === undefined
      ? ''
      : `pair ${running.pair + 1}: ${running.phase === undefined ? 'starting' : PHASES[running.phase]}; `;
  return {
    targetId,
    label: state.outline.targets.find(({ id }) => id === targetId)?.label ?? targetId,
    role: targetId === scenario.a ? 'A' : targetId === scenario.b ? 'B' : '',
    accepted,
    columns: parts.flat(),
    blockStartsSec: starts.slice(0, -1),
    state: state.outline.isPlanned ? doing + done : 'not planned yet',
    isRunning: running !== undefined,
    figures: figuresOf(scenario, accepted, running?.columns ?? []),
  };
}

/** Medians of the accepted blocks; before the first, rate and p99 of what has been measured. */
function figuresOf(
  { loop }: ScenarioOutline,
  accepted: readonly BlockFrame[],
  runningColumns: readonly LatencyColumn[],
): [string, string][] {
  const middle = (metric: MetricId): number | undefined =>
    median(accepted.map(({ metrics }) => metrics[metric]).filter((value) => value !== undefined));
  if (loop === 'memory') {
    const bytesPerKey = middle('memory-bytes-per-key-rss');
    return [['Bytes per key', bytesPerKey === undefined ? '–' : significant(bytesPerKey)]];
  }
  const sofar = merged(runningColumns);
  const rate =
    middle('throughput-ops-per-sec') ??
    (sofar.count > 0 ? sofar.count / (sofar.durationMs / 1000) : undefined);
  const cpuUs = middle('cpu-us-per-request');
  return [
    ['Requests/s', rate === undefined ? '–' : count(rate)],
    ['p99', duration(middle('latency-p99-us') ?? quantilesUs(sofar, [0.99])[0])],
    ['CPU per request', duration(cpuUs)],
  ];
}

function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** What all planned blocks of a target will take, by the longest so far: an axis that stays. */
function plannedSec({ blocks }: SessionState, { experimentId, scenarioId, pairs }: ScenarioOutline): number {
  const here = blocks.filter(
    (block) => block.experimentId === experimentId && block.scenarioId === scenarioId,
  );
  return pairs * Math.max(0, ...here.map(({ columns }) => secondsOf(columns)));
}

const secondsOf = (columns: readonly LatencyColumn[]): number =>
  columns.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;

function columnsInTime(columns: readonly LatencyColumn[]): HeatColumn[] {
  let from = 0;
  return columns.map(({ durationMs, buckets }) => {
    const column = { from, to: from + durationMs / 1000, buckets };
    from = column.to;
    return column;
  });
}
