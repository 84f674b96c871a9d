/** `make bench [ARGS="--tiny --only TEXT"]`: every microbenchmark in a process of its own, one line each. */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { type BenchmarkResult, measure } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';

const DURATION_MS = 1000;
const TINY_DURATION_MS = 10;

const { values } = parseArgs({
  options: {
    tiny: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    index: { type: 'string' },
  },
});
const durationMs = values.tiny ? TINY_DURATION_MS : DURATION_MS;

if (values.index !== undefined) {
  process.stdout.write(JSON.stringify(measure(benchmarks[Number(values.index)]!, durationMs)));
} else {
  console.log(`${'benchmark'.padEnd(52)} ${'ns/op'.padStart(9)} ${'alloc B/op'.padStart(11)}  result`);
  for (const [index, { name }] of benchmarks.entries()) {
    if (!name.includes(values.only)) continue;
    const flags = [
      '--expose-gc',
      '--max-semi-space-size=128',
      import.meta.filename,
      '--index',
      String(index),
    ];
    if (values.tiny) flags.push('--tiny');
    const result = JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' })) as BenchmarkResult;
    const columns = [
      result.nsPerOperation.toFixed(1).padStart(9),
      result.allocatedBytesPerOperation.toFixed(1).padStart(11),
    ];
    console.log(`${result.name.padEnd(52)} ${columns.join(' ')}  ${result.resultHash}`);
  }
}
