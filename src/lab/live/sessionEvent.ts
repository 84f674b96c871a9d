/**
 * What the page of a running session is told: plain data, the same for every listener. Each begins with the whole session so far
 * (`session`); what follows changes it (`sessionState.ts`).
 */
import type { Effort } from '../experiments/definition.ts';
import type { Comparison, MetricId, ScenarioDescription, TargetKind } from '../experiments/result.ts';
import type { LoadPhase } from '../load/protocol.ts';

export interface ScenarioOutline {
  readonly experimentId: string;
  readonly scenarioId: string;
  readonly label: string;
  readonly loop: ScenarioDescription['loop'];
  /** Target ids in the order they stand side by side: A, B, then the others. */
  readonly targets: readonly string[];
  /** Of the primary comparison; absent where the scenario has none. */
  readonly a?: string;
  readonly b?: string;
  /** As planned; 0 while the session plans. */
  readonly pairs: number;
}

export interface TargetOutline {
  readonly id: string;
  readonly label: string;
  readonly kind: TargetKind;
}

/** What the session is about; changes when it has been planned and when a target has said who it is. */
export interface SessionOutline {
  readonly effort: Effort;
  readonly seed: number;
  readonly isPlanned: boolean;
  readonly experiments: readonly { readonly id: string; readonly title: string }[];
  readonly scenarios: readonly ScenarioOutline[];
  readonly targets: readonly TargetOutline[];
  /** Why there is no Redis beside the others. */
  readonly baselineMissing?: string;
}

/** Requests of one interval, by latency. */
export interface LatencyColumn {
  readonly durationMs: number;
  readonly count: number;
  /** Bucket, count, bucket, count, ...: those of `LatencyInterval` that hold anything. */
  readonly buckets: readonly number[];
}

export interface BlockFrame {
  readonly id: string;
  readonly experimentId: string;
  readonly scenarioId: string;
  readonly targetId: string;
  readonly pair: number;
  readonly isAccepted: boolean;
  readonly metrics: Readonly<Partial<Record<MetricId, number>>>;
  /** Of an accepted block; what a rejected one measured is shown nowhere. */
  readonly columns: readonly LatencyColumn[];
}

/** The block that runs now. */
export interface RunningFrame {
  readonly experimentId: string;
  readonly scenarioId: string;
  readonly targetId: string;
  readonly pair: number;
  readonly pairsDone: number;
  readonly pairsTotal: number;
  /** When the block began. */
  readonly leftSec: number;
  /** Undefined until the generator runs: the target is being started. */
  readonly phase?: LoadPhase;
  /** Measured so far. */
  readonly columns: readonly LatencyColumn[];
}

/** One deciding metric, B against A, from the pairs so far: what the session knows, without what only its end may say. */
export type RatioFrame = Pick<
  Comparison,
  'experimentId' | 'scenarioId' | 'metric' | 'a' | 'b' | 'ratio' | 'pairs' | 'higherIsBetter'
>;

export interface SessionState {
  readonly outline: SessionOutline;
  readonly blocks: readonly BlockFrame[];
  readonly ratios: readonly RatioFrame[];
  readonly notes: readonly string[];
  readonly running?: RunningFrame;
  /** How the session ended. */
  readonly ended?: string;
}

export type SessionEvent =
  | { readonly kind: 'session'; readonly state: SessionState }
  | { readonly kind: 'outline'; readonly outline: SessionOutline }
  | { readonly kind: 'started'; readonly running: RunningFrame }
  | { readonly kind: 'phase'; readonly phase: LoadPhase }
  | { readonly kind: 'measured'; readonly columns: readonly LatencyColumn[] }
  | { readonly kind: 'block'; readonly block: BlockFrame }
  | { readonly kind: 'ratios'; readonly ratios: readonly RatioFrame[] }
  | { readonly kind: 'note'; readonly line: string }
  | { readonly kind: 'ended'; readonly text: string };
