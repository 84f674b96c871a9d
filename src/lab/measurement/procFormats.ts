/**
 * Parsers for the files under /proc that the lab reads. Pure: text in, numbers out; a text that is not of its format throws
 * ProcFormatError naming the file, for a silently wrong CPU figure is worse than none.
 * Formats: proc(5); Documentation/scheduler/sched-stats.rst for schedstat.
 */

export class ProcFormatError extends Error {
  readonly code = 'PROC_FORMAT';

  constructor(file: string, text: string) {
    super(`${file} does not read as expected: "${text.slice(0, 80).trim()}"`);
    this.name = 'ProcFormatError';
  }
}

/** Ticks of /proc are USER_HZ, which is 100 on every Linux architecture Node runs on. */
export const tickUs = 10_000;

export interface SchedStat {
  /** Time spent on a CPU, exact from the scheduler's own clock. */
  onCpuNs: number;
  /** Time spent runnable, waiting for a CPU. */
  runQueueWaitNs: number;
}

/** `/proc/<pid>/task/<tid>/schedstat`: on-CPU ns, run-queue wait ns, timeslices. */
export function parseSchedStat(text: string): SchedStat {
  const fields = text.trim().split(/\s+/).map(Number);
  if (fields.length < 2 || fields.some((field) => !Number.isFinite(field))) {
    throw new ProcFormatError('schedstat', text);
  }
  return { onCpuNs: fields[0]!, runQueueWaitNs: fields[1]! };
}

export interface ProcessTicks {
  userTicks: number;
  systemTicks: number;
}

/** utime and stime (fields 14 and 15) of `/proc/<pid>/stat`. The name in parentheses may itself hold spaces and parentheses. */
export function parseStatTicks(text: string): ProcessTicks {
  const afterName = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  // afterName starts with field 3, the state.
  const [userTicks, systemTicks] = [Number(afterName[11]), Number(afterName[12])];
  if (!text.includes(')') || !Number.isFinite(userTicks) || !Number.isFinite(systemTicks)) {
    throw new ProcFormatError('stat', text);
  }
  return { userTicks, systemTicks };
}

/** A `key:\tvalue` file such as status or smaps_rollup, as a map. Lines without a colon are skipped. */
export function parseColonLines(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return fields;
}

/** A field given in kB, in bytes; undefined if the field is absent. */
export function kilobyteField(fields: ReadonlyMap<string, string>, name: string): number | undefined {
  const match = /^(\d+) kB$/.exec(fields.get(name) ?? '');
  return match === null ? undefined : Number(match[1]) * 1024;
}

export interface CpuTimes {
  /** All time accounted, in ticks: busy, idle, waiting and stolen. */
  totalTicks: number;
  stealTicks: number;
  idleTicks: number;
}

/** `/proc/stat`: times by line, `cpu` for the sum and 0, 1, ... for the CPUs. */
export function parseCpuTimes(text: string): Map<'all' | number, CpuTimes> {
  const times = new Map<'all' | number, CpuTimes>();
  for (const line of text.split('\n')) {
    const match = /^cpu(\d*)\s+(.*)$/.exec(line);
    if (match === null) continue;
    // user nice system idle iowait irq softirq steal; guest times that follow are contained in user and nice.
    const fields = match[2]!.trim().split(/\s+/).slice(0, 8).map(Number);
    if (fields.length < 8 || fields.some((field) => !Number.isFinite(field)))
      throw new ProcFormatError('/proc/stat', line);
    times.set(match[1] === '' ? 'all' : Number(match[1]), {
      totalTicks: fields.reduce((sum, field) => sum + field, 0),
      stealTicks: fields[7]!,
      idleTicks: fields[3]! + fields[4]!,
    });
  }
  if (!times.has('all')) throw new ProcFormatError('/proc/stat', text);
  return times;
}

/** A kernel CPU list, `0-2,5`, as numbers. Empty text is an empty list. */
export function parseCpuList(text: string): number[] {
  const cpus: number[] = [];
  if (text.trim() === '') return cpus;
  for (const part of text.trim().split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) throw new ProcFormatError('a CPU list', text);
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    for (let cpu = first; cpu <= last; cpu++) cpus.push(cpu);
  }
  return cpus;
}
