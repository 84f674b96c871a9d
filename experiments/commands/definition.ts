/** Every command of redis-benchmark's default suite, and a few more, against Redis, pipeline 1 and 16. */
import type { ExperimentDefinition, LoadScenario } from '../../src/lab/experiments/definition.ts';
import type { BudgetRow } from '../../src/lab/experiments/result.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { parseWorkload, type Workload } from '../../src/lab/workloads/workload.ts';

const KEYS = 100_000;

/**
 * One command, or those that are asked in turn. Where redis-benchmark lets a value grow without end (LPUSH), what is added is taken away
 * again, so that the last request meets what the first one met.
 */
function asked(name: string, templates: string[][], preload?: string[]): Workload {
  return parseWorkload({
    name,
    keys: { count: KEYS, lengthBytes: 16, distribution: { kind: 'uniform' } },
    // As in redis-benchmark: three bytes.
    value: { kind: 'fixed', bytes: 3 },
    commands: templates.map((template) => ({ weight: 1, template })),
    ...(preload === undefined ? {} : { preload: { template: preload } }),
  });
}

/** One SET in a transaction: three requests on one connection, one behind the other. */
const transaction = parseWorkload({
  ...asked('MULTI, SET and EXEC', [['SET', '{key}', '{value}']]),
  commands: [
    { weight: 1, template: ['MULTI'], followedBy: 'set' },
    { weight: 0, template: ['SET', '{key}', '{value}'], followedBy: 'exec' },
    { weight: 0, template: ['EXEC'] },
  ],
});

const onList = ['RPUSH', 'list', '{key}'];
const lrange = (length: number): Workload =>
  asked(`LRANGE of ${length}`, [['LRANGE', 'list', '0', `${length - 1}`]], onList);

/** By the name of redis-benchmark's test where there is one. */
const WORKLOADS: Record<string, Workload> = {
  ping: asked('PING', [['PING']]),
  set: asked('SET', [['SET', '{key}', '{value}']]),
  get: asked('GET', [['GET', '{key}']], ['SET', '{key}', '{value}']),
  incr: asked('INCR', [['INCR', '{counter}']]),
  lpush: asked(
    'LPUSH and LPOP',
    [
      ['LPUSH', 'list', '{value}'],
      ['LPOP', 'list'],
    ],
    onList,
  ),
  rpush: asked(
    'RPUSH and RPOP',
    [
      ['RPUSH', 'list', '{value}'],
      ['RPOP', 'list'],
    ],
    onList,
  ),
  sadd: asked('SADD', [['SADD', 'set', '{key}']]),
  spop: asked(
    'SADD and SPOP',
    [
      ['SADD', 'set', '{key}'],
      ['SPOP', 'set'],
    ],
    ['SADD', 'set', '{key}'],
  ),
  hset: asked('HSET', [['HSET', 'hash', '{key}', '{value}']]),
  zadd: asked('ZADD', [['ZADD', 'scores', '{int:0:999999}', '{key}']]),
  zpopmin: asked(
    'ZADD and ZPOPMIN',
    [
      ['ZADD', 'scores', '{int:0:999999}', '{key}'],
      ['ZPOPMIN', 'scores'],
    ],
    ['ZADD', 'scores', '{keyId}', '{key}'],
  ),
  lrange100: lrange(100),
  lrange300: lrange(300),
  lrange500: lrange(500),
  lrange600: lrange(600),
  mset: asked('MSET of 10', [['MSET', '{pairs:10}']]),
  multi: transaction,
  eval: asked(
    'EVAL of a GET',
    [['EVAL', "return redis.call('GET', KEYS[1])", '1', '{key}']],
    ['SET', '{key}', '{value}'],
  ),
  xadd: asked('XADD', [['XADD', 'stream', 'MAXLEN', '~', '100000', '*', 'field', '{value}']]),
};

const scenarios: LoadScenario[] = Object.entries(WORKLOADS).flatMap(([name, workload]) =>
  [1, 16].map((pipeline) =>
    closedLoop(workload.name, workload, pipeline, {
      id: `${name}-p${pipeline}`,
      decides: ['throughput-ops-per-sec'],
      // Whoever has little time wants every command once rather than half of them twice.
      efforts: pipeline === 16 ? ['smoke', 'quick', 'full'] : ['quick', 'full'],
    }),
  ),
);

function asFast({ id, label }: LoadScenario): BudgetRow {
  return {
    label,
    scenarioId: id,
    metric: 'throughput-ops-per-sec',
    a: 'redis',
    b: 'all',
    bound: 'at-least',
    limit: 1,
    unit: 'ratio',
  };
}

export const definition: ExperimentDefinition = {
  id: 'commands',
  title: 'Command by command',
  question: 'Is there a command of redis-benchmark that is slower here than in Redis?',
  study: true,
  arms: { smoke: ['redis', 'all'], quick: ['redis', 'all'], full: ['redis', 'all'] },
  comparisons: [{ a: 'redis', b: 'all', primary: true }],
  withoutBaseline: { arms: ['none', 'all'], comparisons: [{ a: 'none', b: 'all', primary: true }] },
  scenarios,
  budgets: scenarios.map(asFast),
};
