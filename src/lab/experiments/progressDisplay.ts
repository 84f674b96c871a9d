/**
 * What a session shows while it runs: a bar with the time left on a terminal, plain lines elsewhere. The time left is the planner's, which
 * knows what pairs of each cell really cost, not the bar's own extrapolation.
 */
import { Presets, SingleBar } from 'cli-progress';
import { clock } from '../../page/text.ts';
import type { BlockResult, SessionPlan, SessionResult } from './result.ts';
import type { BlockProgress, SessionProgress } from './runner.ts';
import type { PlannedBlock } from './schedule.ts';

export interface ProgressOutput {
  isTty: boolean;
  write(text: string): void;
}

/** Plain lines: at most one per tenth of the way, so that a log stays readable. */
const plainSteps = 10;

export class ProgressDisplay implements SessionProgress {
  readonly #output: ProgressOutput;
  #bar: SingleBar | undefined;
  #plainStep = -1;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  note(line: string): void {
    this.#line(line);
  }

  planned(plan: SessionPlan): void {
    this.#line(planText(plan));
    const pairs = plan.cells.reduce((sum, cell) => sum + cell.pairs, 0);
    if (!this.#output.isTty || pairs === 0) return;
    this.#bar = new SingleBar(
      {
        format: '{bar} {percentage}% | {left} left | {what}',
        hideCursor: true,
        barsize: 24,
        gracefulExit: false,
      },
      Presets.shades_classic,
    );
    this.#bar.start(pairs, 0, { left: clock(plan.expectedSec), what: '' });
  }

  blockStarted(block: PlannedBlock, { pairsDone, pairsTotal, leftSec }: BlockProgress): void {
    const what = `${block.experimentId}/${block.scenarioId} pair ${block.pair + 1} ${block.targetId}`;
    this.#bar?.setTotal(pairsTotal);
    this.#bar?.update(pairsDone, { left: clock(leftSec), what });
    const step = Math.floor((pairsDone / pairsTotal) * plainSteps);
    if (this.#output.isTty || step <= this.#plainStep) return;
    this.#plainStep = step;
    this.#line(`${pairsDone} of ${pairsTotal} pairs done, about ${clock(leftSec)} left; now ${what}`);
  }

  blockEnded(block: BlockResult): void {
    if (!block.accepted)
      this.#line(`rejected ${block.id} (${block.targetId}): ${block.rejections.join('; ')}`);
  }

  ended(_session: SessionResult): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  /** A line above the bar: the bar is drawn again below it. */
  #line(text: string): void {
    if (this.#bar === undefined) this.#output.write(`${text}\n`);
    else this.#output.write(`\r\u001b[K${text}\n`);
  }
}

/** What is about to happen: cells, pairs, minutes. */
export function planText(plan: SessionPlan): string {
  const width = Math.max(
    ...plan.cells.map(({ experimentId, scenarioId }) => experimentId.length + scenarioId.length + 1),
  );
  const cells = plan.cells.map(
    ({ experimentId, scenarioId, arms, pairs, pairSec }) =>
      `  ${`${experimentId}/${scenarioId}`.padEnd(width)}  ${String(pairs).padStart(2)} x (${arms.join(' ')})  ${pairSec.toFixed(1)} s each`,
  );
  return [
    `Plan: ${plan.cells.length} cells, about ${clock(plan.expectedSec)} of blocks, limit ${clock(plan.limitSec)}`,
    ...cells,
    ...plan.notes.map((note) => `  note: ${note}`),
  ].join('\n');
}
