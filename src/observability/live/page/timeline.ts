/**
 * Three charts on one time axis: where requests' durations lay, what the tail's time went to, and what the threads did beside requests.
 * uPlot keeps axes and cursors together; what a cell of a heatmap or a lane is, is drawn here.
 */
import uPlot from '/vendor/uPlot.esm.js';
import { bucketStartUs } from '../../../base/latencyBuckets.ts';
import { CAUSE_WORDS, CAUSES } from '../../attribution/causes.ts';
import type { Frame } from '../frame.ts';
import { duration } from './text.ts';

/** Room for the labels on the left, the same in all three, so that their seconds stand below each other. */
const AXIS_PX = 84;
/** What a young server's charts show at least. */
const WINDOW_SEC_MIN = 20;
const LANES = ['run-queue', 'gc', 'expiry', 'release', 'eviction', 'growth', 'fsync', 'snapshot', 'command'];
const LANE_WORDS: Record<string, string> = { 'run-queue': 'no core', command: 'commands' };
const HEIGHTS_PX = { heat: 280, causes: 90, lanes: 190 };

const css = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Of a logarithmic axis. */
const decades: uPlot.Axis.Filter = (_, splits) =>
  splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));

export class Timeline {
  #charts: uPlot[] = [];
  readonly #onPick: (atSec: number) => void;
  #frames: readonly Frame[] = [];
  #pickedSec: number | undefined;
  #windowSec = 180;

  constructor(onPick: (atSec: number) => void) {
    this.#onPick = onPick;
    this.#build();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#build());
    new ResizeObserver(() => this.#resize()).observe(document.getElementById('heat')!);
  }

  show(frames: readonly Frame[], windowSec: number, pickedSec: number | undefined): void {
    this.#frames = frames;
    this.#windowSec = windowSec;
    this.#pickedSec = pickedSec;
    const seconds = frames.map(({ atMs }) => atMs / 1000);
    const none = frames.map(() => null);
    const [heat, causes, lanes] = this.#charts as [uPlot, uPlot, uPlot];
    heat.setData([
      seconds,
      frames.map(({ p50Us }) => p50Us),
      frames.map(({ p99Us }) => p99Us),
      frames.map(({ p999Us }) => p999Us),
    ] as uPlot.AlignedData);
    causes.setData([seconds, none] as uPlot.AlignedData);
    lanes.setData([seconds, none] as uPlot.AlignedData);
  }

  #build(): void {
    for (const chart of this.#charts) chart.destroy();
    const axis = { stroke: css('--soft'), grid: { stroke: css('--hair'), width: 1 }, ticks: { show: false } };
    const common = (
      height: number,
    ): Pick<uPlot.Options, 'width' | 'height' | 'cursor' | 'legend' | 'padding'> => ({
      width: this.#width(),
      height,
      padding: [8, 8, 0, 0],
      cursor: { sync: { key: 'time' }, y: false, points: { show: false }, drag: { x: false, y: false } },
      legend: { show: false },
    });
    const time: uPlot.Axis = {
      ...axis,
      values: (_, splits) => splits.map((sec) => new Date(sec * 1000).toLocaleTimeString('en-GB')),
      space: 90,
    };
    const noTime: uPlot.Axis = { ...axis, size: 4, values: (_, splits) => splits.map(() => '') };
    const x: uPlot.Scale = { time: true, range: () => this.#range() };
    const line = (colour: string, dash?: number[]): uPlot.Series => ({
      stroke: css(colour),
      width: 1.8,
      points: { show: false },
      spanGaps: false,
      ...(dash === undefined ? {} : { dash }),
    });
    const silent: uPlot.Series = { show: true, stroke: 'transparent', points: { show: false } };
    const place = (id: string, options: Omit<uPlot.Options, 'width' | 'height'>, height: number): uPlot => {
      const chart = new uPlot(
        { ...common(height), ...options },
        [[]] as unknown as uPlot.AlignedData,
        document.getElementById(id)!,
      );
      chart.over.addEventListener('click', () => {
        const { left } = chart.cursor;
        if (left !== undefined && left >= 0) this.#onPick(chart.posToVal(left, 'x'));
      });
      return chart;
    };
    const mark = (chart: uPlot): void => this.#drawPick(chart);
    this.#charts = [
      place(
        'heat',
        {
          scales: { x, y: { distr: 3, range: () => this.#latencyRange() } },
          series: [{}, line('--p50', [2, 3]), line('--p99'), line('--p999', [7, 4])],
          axes: [
            noTime,
            {
              ...axis,
              size: AXIS_PX,
              filter: decades,
              // Lines at decades only: those between them would hide single requests.
              grid: { ...axis.grid, filter: decades },
              values: (_, splits) => splits.map((us) => (us === null ? '' : duration(us))),
            },
          ],
          hooks: { drawClear: [(chart) => this.#drawHeat(chart)], draw: [mark] },
        },
        HEIGHTS_PX.heat,
      ),
      place(
        'causes',
        {
          scales: { x, y: { range: [0, 1] } },
          series: [{}, silent],
          axes: [
            noTime,
            { ...axis, size: AXIS_PX, splits: () => [0, 0.5, 1], values: () => ['0 %', '50 %', '100 %'] },
          ],
          hooks: { drawClear: [(chart) => this.#drawCauses(chart)], draw: [mark] },
        },
        HEIGHTS_PX.causes,
      ),
      place(
        'lanes',
        {
          scales: { x, y: { range: [0, LANES.length] } },
          series: [{}, silent],
          axes: [
            time,
            {
              ...axis,
              size: AXIS_PX,
              grid: { show: false },
              splits: () => LANES.map((_, lane) => LANES.length - lane - 0.5),
              values: () => LANES.map((lane) => LANE_WORDS[lane] ?? lane),
            },
          ],
          hooks: { drawClear: [(chart) => this.#drawLanes(chart)], draw: [mark] },
        },
        HEIGHTS_PX.lanes,
      ),
    ];
    this.show(this.#frames, this.#windowSec, this.#pickedSec);
  }

  #width = (): number => Math.max(280, document.getElementById('heat')!.clientWidth);

  #resize(): void {
    const heights = Object.values(HEIGHTS_PX);
    this.#charts.forEach((chart, index) => {
      if (chart.width !== this.#width()) chart.setSize({ width: this.#width(), height: heights[index]! });
    });
  }

  #range(): [number, number] {
    const last = (this.#frames.at(-1)?.atMs ?? Date.now()) / 1000;
    const first = (this.#frames[0]?.atMs ?? 0) / 1000;
    // A server that has just started fills the charts as far as it goes.
    const fromSec = Math.max(last - this.#windowSec, Math.min(first - 1, last - WINDOW_SEC_MIN));
    return [fromSec, last + 0.5];
  }

  /** From below the fastest to above the slowest in sight, on whole decades. */
  #latencyRange(): [number, number] {
    const [from] = this.#range();
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (const { atMs, buckets, maxUs } of this.#frames) {
      if (atMs / 1000 < from || buckets.length === 0) continue;
      low = Math.min(low, bucketStartUs(buckets[0]!));
      high = Math.max(high, maxUs ?? 0);
    }
    if (high === 0) return [1, 10_000];
    return [10 ** Math.floor(Math.log10(Math.max(0.1, low))), 10 ** Math.ceil(Math.log10(high))];
  }

  /** Frame by frame: its second's left and right edge in canvas pixels. */
  #eachFrame(chart: uPlot, draw: (frame: Frame, left: number, width: number) => void): void {
    const [from] = this.#range();
    for (const frame of this.#frames) {
      const end = frame.atMs / 1000;
      if (end <= from) continue;
      const left = Math.max(chart.bbox.left, chart.valToPos(end - frame.seconds, 'x', true));
      draw(frame, left, Math.max(1, chart.valToPos(end, 'x', true) - left));
    }
  }

  #drawHeat(chart: uPlot): void {
    const { ctx } = chart;
    const [low, high] = [rgb(css('--heat-low')), rgb(css('--heat-high'))];
    ctx.save();
    ctx.beginPath();
    ctx.rect(chart.bbox.left, chart.bbox.top, chart.bbox.width, chart.bbox.height);
    ctx.clip();
    this.#eachFrame(chart, ({ buckets }, left, width) => {
      let most = 1;
      for (let i = 1; i < buckets.length; i += 2) most = Math.max(most, buckets[i]!);
      for (let i = 0; i < buckets.length; i += 2) {
        const bucket = buckets[i]!;
        // Even a single request is seen: the tail is what one looks for.
        const strength = 0.12 + 0.88 * (Math.log1p(buckets[i + 1]!) / Math.log1p(most));
        const top = chart.valToPos(bucketStartUs(bucket + 1), 'y', true);
        const bottom = chart.valToPos(Math.max(0.03, bucketStartUs(bucket)), 'y', true);
        ctx.fillStyle = mix(low, high, strength);
        ctx.fillRect(left, top, width, Math.max(1.5, bottom - top));
      }
    });
    ctx.restore();
  }

  #drawCauses(chart: uPlot): void {
    const { ctx } = chart;
    this.#eachFrame(chart, ({ causes }, left, width) => {
      let below = 0;
      for (const cause of CAUSES) {
        const share = causes.find((each) => each.cause === cause)?.share ?? 0;
        if (share === 0) continue;
        const top = chart.valToPos(below + share, 'y', true);
        ctx.fillStyle = css(`--cause-${cause}`);
        ctx.fillRect(left, top, Math.max(1, width - 1), chart.valToPos(below, 'y', true) - top);
        below += share;
      }
    });
  }

  #drawLanes(chart: uPlot): void {
    const { ctx } = chart;
    const [from] = this.#range();
    const laneHeight = chart.bbox.height / LANES.length;
    const topOf = (lane: number): number => chart.bbox.top + lane * laneHeight;
    ctx.fillStyle = css('--sheet');
    for (let lane = 0; lane < LANES.length; lane += 2)
      ctx.fillRect(chart.bbox.left, topOf(lane), chart.bbox.width, laneHeight);
    const bar = (lane: number, startSec: number, durationUs: number): void => {
      if (lane < 0 || startSec < from) return;
      const left = chart.valToPos(startSec, 'x', true);
      const width = chart.valToPos(startSec + durationUs / 1e6, 'x', true) - left;
      // Its height says how long it was: 50 us a fifth, 10 ms and more all of the lane.
      const height =
        laneHeight * Math.min(0.9, 0.2 + 0.7 * (Math.log10(Math.max(50, durationUs) / 50) / Math.log10(200)));
      ctx.fillRect(left, topOf(lane) + laneHeight - height, Math.max(2, width), height);
    };
    for (const frame of this.#frames) {
      for (const piece of frame.lanes) {
        ctx.fillStyle = css(`--cause-${piece.kind === 'command' ? 'execution' : piece.kind}`);
        bar(LANES.indexOf(piece.kind), piece.startMs / 1000, piece.durationUs);
      }
    }
  }

  #drawPick(chart: uPlot): void {
    if (this.#pickedSec === undefined) return;
    const at = chart.valToPos(this.#pickedSec, 'x', true);
    if (at < chart.bbox.left || at > chart.bbox.left + chart.bbox.width) return;
    const { ctx } = chart;
    ctx.save();
    ctx.strokeStyle = css('--ink');
    ctx.lineWidth = 2;
    ctx.setLineDash([5, 3]);
    ctx.beginPath();
    ctx.moveTo(at, chart.bbox.top);
    ctx.lineTo(at, chart.bbox.top + chart.bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}

/** Keys of both legends. */
export function showLegends(): void {
  const key = (text: string, colour: string, isLine: boolean): HTMLElement => {
    const span = document.createElement('span');
    const swatch = document.createElement('i');
    swatch.style.background = `var(${colour})`;
    if (isLine) swatch.className = 'line';
    span.append(swatch, text);
    return span;
  };
  document
    .getElementById('heat-legend')!
    .replaceChildren(
      key('p50', '--p50', true),
      key('p99', '--p99', true),
      key('p99.9', '--p999', true),
      key('few requests', '--heat-low', false),
      key('most of the second', '--heat-high', false),
    );
  document
    .getElementById('cause-legend')!
    .replaceChildren(...CAUSES.map((cause) => key(CAUSE_WORDS[cause], `--cause-${cause}`, false)));
}

type Rgb = [number, number, number];

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;

const mix = (low: Rgb, high: Rgb, share: number): string =>
  `rgb(${low.map((channel, i) => Math.round(channel + (high[i]! - channel) * share)).join(' ')})`;
