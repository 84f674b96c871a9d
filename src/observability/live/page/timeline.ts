/**
 * Three charts on one time axis: where requests' durations lay, what the tail's time went to, and what the threads did beside requests.
 * uPlot keeps axes and cursors together; what a cell of a heatmap or a lane is, is drawn here.
 */
import uPlot from '/vendor/uPlot.esm.js';
import { bucketStartUs } from '../../../base/latencyBuckets.ts';
import { element, legendKey } from '../../../page/elements.ts';
import {
  axisStyle,
  css,
  drawHeat,
  type HeatColumn,
  type HeatScale,
  heatKeys,
  latencyAxis,
  percentileData,
  percentileSeries,
  wholeDecades,
} from '../../../page/heatmap.ts';
import { CAUSE_WORDS, CAUSES } from '../../attribution/causes.ts';
import type { Frame } from '../frame.ts';

/** Room for the labels on the left, the same in all three, so that their seconds stand below each other. */
const AXIS_PX = 84;
/** What a young server's charts show at least. */
const WINDOW_SEC_MIN = 20;
const LANES = ['run-queue', 'gc', 'expiry', 'release', 'eviction', 'growth', 'fsync', 'snapshot', 'command'];
const LANE_WORDS: Record<string, string> = { 'run-queue': 'no core', command: 'commands' };
const HEIGHTS_PX = { heat: 280, causes: 90, lanes: 190 };

/** A count is held against the second's fullest bucket: one server is looked at, whatever its load. */
const SCALE: HeatScale = {
  bucketStartUs,
  strengthIn({ buckets }: HeatColumn) {
    let most = 1;
    for (let i = 1; i < buckets.length; i += 2) most = Math.max(most, buckets[i]!);
    return (count) => Math.log1p(count) / Math.log1p(most);
  },
};

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
      ...percentileData([
        frames.map(({ p50Us }) => p50Us),
        frames.map(({ p99Us }) => p99Us),
        frames.map(({ p999Us }) => p999Us),
      ]),
    ] as uPlot.AlignedData);
    causes.setData([seconds, none] as uPlot.AlignedData);
    lanes.setData([seconds, none] as uPlot.AlignedData);
  }

  #build(): void {
    for (const chart of this.#charts) chart.destroy();
    const axis = axisStyle();
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
          series: [{}, ...percentileSeries()],
          axes: [noTime, latencyAxis(AXIS_PX)],
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
    return wholeDecades(low, high);
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
    const [from] = this.#range();
    const columns = this.#frames
      .filter(({ atMs }) => atMs / 1000 > from)
      .map(({ atMs, seconds, buckets }) => ({ from: atMs / 1000 - seconds, to: atMs / 1000, buckets }));
    drawHeat(chart, columns, SCALE);
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
  element('heat-legend').replaceChildren(...heatKeys('most of the second'));
  element('cause-legend').replaceChildren(
    ...CAUSES.map((cause) => legendKey(CAUSE_WORDS[cause], `--cause-${cause}`, 'area')),
  );
}
