/** Users, rules and rights as Redis 7.4 has them. Older servers describe users in another way, so 7.4 it must be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { findTool, type RunningServer, startEvenkeel, startRedis } from '../requirements.ts';
import { testSeed } from '../seed.ts';
import { ACL_CASES } from './aclCases.ts';
import { AclPair, type Step } from './aclPair.ts';
import { aclSequence } from './aclSequences.ts';
import { isAtLeast } from './versionGates.ts';

const redis = findTool('redis-server');
const recent = isAtLeast(redis, '7.4.0');
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

/** Each shard logs what it refuses, and keys of several shards are no matter of rights. */
const ON_ONE_SHARD =
  /\blog$|several selectors|^(SORT|scripts$|channels of|rights lost|patterns and channels)/;

describe.skipIf(!recent)(NAME, () => {
  const started: RunningServer[] = [];
  const pairs: AclPair[] = [];

  const begin = async (shards: number): Promise<AclPair> => {
    const servers = await Promise.all([startEvenkeel({ shards }), startRedis(redis!)]);
    started.push(...servers);
    pairs.push(new AclPair(servers[0].port, servers[1].port));
    return pairs.at(-1)!;
  };
  afterAll(async () => {
    for (const pair of pairs) pair.close();
    await Promise.all(started.map((server) => server.stop()));
  });

  const play = async (pair: AclPair, name: string, steps: readonly Step[]): Promise<void> => {
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

  describe.each([1, 3])('with --shards %i', (shards) => {
    let pair: AclPair;
    beforeAll(async () => {
      pair = await begin(shards);
    });
    const cases = Object.entries(ACL_CASES).filter(([name]) => shards === 1 || !ON_ONE_SHARD.test(name));

    it.each(cases)('agrees on %s', (name, steps) => play(pair, name, steps));
  });

  it(`agrees over ${SEQUENCES} random sequences`, async () => {
    const pair = await begin(1);
    const seed = testSeed();
    console.log(`users and rights: SEED=${seed}`);
    const seen = new Set<RegExp>();
    for (let i = 0; i < SEQUENCES; i++) {
      await play(pair, `SEED=${seed}, sequence ${i}`, aclSequence(new Prng(seed + i * 1000), STEPS));
      for (const line of pair.trail) for (const kind of KINDS) if (kind.test(line)) seen.add(kind);
    }
    // Agreement on what never happened would say nothing.
    expect(KINDS.filter((kind) => !seen.has(kind))).toEqual([]);
  });
});
