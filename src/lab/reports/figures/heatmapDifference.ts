/**
 * The difference of two heatmaps: per latency bucket and stretch of time, the candidate's share of requests minus the reference's.
 *
 * Shares and not counts, because the two answered different numbers of requests. The magnitude is drawn on a logarithmic scale, the same in
 * both directions: a stall that takes one request in a thousand is a quarter of the way to the strongest colour, where a linear
 * scale would show the body and nothing else. Orange is more and blue is less, as in the flamegraphs; neither is good or bad by
 * itself, its place on the latency axis says which.
 */
import type { BlockResult, Comparison } from '../../experiments/result.ts';
import { divergingColour, type Rgb } from '../drawing/colourRamp.ts';
import { html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';
import { type BucketRange, type IntervalPair, pairedColumnsOf, sharesOf } from './heatmapColumns.ts';
import { drawHeatPanel, heatLegend } from './heatmapPanel.ts';

/** One in ten thousand: smaller differences count as none. */
const DIFFERENCE_MIN = 1e-4;
/** Of each direction. */
const PALETTE_STEPS = 31;
/** Palette indices: 0 nothing on either side, then no difference, then from the strongest "less" to the strongest "more". */
const NEUTRAL = 1;
const MIDDLE = NEUTRAL + PALETTE_STEPS;

/** A panel for each comparison, below a legend; nothing where no pair has both blocks. */
export function differencePanels(
  view: SessionView,
  byTarget: ReadonlyMap<string, readonly BlockResult[]>,
  comparisons: readonly Pick<Comparison, 'a' | 'b'>[],
  rows: BucketRange,
): Markup | undefined {
  const panels = [...new Map(comparisons.map((each) => [JSON.stringify([each.a, each.b]), each])).values()]
    .map(({ a, b }) => ({ a, b, ...pairedColumnsOf(byTarget.get(a) ?? [], byTarget.get(b) ?? []) }))
    .filter(({ columns }) => columns.length > 0);
  if (panels.length === 0) return undefined;
  return html`<div class="heat-difference">${legend()}${panels.map(({ a, b, ...columns }) =>
    drawHeatPanel(
      {
        ...columns,
        heading: html`<b>${view.name(b)}</b> minus <b>${view.name(a)}</b>`,
        title: `Difference of latency over time, ${view.name(b)} minus ${view.name(a)}`,
        shades: differenceShades,
        palette,
      },
      rows,
    ),
  )}<p class="note">Orange: more requests took this long under the first than under the second; blue: fewer. Orange low and blue high up is an improvement. Pairs of blocks in order, each by time since its start; a colour that keeps its place from pair to pair is a difference, one that comes and goes is chance.</p></div>`;
}

/** Per bucket the candidate's share minus the reference's; undefined where neither has a request. */
export function shareDifferences({ a, b }: IntervalPair): (number | undefined)[] {
  const [sharesA, sharesB] = [sharesOf(a), sharesOf(b)];
  return Array.from({ length: Math.max(sharesA.length, sharesB.length) }, (_, bucket) => {
    const [shareA, shareB] = [sharesA[bucket] ?? 0, sharesB[bucket] ?? 0];
    return shareA === 0 && shareB === 0 ? undefined : shareB - shareA;
  });
}

/** Palette index of every bucket. An interval in which one side has no request at all says nothing of the difference. */
export function differenceShades(pair: IntervalPair): number[] {
  const isOneSided = sharesOf(pair.a).length === 0 || sharesOf(pair.b).length === 0;
  return isOneSided ? [] : shareDifferences(pair).map(shadeOf);
}

function shadeOf(difference: number | undefined): number {
  if (difference === undefined) return 0;
  const magnitude = Math.abs(difference);
  if (magnitude < DIFFERENCE_MIN) return NEUTRAL;
  const strength = 1 - Math.log10(magnitude) / Math.log10(DIFFERENCE_MIN);
  const step = 1 + Math.round(strength * (PALETTE_STEPS - 1));
  return difference > 0 ? MIDDLE + step : MIDDLE + 1 - step;
}

function palette(onDark: boolean): Rgb[] {
  const colours: Rgb[] = [[0, 0, 0], divergingColour(0, onDark)];
  for (let step = -PALETTE_STEPS; step <= PALETTE_STEPS; step++)
    if (step !== 0) colours.push(divergingColour(step / PALETTE_STEPS, onDark));
  return colours;
}

const legend = (): Markup =>
  heatLegend(
    'Difference of the shares in percentage points, logarithmic from ±0.01',
    ['−100', '+100'],
    (t, onDark) => divergingColour(2 * t - 1, onDark),
  );
