/**
 * The tables that hold text and numbers only, built once and drawn by both the HTML and the Markdown report: what stands in one
 * stands in the other.
 */
import type { CertificateCheck, ExperimentResult } from '../experiments/result.ts';
import { cpuPerRequest } from './figures/cpuPerRequest.ts';
import {
  bytes,
  compact,
  count,
  declared,
  duration,
  finite,
  latency,
  percent,
  quantileName,
  significant,
  UNKNOWN,
} from './format.ts';
import { nameOfTarget, type SessionView, scenarioOf } from './sessionView.ts';

export interface Column {
  name: string;
  numeric?: boolean;
  /** Commands, paths and identifiers: monospaced and allowed to break anywhere. */
  code?: boolean;
}

export interface Table {
  columns: Column[];
  rows: string[][];
}

const text = (name: string): Column => ({ name });
const code = (name: string): Column => ({ name, code: true });
const number = (name: string): Column => ({ name, numeric: true });

export function environmentTable({ session: { environment: e } }: SessionView): Table {
  return {
    columns: [text('Property'), text('Value')],
    rows: [
      ['CPU', `${e.cpuModel}, ${count(e.cpuCount, 'logical CPU')}`],
      ['Memory', bytes(e.memoryBytes)],
      ['Kernel', e.kernel],
      ['Node and V8', `${e.node}, V8 ${e.v8}`],
      [
        'Evenkeel',
        `${e.evenkeelVersion}, commit ${e.gitSha}${e.gitDirty ? ' with uncommitted changes' : ''}`,
      ],
      ['Seed', String(e.seed)],
      ['Steal over the session', percent(e.stealShare)],
      ['Started', e.startedAtIso],
      ['Duration', duration(e.durationSec)],
    ],
  };
}

export function targetsTable({ session }: SessionView): Table {
  return {
    columns: [
      text('Id'),
      text('Target'),
      text('Version by INFO'),
      text('Flags'),
      text('CPUs'),
      code('Command'),
    ],
    rows: session.targets.map((target) => [
      target.id,
      nameOfTarget(target, target.id),
      versionWords(target.redisVersion, target.evenkeelVersion),
      target.flags ? target.flags.join(', ') || 'none' : '–',
      target.pinnedCpus.length > 0 ? target.pinnedCpus.join(', ') : 'not pinned',
      target.command.length > 0 ? shellLine(target.command) : 'already running',
    ]),
  };
}

function versionWords(redisVersion: string | undefined, evenkeelVersion: string | undefined): string {
  if (evenkeelVersion)
    return `evenkeel ${evenkeelVersion}${redisVersion ? `, speaks redis ${redisVersion}` : ''}`;
  return redisVersion ? `redis ${redisVersion}` : '–';
}

/** A command that can be pasted into a shell. */
export function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

export function budgetsTable(view: SessionView): Table {
  const rows = view.session.experiments.flatMap((experiment) =>
    experiment.budgets.map((row) => {
      const unit = row.unit === 'ratio' ? '×' : ` ${row.unit === 'us' ? 'µs' : row.unit}`;
      const value = row.unit === 'ops/s' ? compact : (n: number | null | undefined) => significant(n);
      const measured =
        row.measured && finite(row.measured.estimate)
          ? `${value(row.measured.estimate)}${unit} (${finite(row.measured.low) ? value(row.measured.low) : 'unbounded'} .. ${finite(row.measured.high) ? value(row.measured.high) : 'unbounded'})`
          : 'not measured';
      const against = row.a === undefined ? view.name(row.b) : `${view.name(row.b)} / ${view.name(row.a)}`;
      const bound = `${row.bound === 'at-least' ? '≥' : '≤'} ${declared(row.limit)}${unit}`;
      return [row.label, against, bound, measured, budgetWord(row.met)];
    }),
  );
  return {
    columns: [text('Budget'), text('Of'), number('Bound'), number('Measured'), text('Met')],
    rows,
  };
}

export function budgetWord(met: boolean | undefined | null): 'met' | 'missed' | 'undecided' {
  return met === true ? 'met' : met === false ? 'missed' : 'undecided';
}

const TABLE_QUANTILES = [0.5, 0.9, 0.99, 0.999, 0.9999];

/** A closed loop waits while the server stalls, so its percentiles flatter: only open loops are drawn and tabled. */
export function openLoopCurves(experiment: ExperimentResult): ExperimentResult['percentileCurves'] {
  return experiment.percentileCurves.filter(
    ({ scenarioId }) => scenarioOf(experiment, scenarioId).loop === 'open',
  );
}

export function percentilesTable(view: SessionView, experiment: ExperimentResult): Table {
  return {
    columns: [text('Scenario'), text('Target'), ...TABLE_QUANTILES.map((q) => number(quantileName(q)))],
    rows: openLoopCurves(experiment).map((curve) => [
      scenarioOf(experiment, curve.scenarioId).label,
      view.name(curve.targetId),
      ...TABLE_QUANTILES.map((q) =>
        latency(curve.points.find((point) => Math.abs(point.q - q) < 1e-9)?.valueUs),
      ),
    ]),
  };
}

export function rateLatencyTable(view: SessionView, experiment: ExperimentResult): Table {
  return {
    columns: [text('Target'), ...['Offered, ops/s', 'Achieved, ops/s', 'p50', 'p99', 'p99.9'].map(number)],
    rows: experiment.curve.map((point) => [
      view.name(point.targetId),
      compact(point.offeredOpsPerSec),
      compact(point.achievedOpsPerSec),
      latency(point.p50Us),
      latency(point.p99Us),
      latency(point.p999Us),
    ]),
  };
}

export function memoryTable(view: SessionView, experiment: ExperimentResult): Table {
  return {
    columns: [
      text('Records'),
      text('Target'),
      ...['RSS, B/key', 'Accounted, B/key', 'Key and value, B', 'Overhead, B/key', 'Fixed part'].map(number),
    ],
    rows: experiment.memory.map((fit) => [
      fit.label,
      view.name(fit.targetId),
      significant(fit.slopeRssBytesPerKey),
      finite(fit.slopeAccountedBytesPerKey) ? significant(fit.slopeAccountedBytesPerKey) : '–',
      significant(fit.keyBytes + fit.valueBytes),
      significant(fit.overheadBytesPerKey),
      bytes(fit.interceptRssBytes),
    ]),
  };
}

export function cpuTable(view: SessionView, experiment: ExperimentResult): Table {
  return {
    columns: [text('Scenario'), text('Target'), number('User, µs'), number('System, µs'), number('Sum, µs')],
    rows: experiment.scenarios.flatMap((scenario) =>
      cpuPerRequest(view, view.acceptedBlocks(experiment.id, scenario.id)).map((row) => [
        scenario.label,
        view.name(row.targetId),
        significant(row.userUs),
        significant(row.systemUs),
        significant(row.userUs + row.systemUs),
      ]),
    ),
  };
}

export function ceilingTable({ session }: SessionView): Table {
  return {
    columns: [number('Pipeline'), number('Ceiling, ops/s')],
    rows: session.generatorCeiling.map(({ pipeline, opsPerSec }) => [String(pipeline), compact(opsPerSec)]),
  };
}

export function certificateTable({ session }: SessionView): Table {
  const checks = Map.groupBy(
    session.blocks.flatMap(({ certificate }) => certificate),
    ({ id }) => id,
  );
  return {
    columns: [
      text('Check'),
      number('Held in'),
      number('Failed in'),
      text('Declared, for example'),
      text('Observed, for example'),
    ],
    rows: [...checks].map(([id, all]) => {
      const failed = all.filter(({ ok }) => !ok);
      const example: CertificateCheck = failed[0] ?? all[0]!;
      return [
        id,
        count(all.length - failed.length, 'block'),
        count(failed.length, 'block'),
        example.declared,
        example.observed,
      ];
    }),
  };
}

export function rejectedTable(view: SessionView): Table {
  return {
    columns: [code('Block'), text('Target'), text('Reasons')],
    rows: view.rejectedBlocks.map((block) => [
      block.id,
      view.name(block.targetId),
      block.rejections.join('; ') || UNKNOWN,
    ]),
  };
}

/** Raw histogram logs by folder: a session has hundreds of them. */
export function rawLogsTable({ session }: SessionView): Table {
  const logs = session.blocks.flatMap(({ hlog }) => hlog ?? []);
  const folders = Map.groupBy(logs, (path) => path.slice(0, path.lastIndexOf('/') + 1) || './');
  return {
    columns: [code('Folder, relative to result.json'), number('Interval logs'), code('First')],
    rows: [...folders].map(([folder, paths]) => [
      folder,
      count(paths.length, 'file'),
      paths[0]!.slice(folder === './' ? 0 : folder.length),
    ]),
  };
}
