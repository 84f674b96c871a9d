/**
 * `node test/simulation/run.ts`: simulated runs of replication by seed. SEED=n replays one, SEEDS=n runs so many from SEED on (default 200).
 * Exits 1 if a run fails, or if a fault that is listed never fired.
 */
import { FaultCounts } from './faults.ts';
import { ReplicationRun, type RunReport } from './replicationRun.ts';

const DEFAULT_SEEDS = 200;

const number = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined || text === '' ? undefined : Number(text);
};

const firstSeed = number('SEED') ?? 1;
const seeds = number('SEEDS') ?? (number('SEED') === undefined ? DEFAULT_SEEDS : 1);
const faults = new FaultCounts();
const totals = { writes: 0, messages: 0, tombstonesCollected: 0 };
const failed: RunReport[] = [];

for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
  const report = new ReplicationRun(seed).run();
  faults.add(report.faults);
  totals.writes += report.writes;
  totals.messages += report.messages;
  totals.tombstonesCollected += report.tombstonesCollected;
  if (seeds === 1) console.log(`seed ${seed}: ${report.nodes} nodes, trace ${report.traceHash.toString(16)}`);
  if (report.failures.length === 0) continue;
  failed.push(report);
  console.log(`seed ${seed} FAILED (replay: make sim SEED=${seed})`);
  for (const failure of report.failures) console.log(`  ${failure}`);
}

console.log(
  `${seeds} runs from seed ${firstSeed}: ${totals.writes} acknowledged writes, ${totals.messages} messages, ` +
    `${totals.tombstonesCollected} tombstones collected`,
);
for (const line of faults.lines()) console.log(line);
const missing = faults.neverFired();
// A single replayed seed need not see every fault.
if (seeds > 1 && missing.length > 0) console.log(`never fired: ${missing.join(', ')}`);
process.exitCode = failed.length > 0 || (seeds > 1 && missing.length > 0) ? 1 : 0;
