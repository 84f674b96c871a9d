/**
 * Latency over time: one panel a target, all blocks in the order they ran, one latency axis and one colour scale for the whole
 * figure. Colour is the share of an interval's requests that fell into a latency bucket, logarithmic, because the tail that matters is one in
 * a thousand. A bucket without requests is transparent. Below them, a panel for each comparison that was made: how the shares differ.
 */
import type {
  BlockResult,
  Comparison,
  LatencyInterval,
  ScenarioDescription,
} from '../../experiments/result.ts';
import { type Rgb, rampColour } from '../drawing/colourRamp.ts';
import { duration, finite } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';
import { type BucketRange, bucketRange, columnsOf, type HeatColumns, sharesOf } from './heatmapColumns.ts';
import { differencePanels } from './heatmapDifference.ts';
import { drawHeatPanel, heatLegend } from './heatmapPanel.ts';

/** One in a hundred thousand: below it a single slow request of a busy second would vanish. */
const SHARE_MIN = 1e-5;
const PALETTE_STEPS = 63;

/** @param comparisons of the scenario: which targets are held against which. */
export function heatmapFigure(
  view: SessionView,
  scenario: ScenarioDescription,
  blocks: readonly BlockResult[],
  comparisons: readonly Pick<Comparison, 'a' | 'b'>[],
): Markup | undefined {
  const byTarget = Map.groupBy(blocks, ({ targetId }) => targetId);
  const panels = [...byTarget]
    .map(([targetId, own]) => ({ targetId, ...columnsOf(own) }))
    .filter(({ columns }) => columns.length > 0)
    .toSorted((x, y) => view.styleIndex(x.targetId) - view.styleIndex(y.targetId));
  const rows = bucketRange(panels.flatMap(({ columns }) => columns));
  if (!rows) return undefined;
  return html`<figure class="wide"><figcaption>${scenario.label}</figcaption>${legend()}${panels.map(
    (panel) => sharePanel(view, panel, rows),
  )}<div class="x-title heat-title">Accepted blocks end to end in the order they ran; a line marks where a fresh process took over</div>${differencePanels(
    view,
    byTarget,
    comparisons,
    rows,
  )}</figure>`;
}

function sharePanel(
  view: SessionView,
  { targetId, ...columns }: { targetId: string } & HeatColumns<LatencyInterval>,
  rows: BucketRange,
): Markup {
  const seconds =
    columns.columns.reduce((sum, { durationMs }) => sum + (finite(durationMs) ? durationMs : 0), 0) / 1000;
  return drawHeatPanel(
    {
      ...columns,
      heading: html`<b>${view.name(targetId)}</b> · ${duration(seconds)}`,
      title: `Latency over time, ${view.name(targetId)}`,
      shades: (interval) => sharesOf(interval).map(shadeOf),
      palette,
    },
    rows,
  );
}

/** Palette index 1..63 by the logarithm of the share; 0 is "none". */
function shadeOf(share: number): number {
  if (share === 0) return 0;
  const t = 1 - Math.log10(Math.max(share, SHARE_MIN)) / Math.log10(SHARE_MIN);
  return 1 + Math.round(t * (PALETTE_STEPS - 1));
}

function palette(onDark: boolean): Rgb[] {
  const colours: Rgb[] = [[0, 0, 0]];
  for (let i = 0; i < PALETTE_STEPS; i++) colours.push(rampColour(i / (PALETTE_STEPS - 1), onDark));
  return colours;
}

const legend = (): Markup => heatLegend("Share of the interval's requests", ['0.001 %', '100 %'], rampColour);
