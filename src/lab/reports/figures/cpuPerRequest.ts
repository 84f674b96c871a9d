/** Server CPU per request, user and system stacked: medians over accepted blocks, one bar a target. */
import { median } from 'simple-statistics';
import type { BlockResult, MetricId, ScenarioDescription } from '../../experiments/result.ts';
import { type Bar, drawBars } from '../drawing/bars.ts';
import { finite, latencyTick, significant } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';

export interface CpuPerRequest {
  targetId: string;
  userUs: number;
  systemUs: number;
}

export function cpuPerRequest(view: SessionView, blocks: readonly BlockResult[]): CpuPerRequest[] {
  return [...Map.groupBy(blocks, ({ targetId }) => targetId)]
    .flatMap(([targetId, own]) => {
      const userUs = medianOf(own, 'cpu-user-us-per-request');
      const systemUs = medianOf(own, 'cpu-system-us-per-request');
      return userUs === undefined || systemUs === undefined ? [] : [{ targetId, userUs, systemUs }];
    })
    .toSorted((x, y) => view.styleIndex(x.targetId) - view.styleIndex(y.targetId));
}

function medianOf(blocks: readonly BlockResult[], metric: MetricId): number | undefined {
  const values = blocks.map(({ metrics }) => metrics[metric]).filter(finite);
  return values.length > 0 ? median(values) : undefined;
}

export function cpuFigure(
  view: SessionView,
  scenario: ScenarioDescription,
  rows: readonly CpuPerRequest[],
): Markup | undefined {
  if (rows.length === 0) return undefined;
  const bars = rows.map(
    ({ targetId, userUs, systemUs }): Bar => ({
      name: view.name(targetId),
      styleIndex: view.styleIndex(targetId),
      parts: [
        { value: userUs, className: 'extra' },
        { value: systemUs, className: 'base' },
      ],
      text: `${significant(userUs + systemUs)} = ${significant(userUs)} + ${significant(systemUs)}`,
    }),
  );
  const largest = Math.max(...rows.map(({ userUs, systemUs }) => userUs + systemUs));
  return html`<figure><figcaption>${scenario.label}</figcaption>${drawBars(
    `CPU per request, ${scenario.label}`,
    bars,
    largest,
    latencyTick,
  )}<p class="note">µs per request. Full colour: user. Tinted: system (the kernel's sockets).</p></figure>`;
}
