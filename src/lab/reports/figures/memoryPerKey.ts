/** Memory per key: bars split into payload (key and value) and overhead, and the points whose slope they are. */
import type { ExperimentResult, MemoryFit } from '../../experiments/result.ts';
import { type Bar, drawBars } from '../drawing/bars.ts';
import { drawPlot, labelLines } from '../drawing/plot.ts';
import { linearScale } from '../drawing/scale.ts';
import { bytes, compactTick, finite, significant } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';

export function memoryFigures(view: SessionView, experiment: ExperimentResult): Markup[] {
  const groups = [...Map.groupBy(experiment.memory, ({ label }) => label)].map(
    ([label, fits]) =>
      [label, fits.toSorted((x, y) => view.styleIndex(x.targetId) - view.styleIndex(y.targetId))] as const,
  );
  // One axis for all bars of an experiment: 8-byte and 64-byte values can then be held against each other.
  const slopeMax = Math.max(0, ...experiment.memory.map((fit) => fit.slopeRssBytesPerKey).filter(finite));
  return groups.flatMap(([label, fits]) => {
    const figures = [barFigure(view, label, fits, slopeMax), fitFigure(view, label, fits)];
    return figures.filter((figure) => figure !== undefined);
  });
}

function barFigure(
  view: SessionView,
  label: string,
  fits: readonly MemoryFit[],
  slopeMax: number,
): Markup | undefined {
  const usable = fits.filter((fit) => finite(fit.slopeRssBytesPerKey));
  if (usable.length === 0) return undefined;
  const bars = usable.map((fit): Bar => {
    const payload = fit.keyBytes + fit.valueBytes;
    return {
      name: view.name(fit.targetId),
      styleIndex: view.styleIndex(fit.targetId),
      parts: [
        { value: payload, className: 'base' },
        { value: finite(fit.overheadBytesPerKey) ? fit.overheadBytesPerKey : 0, className: 'extra' },
      ],
      text: `${significant(fit.slopeRssBytesPerKey)} = ${significant(payload)} + ${significant(fit.overheadBytesPerKey)}`,
    };
  });
  return html`<figure><figcaption>${label}: bytes per key</figcaption>${drawBars(
    `Memory per key, ${label}`,
    bars,
    slopeMax,
    (value) => `${compactTick(value)} B`,
  )}<p class="note">Tinted: key and value. Full colour: overhead.</p></figure>`;
}

function fitFigure(view: SessionView, label: string, fits: readonly MemoryFit[]): Markup | undefined {
  const series = fits
    .map((fit) => ({
      styleIndex: view.styleIndex(fit.targetId),
      label: labelLines(view.name(fit.targetId)),
      markers: true,
      points: fit.points
        .filter(({ keys, rssBytes }) => finite(keys) && finite(rssBytes))
        .map(({ keys, rssBytes }) => ({ x: keys, y: rssBytes }))
        .toSorted((a, b) => a.x - b.x),
    }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return undefined;
  const all = series.flatMap(({ points }) => points);
  return html`<figure><figcaption>${label}: resident memory by number of keys</figcaption>${drawPlot({
    title: `Resident memory by number of keys, ${label}`,
    heightPx: 170,
    labelWidthPx: 104,
    x: linearScale(Math.max(...all.map(({ x }) => x)), compactTick, 4),
    y: linearScale(
      Math.max(...all.map(({ y }) => y)) / 2 ** 20,
      (mebibytes) => bytes(mebibytes * 2 ** 20),
      4,
    ),
    xTitle: 'Keys',
    yTitle: 'Resident memory (RSS)',
    series: series.map((one) => ({ ...one, points: one.points.map(({ x, y }) => ({ x, y: y / 2 ** 20 })) })),
  })}</figure>`;
}
