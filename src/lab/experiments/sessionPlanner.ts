/**
 * What happens before the first block: the generator's ceiling, the cost of blocks here and now, and the plan that follows.
 *
 * Costs are measured, not assumed, because they differ tenfold between machines and between targets (a Node process starts slower than
 * a C one), and a promise to end within ten minutes is worth nothing if it holds on one machine only.
 */
import type { Clock } from '../../ports/clock.ts';
import { acceptanceLimits, rejectionRules } from './acceptance.ts';
import type { Bench } from './bench.ts';
import { blockSec, cellKeyOf, costKey, guessedFixedSec } from './blockCosts.ts';
import type { Effort, ExperimentDefinition } from './definition.ts';
import { type EffortPlan, effortPlan, stoppingRule } from './effort.ts';
import {
  type CellCost,
  decisiveSec,
  isShort,
  type PairCosts,
  type PlannedCell,
  planPairs,
} from './planner.ts';
import type { SessionPlan, SessionResult } from './result.ts';
import { cellKey, loadSeed } from './schedule.ts';
import { type SessionCell, type SessionCells, sessionCells } from './sessionCells.ts';
import { estimateSession, pairsDecisive } from './sessionEstimate.ts';

const calibrationTimeoutSec = 30;
/** Share of the limit by which ceiling and calibration must be over. */
const calibrationShareMax = 0.15;

export interface PlannerInput {
  definitions: readonly ExperimentDefinition[];
  cells: SessionCells;
  effort: Effort;
  effortPlan: EffortPlan;
  seed: number;
  /** Exactly this many pairs in every cell, if given (still within the limit). */
  pairs?: number;
  /** Targets of one class start and load alike: one calibration stands for all. Each target is a class of its own if absent. */
  costClass?: (targetId: string) => string;
}

export class SessionPlanner {
  readonly #input: PlannerInput;
  readonly #bench: Bench;
  readonly #clock: Clock;
  readonly #note: (line: string) => void;

  constructor(input: PlannerInput, bench: Bench, clock: Clock, note: (line: string) => void) {
    this.#input = input;
    this.#bench = bench;
    this.#clock = clock;
    this.#note = note;
  }

  /** Against the null responder, for every closed-loop depth of the session. The best of a few: a ceiling is what can be reached. */
  async measureCeiling(signal: AbortSignal): Promise<SessionResult['generatorCeiling']> {
    const ceiling: SessionResult['generatorCeiling'] = [];
    const depths = new Set<number>();
    for (const { scenario } of this.#input.cells.cells) {
      if (scenario.kind === 'load' && scenario.loop.kind === 'closed') depths.add(scenario.loop.pipeline);
    }
    for (const pipeline of [...depths].sort((left, right) => left - right)) {
      let opsPerSec = 0;
      for (let attempt = 0; attempt < this.#input.effortPlan.ceilingAttempts; attempt++) {
        const reached = await this.#bench.generatorCeiling(
          pipeline,
          this.#input.effortPlan.ceilingSec,
          signal,
        );
        signal.throwIfAborted();
        opsPerSec = Math.max(opsPerSec, reached);
      }
      ceiling.push({ pipeline, opsPerSec });
      this.#note(
        `generator's ceiling at pipeline ${pipeline}: ${Math.round(opsPerSec).toLocaleString('en')} requests/s`,
      );
    }
    return ceiling;
  }

  /** Calibrates, then divides the time that is left after `elapsedSec`. */
  async plan(elapsedSec: () => number, signal: AbortSignal): Promise<SessionPlan> {
    const blockSec = this.#input.effortPlan.calibrate
      ? await this.#calibrate(elapsedSec, signal)
      : new Map<string, number>();
    const costs = this.#input.cells.cells.map((cell) =>
      this.#cellCost(
        cell,
        cell.arms.reduce((sum, arm) => sum + this.#blockSecGuess(cell, arm, blockSec), 0),
      ),
    );
    const availableSec = this.#input.effortPlan.limitSec * this.#input.effortPlan.fill - elapsedSec();
    const preparationSec = elapsedSec();
    const plan = planPairs(costs, availableSec, this.#pairsMax);
    return {
      limitSec: this.#input.effortPlan.limitSec,
      expectedSec: plan.expectedSec,
      cells: plan.cells.map(({ experimentId, scenarioId, arms, pairs, pairSec }) => ({
        experimentId,
        scenarioId,
        arms,
        pairs,
        pairSec,
      })),
      rejectionRules: rejectionRules(acceptanceLimits),
      stoppingRule,
      notes: [...this.#bench.notes(), ...this.#shortNotes(plan.cells, preparationSec)],
    };
  }

  /**
   * What the time left after the planned pairs can still hold, now that their cost is known; false if nothing. It reads clocks and costs
   * only, never a measurement, so that it is no peeking; the order of all pairs was fixed by the seed from the beginning.
   */
  extend(plan: SessionPlan, costs: PairCosts, elapsedSec: number): boolean {
    const before = new Map(plan.cells.map((cell) => [cellKey(cell), cell]));
    const grown = planPairs(
      this.#input.cells.cells.map((cell) => {
        const planned = before.get(cellKeyOf(cell))!;
        return { ...this.#cellCost(cell, costs.expectedSec(cellKey(planned))), pairsBefore: planned.pairs };
      }),
      plan.limitSec * this.#input.effortPlan.fill - elapsedSec,
      this.#pairsMax,
    );
    for (const cell of grown.cells) before.get(cellKey(cell))!.pairs = cell.pairs;
    plan.notes = [
      ...plan.notes.filter((note) => !note.startsWith(tooFew)),
      ...this.#shortNotes(grown.cells, 0),
    ];
    plan.expectedSec += grown.expectedSec;
    return grown.expectedSec > 0;
  }

  get #pairsMax(): number {
    return this.#input.pairs ?? this.#input.effortPlan.pairsMax;
  }

  /** Names what cannot be decided for want of time, and how much time would do. */
  #shortNotes(cells: readonly PlannedCell[], preparationSec: number): string[] {
    const short = cells.filter((cell) => isShort(cell, this.#pairsMax));
    if (short.length === 0) return [];
    const minutes = Math.ceil(this.#decisiveMinutes(cells, preparationSec));
    const named = short.map((cell) => `${cellKey(cell)} (${cell.pairs})`).join(', ');
    return [`${tooFew}${named}. --effort full --minutes ${minutes} would decide them all.`];
  }

  /** Of a full session: by its own measured costs, or by guesses where this one is shorter than that. */
  #decisiveMinutes(cells: readonly PlannedCell[], preparationSec: number): number {
    const { definitions, effort, effortPlan: own } = this.#input;
    if (effort === 'full') return (decisiveSec(cells, this.#pairsMax) + preparationSec) / own.fill / 60;
    const full = effortPlan('full', 60);
    const estimate = estimateSession(sessionCells(definitions, 'full'), definitions, 'full', full);
    return estimate.reduce((sum, { minutes }) => sum + minutes, 0);
  }

  #cellCost(cell: SessionCell, pairSec: number): CellCost {
    return {
      experimentId: cell.experimentId,
      scenarioId: cell.scenario.id,
      arms: cell.arms,
      tier: cell.tier,
      pairsLeast: cell.pairsLeast,
      pairsDecisive: pairsDecisive(cell, this.#input.definitions, this.#input.effort),
      pairsMax: cell.pairsMax,
      pairSec,
    };
  }

  /** A throwaway block per kind of scenario and arm: its duration beyond its own warm-up and measurement is the fixed cost. */
  async #calibrate(elapsedSec: () => number, signal: AbortSignal): Promise<Map<string, number>> {
    const fixedSec = new Map<string, number>();
    for (const cell of this.#input.cells.cells) {
      for (const targetId of cell.arms) {
        const key = this.#costKey(cell, targetId);
        if (fixedSec.has(key)) continue;
        // On a machine this slow the rest is guessed: the time is better spent on blocks.
        if (elapsedSec() > this.#input.effortPlan.limitSec * calibrationShareMax) return fixedSec;
        const startedMs = this.#clock.nowMs();
        const shape = { ...cell.shape, warmupSecMin: 0.1, warmupSecMax: 0.1, measureSec: 0.2 };
        try {
          await this.#bench.runBlock(
            {
              blockId: `calibration/${cellKeyOf(cell)}/${targetId}`,
              targetId,
              scenario: cell.scenario,
              seed: loadSeed(this.#input.seed, 'calibration', cell.scenario.id, 0),
              shape,
              timeoutSec: calibrationTimeoutSec,
            },
            signal,
          );
        } catch (error) {
          signal.throwIfAborted();
          this.#note(
            `calibration of ${targetId} failed: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
        const sec = (this.#clock.nowMs() - startedMs) / 1000;
        fixedSec.set(key, cell.scenario.kind === 'memory' ? sec : Math.max(0.1, sec - 0.3));
      }
    }
    return fixedSec;
  }

  #blockSecGuess(cell: SessionCell, targetId: string, fixedSec: Map<string, number>): number {
    return blockSec(cell, fixedSec.get(this.#costKey(cell, targetId)) ?? guessedFixedSec(cell));
  }

  #costKey(cell: SessionCell, targetId: string): string {
    return costKey(cell, this.#input.costClass?.(targetId) ?? targetId);
  }
}

const tooFew = 'Too few pairs for a verdict, for lack of time: ';
