/** The scenarios that judge how keys expire, shared by the flags that offer ways of doing it. */
import type { LoadScenario, TargetEvent } from '../src/lab/experiments/definition.ts';
import { openLoop } from '../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../src/lab/workloads/presets.ts';
import { parseWorkload } from '../src/lab/workloads/workload.ts';

/** As many keys as the effort allows, all overdue, while nothing removes them: until the event lets the server begin. */
const overdue = parseWorkload({
  name: 'overdue keys',
  keys: { count: 2_000_000, prefix: 'due:', lengthBytes: 16, distribution: { kind: 'sequential' } },
  value: { kind: 'fixed', bytes: 32 },
  commands: [{ weight: 1, template: ['SET', '{key}', '{value}', 'PX', '1'] }],
  preload: { template: ['SET', '{key}', '{value}', 'PX', '1'] },
});

const massExpiry: TargetEvent = {
  before: [['DEBUG', 'SET-ACTIVE-EXPIRE', '0']],
  prepared: overdue,
  atShare: 0.2,
  command: ['DEBUG', 'SET-ACTIVE-EXPIRE', '1'],
  growingInfoField: 'expired_keys',
};

/** Half of what is set is gone one to three seconds later: after the warm-up as many keys expire as are set. */
const passing = parseWorkload({
  name: 'passing keys',
  description: 'GET of keys that stay and SET of keys that expire within 1 to 3 s, in equal parts',
  keys: { count: 100_000, lengthBytes: 16, distribution: { kind: 'uniform' } },
  value: { kind: 'fixed', bytes: 64 },
  ttl: [1, 2, 3].map((sec) => ({ sec, weight: 1 })),
  commands: [
    { weight: 1, template: ['GET', '{key}'], hits: 'none' },
    { weight: 1, template: ['SET', '{key}', '{value}', 'EX', '{ttl}'] },
  ],
});

const rateOpsPerSec = 20_000;

/** DEBUG starts the mass expiry: it must be allowed. */
export const expiryArguments = { 'enable-debug-command': 'yes' };

export const expiryScenarios: LoadScenario[] = [
  openLoop('GET/SET 50/50 while 2,000,000 keys expire', mixWorkload(1, 1, { keys: 100_000 }), rateOpsPerSec, {
    id: 'mass-expiry',
    event: massExpiry,
    decides: ['latency-p999-us'],
  }),
  openLoop('GET/SET 50/50 with a TTL of 1 to 3 s', passing, rateOpsPerSec, {
    id: 'steady-expiry',
    decides: ['latency-p999-us', 'cpu-us-per-request'],
    tier: 2,
  }),
];
