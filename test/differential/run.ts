/**
 * The differential comparison from a shell: `node test/differential/run.ts [--commands N] [--seed S] [--episode E] [--flags F] [--publish]`.
 * REDIS_SERVER names the reference; otherwise redis-server on PATH.
 */
import { parseArgs } from 'node:util';
import { publishTally } from '../conformance/differentialTally.ts';
import { findTool, startEvenkeel, startRedis } from '../requirements.ts';
import { testSeed } from '../seed.ts';
import { DifferentialRun, describeMismatch } from './differentialRun.ts';

const { values } = parseArgs({
  options: {
    commands: { type: 'string', default: '200000' },
    seed: { type: 'string' },
    episode: { type: 'string', default: '0' },
    flags: { type: 'string', default: 'all' },
    threads: { type: 'string', default: '0' },
    publish: { type: 'boolean', default: false },
  },
});
const redis = findTool('redis-server');
if (redis === undefined) {
  console.error('no redis-server: install it, or name one with REDIS_SERVER=/path/to/redis-server');
  process.exit(1);
}
const seed = values.seed === undefined ? testSeed() : Number(values.seed);
console.log(`SEED=${seed}`);
const servers = [
  await startEvenkeel({
    flags: values.flags,
    threads: values.threads === '1' ? 1 : 0,
    arguments: ['--enable-debug-command', 'yes'],
  }),
  await startRedis(redis),
] as const;
try {
  const result = await DifferentialRun.run({
    oursPort: servers[0].port,
    theirsPort: servers[1].port,
    seed,
    commands: Number(values.commands),
    firstEpisode: Number(values.episode),
  });
  console.log(`${result.commands} commands against Redis ${result.referenceVersion}, flags ${values.flags}`);
  console.log(
    `agreed by rule: ${[...result.normalised].map(([name, count]) => `${name} ${count}`).join(', ') || 'none'}`,
  );
  if (values.publish && result.mismatch === undefined) {
    publishTally({
      reference: result.referenceVersion,
      commands: result.commands,
      command: `node test/differential/run.ts --commands ${values.commands} --seed ${seed} --flags ${values.flags} --publish`,
      asked: Object.fromEntries(result.asked),
    });
  }
  if (result.mismatch !== undefined) {
    console.log(describeMismatch(seed, result.mismatch));
    process.exitCode = 1;
  }
} catch (error) {
  console.error(servers[0].stderr + servers[0].stdout);
  throw error;
} finally {
  await Promise.all(servers.map((server) => server.stop()));
}
