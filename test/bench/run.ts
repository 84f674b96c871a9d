/**
 * `make bench [ARGS="--tiny --only TEXT --json"]`: every microbenchmark whose name contains TEXT, in a process of its own; a line each, or with
 * --json one document with the results and what they were obtained on.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type BenchmarkResult, measure } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';

const DURATION_MS = 1000;
const TINY_DURATION_MS = 10;
const NAME_WIDTH = 56;

const { values } = parseArgs({
  options: {
    tiny: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    index: { type: 'string' },
  },
});
const durationMs = values.tiny ? TINY_DURATION_MS : DURATION_MS;

function runAlone(index: number): BenchmarkResult {
  const flags = ['--expose-gc', '--max-semi-space-size=128', import.meta.filename, '--index', String(index)];
  if (values.tiny) flags.push('--tiny');
  return JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' })) as BenchmarkResult;
}

function print({ name, nsPerOperation, allocatedBytesPerOperation, resultHash }: BenchmarkResult): void {
  const columns = [nsPerOperation.toFixed(1).padStart(9), allocatedBytesPerOperation.toFixed(1).padStart(11)];
  console.log(`${name.padEnd(NAME_WIDTH)} ${columns.join(' ')}  ${resultHash}`);
}

if (values.index !== undefined) {
  process.stdout.write(JSON.stringify(measure(benchmarks[Number(values.index)]!, durationMs, values.tiny)));
} else {
  if (!values.json)
    console.log(
      `${'benchmark'.padEnd(NAME_WIDTH)} ${'ns/op'.padStart(9)} ${'alloc B/op'.padStart(11)}  result`,
    );
  const results: BenchmarkResult[] = [];
  for (const [index, { name }] of benchmarks.entries()) {
    if (!name.includes(values.only)) continue;
    const result = runAlone(index);
    results.push(result);
    if (!values.json) print(result);
  }
  if (values.json) {
    const cpu = cpus()[0]?.model ?? 'unknown';
    console.log(
      JSON.stringify({ node: process.version, cpu, tiny: values.tiny, durationMs, results }, null, 2),
    );
  }
}
