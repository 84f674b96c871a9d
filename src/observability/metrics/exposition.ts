/**
 * The seam to prom-client: metrics whose values are read from recordings when somebody scrapes. prom-client keeps values of its own and
 * adds to them, which would cost each command hundreds of nanoseconds; here it only checks names and writes the text.
 */
import { type Metric, Registry } from 'prom-client';

export interface Sample {
  labels: Record<string, string | number>;
  value: number;
  /** Where it differs from the metric's: `..._bucket`, `..._sum`, `..._count`. */
  metricName?: string;
}

export type MetricType = 'counter' | 'gauge' | 'histogram';

export interface ReadMetric {
  name: string;
  help: string;
  type: MetricType;
  samples: () => Sample[];
}

/** Base units and suffixes as Prometheus asks for them: a metric that breaks a rule is a fault of the program. */
function assertWellNamed({ name, help, type }: ReadMetric): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`metric ${name}: not a name`);
  if (help === '') throw new Error(`metric ${name}: no help`);
  if ((type === 'counter') !== name.endsWith('_total'))
    throw new Error(`metric ${name}: _total is for counters, and for all of them`);
  if (/(_us|_ms|_microseconds|_milliseconds|_kb|_mb|_percent)(_|$)/.test(name))
    throw new Error(`metric ${name}: not a base unit`);
}

export class Exposition {
  readonly #registry = new Registry();

  /** @param strict whether names must follow Prometheus's rules; those of other exporters do not. */
  constructor(metrics: readonly ReadMetric[], strict = true) {
    for (const metric of metrics) {
      if (strict) assertWellNamed(metric);
      const { name, help, type, samples } = metric;
      // What the registry needs of a metric is a name and what it is now.
      const read = { name, help, type, get: async () => ({ name, help, type, values: samples() }) };
      this.#registry.registerMetric(read as unknown as Metric<string>);
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** The samples of one histogram: cumulative counts up to each bound, the sum and the count. @param counts not cumulative, one more than there are bounds. */
export function histogramSamples(
  name: string,
  labels: Record<string, string | number>,
  bounds: readonly number[],
  counts: readonly number[],
  sum: number,
): Sample[] {
  const samples: Sample[] = [];
  let below = 0;
  for (let bucket = 0; bucket <= bounds.length; bucket++) {
    below += counts[bucket]!;
    const le = bucket === bounds.length ? '+Inf' : String(bounds[bucket]);
    samples.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: below });
  }
  samples.push({ metricName: `${name}_sum`, labels, value: sum });
  samples.push({ metricName: `${name}_count`, labels, value: below });
  return samples;
}
