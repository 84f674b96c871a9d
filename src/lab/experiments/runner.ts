/**
 * The session: describes the targets, calibrates, plans, then walks the schedule block by block until it is done, interrupted or
 * out of time. After every block the result is saved whole, and analysed anew every half minute and at the end: the power
 * simulations behind a scorecard take a second, which after every block would be a tenth of the session.
 *
 *   ceiling -> calibrate -> plan -> describe -> [ pair: block, block ] ... -> done
 *                                                    rejected? rerun at once, within the rerun budget
 *
 * Why the runner may not look at the data: a session that stops when it likes the answer proves nothing. Its decisions (rerun, skip,
 * end) read the acceptance rule, the clock and the caller's signal only.
 *
 * Invariants: a block enters `blocks` exactly once, accepted or with its reasons; nothing is started that cannot end before the
 * limit by the slowest pair seen of its cell; on resume no accepted block is run again and the schedule is the one of the plan.
 */
import type { Clock } from '../../ports/clock.ts';
import { acceptanceLimits, rejectionsOf } from './acceptance.ts';
import { type AnalysisInput, analyse } from './analysis.ts';
import { type Bench, BenchError, type BlockMeasurement } from './bench.ts';
import { describeScenario, type Effort, type ExperimentDefinition } from './definition.ts';
import { type EffortPlan, effortPlan } from './effort.ts';
import { PairCosts } from './planner.ts';
import type { BlockResult, EnvironmentFingerprint, SessionPlan, SessionResult } from './result.ts';
import { cellKey, loadSeed, type PlannedBlock, type PlannedPair, schedule } from './schedule.ts';
import { type SessionCell, type SessionCells, sessionCells } from './sessionCells.ts';
import { SessionPlanner } from './sessionPlanner.ts';

export interface SessionOptions {
  definitions: readonly ExperimentDefinition[];
  effort: Effort;
  seed: number;
  /** Limit of a full session, minutes. */
  minutes: number;
  /** Overrides the planner: exactly this many pairs in every cell (still within the limit). */
  pairs?: number;
  /** False leaves the A/A arm out: no noise floor, and detectable effects from the pairs' own spread. Default true. */
  noiseFloor?: boolean;
  /** See `PlannerInput`. */
  costClass?: (targetId: string) => string;
  baselineMissing?: string;
  /** Seconds between two analyses of the running session; the last one is always made. */
  analysisIntervalSec?: number;
  /** An interrupted session to continue; same seed, effort and experiments. */
  resumeFrom?: SessionResult;
}

/** How far the session is when a block begins. */
export interface BlockProgress {
  readonly pairsDone: number;
  readonly pairsTotal: number;
  readonly leftSec: number;
}

/** What the session tells whoever watches. */
export interface SessionProgress {
  note(line: string): void;
  /** @param session grows until the end, block by block: whoever keeps it sees it as it stands. */
  planned(plan: SessionPlan, session: SessionResult): void;
  blockStarted(block: PlannedBlock, progress: BlockProgress): void;
  blockEnded(block: BlockResult): void;
  ended(session: SessionResult): void;
}

export interface SessionPorts {
  bench: Bench;
  clock: Clock;
  progress: SessionProgress;
  /** Called after every block with the whole session so far. */
  save(session: SessionResult): void;
  /** Fingerprint of the machine; duration and steal are brought up to date by the session. */
  environment(): EnvironmentFingerprint;
}

/** A target that fails this often in a row is given up, so that one broken arm does not eat the session. */
const failuresInARowMax = 3;

export class Session {
  readonly #options: SessionOptions;
  readonly #ports: SessionPorts;
  readonly #effort: EffortPlan;
  readonly #cells: SessionCells;
  readonly #cellByKey: Map<string, SessionCell>;
  readonly #startedMs: number;
  /** That the session had run for when it was interrupted. */
  readonly #secondsBefore: number;
  readonly #failuresInARow = new Map<string, number>();
  #result: SessionResult;
  #reruns = 0;
  #analysedSec = 0;

  constructor(options: SessionOptions, ports: SessionPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#effort = effortPlan(options.effort, options.minutes);
    this.#cells = sessionCells(options.definitions, options.effort, options.noiseFloor);
    this.#cellByKey = new Map(
      this.#cells.cells.map((cell) => [
        cellKey({ experimentId: cell.experimentId, scenarioId: cell.scenario.id }),
        cell,
      ]),
    );
    this.#startedMs = ports.clock.nowMs();
    this.#secondsBefore = options.resumeFrom?.environment.durationSec ?? 0;
    this.#result = options.resumeFrom ?? {
      schemaVersion: 1,
      effort: options.effort,
      complete: false,
      ...(options.baselineMissing === undefined ? {} : { baselineMissing: options.baselineMissing }),
      environment: ports.environment(),
      targets: [],
      experiments: [],
      blocks: [],
      noiseFloor: [],
      generatorCeiling: [],
    };
    if (options.resumeFrom !== undefined) {
      this.#result = { ...options.resumeFrom, complete: false, blocks: [...options.resumeFrom.blocks] };
      delete this.#result.interruption;
    }
  }

  /** Runs to the end, the limit or the signal. Rejects only if nothing at all could be measured; a later failure is an interruption with a report. */
  async run(signal: AbortSignal): Promise<SessionResult> {
    const { resumeFrom } = this.#options;
    const planner = this.#planner();
    try {
      if (resumeFrom?.plan === undefined) {
        this.#result.generatorCeiling = await planner.measureCeiling(signal);
        this.#result.plan = await planner.plan(() => this.#elapsedSec(), signal);
      } else {
        this.#result.plan = { ...resumeFrom.plan, limitSec: this.#effort.limitSec };
      }
      this.#ports.progress.planned(this.#result.plan, this.#result);
      await this.#runPlan(this.#result.plan, planner, signal);
      this.#result.complete = !signal.aborted;
    } catch (error) {
      if (!signal.aborted) {
        if (this.#result.blocks.length === 0) throw error;
        this.#result.interruption = `Failed after ${count(this.#result.blocks.length, 'block')}: ${textOf(error)}`;
      }
    }
    if (signal.aborted)
      this.#result.interruption = `Interrupted after ${count(this.#result.blocks.length, 'block')}.`;
    this.#save(true);
    this.#ports.progress.ended(this.#result);
    return this.#result;
  }

  /** Only those that will be measured: starting a target to ask its name takes as long as a short block. */
  async #describeTargets(plan: SessionPlan, signal: AbortSignal): Promise<void> {
    const ids = new Set(plan.cells.filter(({ pairs }) => pairs > 0).flatMap(({ arms }) => arms));
    for (const id of ids) {
      if (this.#result.targets.some((target) => target.id === id)) continue;
      this.#result.targets.push(await this.#ports.bench.describe(id, signal));
      signal.throwIfAborted();
    }
  }

  #planner(): SessionPlanner {
    const { definitions, effort, seed, pairs, costClass } = this.#options;
    const input = { definitions, cells: this.#cells, effort, effortPlan: this.#effort, seed };
    const { bench, clock, progress } = this.#ports;
    return new SessionPlanner(
      {
        ...input,
        ...(pairs === undefined ? {} : { pairs }),
        ...(costClass === undefined ? {} : { costClass }),
      },
      bench,
      clock,
      (line) => progress.note(line),
    );
  }

  /** The plan, then whatever more the time left can hold, until neither pairs nor time are left. */
  async #runPlan(plan: SessionPlan, planner: SessionPlanner, signal: AbortSignal): Promise<void> {
    const secByCell = new Map(plan.cells.map((cell) => [cellKey(cell), cell.pairSec]));
    const costs = new PairCosts((key) => secByCell.get(key)!);
    let skipped: number;
    do {
      await this.#describeTargets(plan, signal);
      skipped = await this.#runPairs(plan, costs, signal);
    } while (!signal.aborted && skipped === 0 && planner.extend(plan, costs, this.#elapsedSec()));
    if (skipped > 0)
      plan.notes.push(`The time limit ended the session: ${count(skipped, 'planned pair')} not run.`);
  }

  /** Returns the number of pairs that the time limit left out. */
  async #runPairs(plan: SessionPlan, costs: PairCosts, signal: AbortSignal): Promise<number> {
    const pairs = schedule(this.#options.seed, plan.cells);
    let skipped = 0;
    for (const [index, pair] of pairs.entries()) {
      if (signal.aborted) return skipped;
      const missing = pair.blocks.filter((block) => !this.#isDone(block));
      if (missing.length === 0) continue;
      if (this.#elapsedSec() + costs.worstSec(cellKey(pair)) * 1.1 > plan.limitSec) {
        skipped += 1;
        continue;
      }
      const startedSec = this.#elapsedSec();
      for (const block of missing) {
        const leftSec = this.#leftSec(pairs.slice(index), costs, plan.limitSec);
        this.#ports.progress.blockStarted(block, { pairsDone: index, pairsTotal: pairs.length, leftSec });
        await this.#runUntilAccepted(block, pairs.length, signal);
        if (signal.aborted) return skipped;
      }
      costs.record(cellKey(pair), this.#elapsedSec() - startedSec);
    }
    return skipped;
  }

  #isDone(block: PlannedBlock): boolean {
    return this.#result.blocks.some((done) => done.accepted && isSameSlot(done, block));
  }

  #leftSec(pairs: readonly PlannedPair[], costs: PairCosts, limitSec: number): number {
    const expected = pairs.reduce((sum, pair) => sum + costs.expectedSec(cellKey(pair)), 0);
    return Math.max(0, Math.min(expected, limitSec - this.#elapsedSec()));
  }

  /** Runs the block, and again at once if it is rejected: next to its partner in time, or the pairing means nothing. */
  async #runUntilAccepted(block: PlannedBlock, pairsTotal: number, signal: AbortSignal): Promise<void> {
    const cell = this.#cellByKey.get(cellKey(block))!;
    const rerunsMax = Math.ceil(pairsTotal * cell.arms.length * this.#effort.rerunShareMax);
    for (let attempt = 0; ; attempt++) {
      const record = await this.#runBlock(cell, block, signal);
      if (record === undefined) return;
      this.#result.blocks.push(record);
      const due = this.#elapsedSec() - this.#analysedSec >= (this.#options.analysisIntervalSec ?? 30);
      this.#save(due);
      this.#ports.progress.blockEnded(record);
      if (record.accepted) return;
      const blockSec = record.durationSec + record.warmupSec + 1;
      const outOfTime = this.#elapsedSec() + 2 * blockSec > this.#effort.limitSec;
      if (attempt >= this.#effort.rerunsPerBlockMax || this.#reruns >= rerunsMax || outOfTime) return;
      this.#reruns += 1;
    }
  }

  /** The block's record, or undefined if the signal ended it. */
  async #runBlock(
    cell: SessionCell,
    block: PlannedBlock,
    signal: AbortSignal,
  ): Promise<BlockResult | undefined> {
    const attempts = this.#result.blocks.filter((done) => isSameSlot(done, block)).length;
    const id = `${cellKey(block)}/${block.pair}/${block.position}${attempts === 0 ? '' : `r${attempts}`}`;
    const { experimentId, scenarioId, targetId, pair } = block;
    const where = { id, experimentId, scenarioId, targetId, pair, sequence: this.#result.blocks.length };
    const startedMs = this.#ports.clock.nowMs();
    try {
      const measurement = await this.#ports.bench.runBlock(
        {
          blockId: id,
          targetId,
          scenario: cell.scenario,
          seed: loadSeed(this.#options.seed, experimentId, scenarioId, pair),
          shape: cell.shape,
          timeoutSec: Math.max(1, this.#effort.limitSec - this.#elapsedSec()),
          ...this.#flagInEffect(experimentId, targetId),
          hlog: `hlog/${id.replaceAll('/', '_')}.hlog`,
        },
        signal,
      );
      if (signal.aborted) return undefined;
      this.#failuresInARow.delete(targetId);
      const rejections = rejectionsOf(measurement, describeScenario(cell.scenario).loop, acceptanceLimits);
      return { ...where, ...measurement, accepted: rejections.length === 0, rejections };
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#countFailure(targetId, error);
      const durationSec = (this.#ports.clock.nowMs() - startedMs) / 1000;
      const failed = failedMeasurement(new Date(startedMs).toISOString(), durationSec);
      return { ...where, ...failed, accepted: false, rejections: [`no measurement: ${textOf(error)}`] };
    }
  }

  /** The candidate of a flag's experiment has to run with the flag. */
  #flagInEffect(experimentId: string, targetId: string): { flagInEffect?: string } {
    const definition = this.#options.definitions.find(({ id }) => id === experimentId);
    const isCandidate = definition?.comparisons.some(({ b, primary }) => primary && b === targetId) === true;
    return isCandidate && definition.flag !== undefined ? { flagInEffect: definition.flag } : {};
  }

  #countFailure(targetId: string, error: unknown): void {
    const failures = (this.#failuresInARow.get(targetId) ?? 0) + 1;
    this.#failuresInARow.set(targetId, failures);
    if (failures >= failuresInARowMax) {
      throw new BenchError(
        `target ${targetId} failed ${failures} times in a row, the session cannot go on. Last: ${textOf(error)}`,
      );
    }
  }

  #save(withAnalysis: boolean): void {
    this.#result.environment.durationSec = this.#elapsedSec() + this.#secondsBefore;
    const measured = this.#result.blocks.filter((block) => block.durationSec > 0);
    const totalSec = measured.reduce((sum, block) => sum + block.durationSec, 0);
    const stolenSec = measured.reduce((sum, block) => sum + block.durationSec * block.stealShare, 0);
    this.#result.environment.stealShare = totalSec > 0 ? stolenSec / totalSec : 0;
    if (withAnalysis) {
      Object.assign(this.#result, analyse(this.#analysisInput()));
      this.#analysedSec = this.#elapsedSec();
    }
    this.#ports.save(this.#result);
  }

  #analysisInput(): AnalysisInput {
    const labels = new Map(this.#result.targets.map(({ id, label }) => [id, label]));
    return {
      definitions: this.#options.definitions,
      effort: this.#options.effort,
      noise: this.#cells.noise,
      blocks: this.#result.blocks,
      seed: this.#options.seed,
      targetLabel: (id) => labels.get(id) ?? id,
    };
  }

  #elapsedSec(): number {
    return (this.#ports.clock.nowMs() - this.#startedMs) / 1000;
  }
}

function isSameSlot(done: BlockResult, block: PlannedBlock): boolean {
  return (
    done.experimentId === block.experimentId &&
    done.scenarioId === block.scenarioId &&
    done.pair === block.pair &&
    done.targetId === block.targetId
  );
}

function failedMeasurement(startedAtIso: string, durationSec: number): BlockMeasurement {
  return {
    startedAtIso,
    durationSec,
    warmupSec: 0,
    requests: 0,
    certificate: [],
    metrics: {},
    generatorCpuShare: 0,
    generatorLatenessP99Us: 0,
    stealShare: 0,
    percentiles: [],
    intervals: [],
  };
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
