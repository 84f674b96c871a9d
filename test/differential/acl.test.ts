/** Users, rules and rights as Redis 7.4 has them. Older servers describe users in another way, so 7.4 it must be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { findTool, type RunningServer, startEvenkeel, startRedis, toolVersion } from '../requirements.ts';
import { testSeed } from '../seed.ts';
import { ACL_CASES } from './aclCases.ts';
import { AclPair, type Step } from './aclPair.ts';
import { aclSequence } from './aclSequences.ts';
import { versionNumber } from './versionGates.ts';

const redis = findTool('redis-server');
const version = redis === undefined ? undefined : toolVersion(redis);
const recent = version !== undefined && versionNumber(version) >= versionNumber('7.4.0');
const NAME = recent
  ? 'users and rights against Redis'
  : 'users and rights against Redis [needs redis-server 7.4]';

/** What the random sequences must have come upon. */
const KINDS = [
  /NOPERM User .* has no permissions to run/,
  /NOPERM No permissions to access a key/,
  /NOPERM No permissions to access a channel/,
  /EXECABORT/,
  /WRONGPASS/,
  /the connection is closed/,
  /option of SORT denied/,
  /^(two|three): \["ACL","WHOAMI"\] -> \$"(alice|bob|carol)"/,
];
const SEQUENCES = 300;
const STEPS = 40;

describe.skipIf(!recent)(NAME, () => {
  const servers: RunningServer[] = [];
  let pair: AclPair;

  beforeAll(async () => {
    servers.push(...(await Promise.all([startEvenkeel(), startRedis(redis!)])));
    pair = new AclPair(servers[0]!.port, servers[1]!.port);
  });
  afterAll(async () => {
    pair?.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  const play = async (name: string, steps: readonly Step[]): Promise<void> => {
    await pair.begin();
    for (const step of steps) {
      const difference = await pair.step(step).catch((problem: Error) => {
        throw new Error(`${name}\n${pair.trail.join('\n')}\n${problem.message}`, { cause: problem });
      });
      if (difference === undefined) continue;
      expect.fail(
        `${name}\n${pair.trail.join('\n')}\nours:   ${difference.ours}\ntheirs: ${difference.theirs}`,
      );
    }
  };

  it.each(Object.entries(ACL_CASES))('agrees on %s', play);

  it(`agrees over ${SEQUENCES} random sequences`, async () => {
    const seed = testSeed();
    console.log(`users and rights: SEED=${seed}`);
    const seen = new Set<RegExp>();
    for (let i = 0; i < SEQUENCES; i++) {
      await play(`SEED=${seed}, sequence ${i}`, aclSequence(new Prng(seed + i * 1000), STEPS));
      for (const line of pair.trail) for (const kind of KINDS) if (kind.test(line)) seen.add(kind);
    }
    // Agreement on what never happened would say nothing.
    expect(KINDS.filter((kind) => !seen.has(kind))).toEqual([]);
  });
});
