/**
 * What a running session shows whoever looks: it keeps references to what the session has anyway, and makes frames of it only while
 * somebody listens. Nothing here asks for a figure that the session would not have without it: ratios are those of its own
 * analysis, every half minute, and the running block's latencies come with the generator's progress.
 */
import type { Effort, ExperimentDefinition } from '../experiments/definition.ts';
import type { Audience } from '../experiments/labBench.ts';
import type {
  BlockResult,
  Comparison,
  ExperimentResult,
  MetricId,
  SessionPlan,
  SessionResult,
} from '../experiments/result.ts';
import type { BlockProgress, SessionProgress } from '../experiments/runner.ts';
import type { PlannedBlock } from '../experiments/schedule.ts';
import type { SessionCell, SessionCells } from '../experiments/sessionCells.ts';
import type { GeneratorMessage } from '../load/protocol.ts';
import { columnOf } from './latencyColumns.ts';
import type {
  BlockFrame,
  RatioFrame,
  RunningFrame,
  ScenarioOutline,
  SessionEvent,
  SessionOutline,
  SessionState,
} from './sessionEvent.ts';
import { atStart } from './sessionState.ts';

/** What is known of a session before it runs. */
export interface SessionFacts {
  readonly definitions: readonly ExperimentDefinition[];
  readonly cells: SessionCells;
  readonly effort: Effort;
  readonly seed: number;
  readonly baselineMissing?: string;
}

/** Of a block only what stands beside a target's name. */
const SHOWN_METRICS: readonly MetricId[] = [
  'throughput-ops-per-sec',
  'latency-p99-us',
  'cpu-us-per-request',
  'memory-bytes-per-key-rss',
];

export class SessionFeed implements SessionProgress, Audience {
  readonly #facts: SessionFacts;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #notes: string[] = [];
  #visits = 0;
  #plan: SessionPlan | undefined;
  #session: SessionResult | undefined;
  #running: RunningFrame | undefined;
  #ended: string | undefined;
  #targetsTold = 0;
  #ratiosTold: readonly ExperimentResult[] | undefined;

  constructor(facts: SessionFacts) {
    this.#facts = facts;
  }

  get isPresent(): boolean {
    return this.#listeners.size > 0;
  }

  get visits(): number {
    return this.#visits;
  }

  /** Somebody asks for something. */
  visited(): void {
    this.#visits += 1;
  }

  /** Tells the whole session at once, then what changes it. Returns what ends it. */
  listen(hear: (event: SessionEvent) => void): () => void {
    this.#listeners.add(hear);
    hear({ kind: 'session', state: this.#state() });
    return () => this.#listeners.delete(hear);
  }

  note(line: string): void {
    this.#notes.push(line);
    this.#tell(() => ({ kind: 'note', line }));
  }

  planned(plan: SessionPlan, session: SessionResult): void {
    this.#plan = plan;
    this.#session = session;
    this.#tell(() => ({ kind: 'outline', outline: this.#outline() }));
  }

  blockStarted(block: PlannedBlock, progress: BlockProgress): void {
    const { experimentId, scenarioId, targetId, pair } = block;
    const running = { experimentId, scenarioId, targetId, pair, ...progress, columns: [] };
    const described = this.#session?.targets.length ?? 0;
    // Targets say who they are when the plan is made, and again more when time was left for more pairs.
    if (described !== this.#targetsTold || progress.pairsTotal !== this.#running?.pairsTotal) {
      this.#targetsTold = described;
      this.#tell(() => ({ kind: 'outline', outline: this.#outline() }));
    }
    this.#running = running;
    this.#tell(() => ({ kind: 'started', running }));
  }

  hear(message: GeneratorMessage): void {
    const running = this.#running;
    if (running === undefined) return;
    if (message.type === 'phase') {
      const { phase } = message;
      this.#running = { ...running, phase };
      this.#tell(() => ({ kind: 'phase', phase }));
    } else if (message.type === 'progress' && message.intervals !== undefined) {
      const columns = message.intervals.map(columnOf);
      this.#running = { ...running, columns: [...running.columns, ...columns] };
      this.#tell(() => ({ kind: 'measured', columns }));
    }
  }

  blockEnded(block: BlockResult): void {
    if (this.#running !== undefined) this.#running = atStart(this.#running);
    if (!block.accepted)
      this.note(`Rejected ${block.id} (${block.targetId}): ${block.rejections.join('; ')}`);
    this.#tell(() => ({ kind: 'block', block: blockFrame(block) }));
    const { experiments } = this.#session ?? {};
    if (experiments === this.#ratiosTold) return;
    this.#ratiosTold = experiments;
    this.#tell(() => ({ kind: 'ratios', ratios: this.#ratios() }));
  }

  ended(session: SessionResult): void {
    this.#running = undefined;
    const text = session.complete
      ? 'The session is complete: its report has the verdicts.'
      : `${session.interruption ?? 'The session ended early.'} Its report covers what was finished.`;
    this.#ended = text;
    this.#tell(() => ({ kind: 'ratios', ratios: this.#ratios() }));
    this.#tell(() => ({ kind: 'ended', text }));
  }

  /** @param event is made only for somebody. */
  #tell(event: () => SessionEvent): void {
    if (this.#listeners.size === 0) return;
    const made = event();
    for (const hear of this.#listeners) hear(made);
  }

  #state(): SessionState {
    return {
      outline: this.#outline(),
      blocks: this.#session?.blocks.map(blockFrame) ?? [],
      ratios: this.#ratios(),
      notes: [...this.#notes],
      ...(this.#running === undefined ? {} : { running: this.#running }),
      ...(this.#ended === undefined ? {} : { ended: this.#ended }),
    };
  }

  #outline(): SessionOutline {
    const { definitions, cells, effort, seed, baselineMissing } = this.#facts;
    return {
      effort,
      seed,
      isPlanned: this.#plan !== undefined,
      experiments: definitions.map(({ id, title }) => ({ id, title })),
      scenarios: cells.cells.map((cell) => this.#scenario(cell)),
      targets: (this.#session?.targets ?? []).map(({ id, label, kind }) => ({ id, label, kind })),
      ...(baselineMissing === undefined ? {} : { baselineMissing }),
    };
  }

  #scenario({ experimentId, scenario, arms }: SessionCell): ScenarioOutline {
    const { definitions, cells } = this.#facts;
    const comparisons =
      cells.noise?.experimentId === experimentId
        ? [{ ...cells.noise, primary: true }]
        : (definitions.find(({ id }) => id === experimentId)?.comparisons ?? []);
    const primary = comparisons.find(
      (each) => each.primary && arms.includes(each.a) && arms.includes(each.b),
    );
    const first = primary === undefined ? [] : [primary.a, primary.b];
    const planned = this.#plan?.cells.find(
      (cell) => cell.experimentId === experimentId && cell.scenarioId === scenario.id,
    );
    return {
      experimentId,
      scenarioId: scenario.id,
      label: scenario.label,
      loop: scenario.kind === 'memory' ? 'memory' : scenario.loop.kind,
      targets: [...new Set([...first, ...arms])],
      ...(primary === undefined ? {} : { a: primary.a, b: primary.b }),
      pairs: planned?.pairs ?? 0,
    };
  }

  /** Of the metrics that were declared to decide, and the A/A arm's. */
  #ratios(): RatioFrame[] {
    if (this.#session === undefined) return [];
    const deciding = this.#session.experiments.flatMap(({ scenarios, comparisons }) =>
      comparisons.filter(({ scenarioId, metric }) =>
        scenarios.some(({ id, decides }) => id === scenarioId && decides.includes(metric)),
      ),
    );
    return [...deciding, ...this.#session.noiseFloor].map(ratioFrame);
  }
}

function ratioFrame(comparison: Comparison): RatioFrame {
  const { experimentId, scenarioId, metric, a, b, ratio, pairs, higherIsBetter } = comparison;
  return { experimentId, scenarioId, metric, a, b, ratio, pairs, higherIsBetter };
}

function blockFrame(block: BlockResult): BlockFrame {
  const { id, experimentId, scenarioId, targetId, pair, accepted, metrics, intervals } = block;
  return {
    id,
    experimentId,
    scenarioId,
    targetId,
    pair,
    isAccepted: accepted,
    metrics: Object.fromEntries(
      SHOWN_METRICS.filter((metric) => metrics[metric] !== undefined).map((metric) => [
        metric,
        metrics[metric]!,
      ]),
    ),
    columns: accepted ? intervals.map(columnOf) : [],
  };
}
