/**
 * Whatever clients do on one node shows on the others: nodes in process, fed the random commands of the differential test, exchange what
 * replication makes of them, and their data must be the same.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { CommandHarness } from '../../src/server/commands/commandHarness.ts';
import { BatchedDeltas } from '../../src/server/replication/batchedDeltas.ts';
import type { DeltaOutbox, Flush } from '../../src/server/replication/deltaOutbox.ts';
import { ImmediateDeltas } from '../../src/server/replication/immediateDeltas.ts';
import { drawChunk } from '../differential/commandSource.ts';
import { Draw } from '../differential/universe.ts';
import { testSeed } from '../seed.ts';
import { ReplicatedGroup } from './replicatedGroup.ts';

const COMMANDS = 5000;
const CHUNK_COMMANDS = 25;

function payloads(): string[] {
  const maker = new CommandHarness();
  maker.run('SET', 'p', 'hello');
  maker.run('HSET', 'h', 'f0', 'v', 'f1', '1');
  return ['p', 'h'].map((key) => maker.run('DUMP', key) as string);
}

const allSame = (values: string[]): string[] => values.map(() => values[0]!);

const sides: [string, (flush: Flush) => DeltaOutbox][] = [
  ['immediate deltas', (flush) => new ImmediateDeltas(flush)],
  ['batched deltas', (flush) => new BatchedDeltas(flush)],
];

describe.each(sides)('commands with %s', (_name, createOutbox) => {
  it('on one node have the same effect on all', () => {
    const seed = testSeed();
    const draw = new Draw(seed, payloads());
    const group = new ReplicatedGroup(2, createOutbox);
    const [first] = group.harnesses;
    // Seeded as the first node, with nobody watching: replies must be the same, but for INFO, which names peers.
    const alone = new CommandHarness({ seed: 1 });
    const states = new Set<string>();
    for (let done = 0; done < COMMANDS; done += CHUNK_COMMANDS) {
      const { commands } = drawChunk(draw, CHUNK_COMMANDS, true);
      for (const command of commands) {
        const [reply, expected] = [first!.raw(...command), alone.raw(...command)];
        if (!/^info$/i.test(command[0]!))
          expect(reply.toString('latin1'), `SEED=${seed}: ${command.join(' ')}`).toBe(
            expected.toString('latin1'),
          );
      }
      group.settle();
      group.advance(1);
      alone.advance(1);
      const digests = group.digests();
      states.add(digests[0]!);
      expect(digests, `SEED=${seed}: ${commands.map((command) => command.join(' ')).join('\n')}`).toEqual(
        allSame(digests),
      );
    }
    // Had nothing happened, all would be the same as well.
    expect(states.size).toBeGreaterThan(COMMANDS / CHUNK_COMMANDS / 2);
  });

  it('on all nodes at once leave the same data on all', () => {
    const seed = testSeed();
    const random = new Prng(seed);
    const draw = new Draw(seed, payloads());
    const group = new ReplicatedGroup(3, createOutbox);
    for (let done = 0; done < COMMANDS; done += CHUNK_COMMANDS) {
      for (const command of drawChunk(draw, CHUNK_COMMANDS, true).commands)
        group.harnesses[random.below(3)]!.run(...command);
      if (random.below(2) === 0) continue;
      group.settle();
      group.advance(2000);
      group.tick();
      const digests = group.digests();
      expect(digests, `SEED=${seed}`).toEqual(allSame(digests));
    }
  });
});

describe('a write on one node', () => {
  const pair = () => new ReplicatedGroup(2, (flush) => new BatchedDeltas(flush));

  /** Runs `commands` on the first node, and `question` on the second once they have talked. */
  const shown = (commands: string[][], question: string[]): unknown => {
    const group = pair();
    for (const command of commands) group.harnesses[0]!.run(...command);
    group.settle();
    return group.harnesses[1]!.run(...question);
  };

  it('that is refused (SET NX) replicates nothing', () => {
    const group = pair();
    group.harnesses[0]!.run('SET', 'k', 'first');
    group.settle();
    const before = group.replications[0]!.node.store.clock.ticks;
    group.harnesses[0]!.run('SET', 'k', 'second', 'NX');
    group.harnesses[0]!.run('HSETNX', 'k', 'f', 'v');
    expect(group.replications[0]!.node.store.clock.ticks).toBe(before);
    group.settle();
    expect(group.harnesses[1]!.run('GET', 'k')).toBe('first');
  });

  it('of any of the commands that the fast path or another short cut may take arrives', () => {
    expect(
      shown(
        [
          ['SET', 'k', '1'],
          ['INCR', 'k'],
        ],
        ['GET', 'k'],
      ),
    ).toBe('2');
    expect(shown([['MSET', 'k', '1', 'l', '2']], ['MGET', 'k', 'l'])).toEqual(['1', '2']);
    expect(shown([['HINCRBY', 'h', 'f', '3']], ['HGET', 'h', 'f'])).toBe('3');
  });

  it('EXPIRE and PERSIST arrive, as instants', () => {
    expect(
      shown(
        [
          ['SET', 'k', '1'],
          ['PEXPIRE', 'k', '5000'],
        ],
        ['PTTL', 'k'],
      ),
    ).toBe(5000);
    expect(
      shown(
        [
          ['SET', 'k', '1', 'EX', '5'],
          ['PERSIST', 'k'],
        ],
        ['PTTL', 'k'],
      ),
    ).toBe(-1);
    expect(
      shown(
        [
          ['HSET', 'h', 'f', '1'],
          ['HPEXPIRE', 'h', '50', 'FIELDS', '1', 'f'],
        ],
        ['HPTTL', 'h', 'FIELDS', '1', 'f'],
      ),
    ).toEqual([50]);
  });

  it('RENAME, COPY, MOVE, SWAPDB, RESTORE, GETDEL and FLUSHALL arrive', () => {
    expect(
      shown(
        [
          ['HSET', 'h', 'f', '1'],
          ['RENAME', 'h', 'g'],
        ],
        ['HGETALL', 'g'],
      ),
    ).toEqual(['f', '1']);
    expect(
      shown(
        [
          ['SET', 'k', '1'],
          ['COPY', 'k', 'l'],
        ],
        ['GET', 'l'],
      ),
    ).toBe('1');
    expect(
      shown(
        [
          ['SET', 'k', '1'],
          ['MOVE', 'k', '3'],
        ],
        ['DBSIZE'],
      ),
    ).toBe(0);
    expect(
      shown(
        [
          ['SELECT', '3'],
          ['SET', 'k', '1'],
          ['SWAPDB', '0', '3'],
        ],
        ['GET', 'k'],
      ),
    ).toBe('1');
    expect(
      shown(
        [
          ['SET', 'k', '1'],
          ['GETDEL', 'k'],
        ],
        ['EXISTS', 'k'],
      ),
    ).toBe(0);
    expect(shown([['SET', 'k', '1'], ['HSET', 'h', 'f', '1'], ['FLUSHALL']], ['DBSIZE'])).toBe(0);
  });

  it('eviction is a removal everywhere', () => {
    const group = pair();
    const [first, second] = group.harnesses;
    for (let i = 0; i < 100; i++) first!.run('SET', `k${i}`, 'v'.repeat(1000));
    group.settle();
    first!.run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', '1');
    first!.run('SET', 'last', '1');
    group.settle();
    const left = first!.run('DBSIZE') as number;
    expect(left).toBeLessThan(100);
    expect(second!.run('DBSIZE')).toBe(left);
  });

  it('a value of the wrong kind on each side at once leaves both with one of them', () => {
    const group = pair();
    const [first, second] = group.harnesses;
    first!.run('SET', 'k', 'text');
    second!.run('HSET', 'k', 'f', '1');
    group.settle();
    expect(second!.run('TYPE', 'k')).toBe(first!.run('TYPE', 'k'));
    expect(group.digests()[0]).toBe(group.digests()[1]);
  });

  it.each([
    ['HDEL', 'k', 'f'],
    ['HEXPIREAT', 'k', '1', 'FIELDS', '1', 'f'],
  ])(
    'that takes the last field (%s) takes the string of the other side too, which the field had hidden',
    (...command) => {
      const group = pair();
      const [first, second] = group.harnesses;
      first!.run('SET', 'k', 'text');
      second!.run('HSET', 'k', 'f', '1');
      group.settle();
      expect(first!.run('TYPE', 'k')).toBe('hash');
      second!.run(...command);
      group.settle();
      expect(group.harnesses.map((harness) => harness.run('EXISTS', 'k'))).toEqual([0, 0]);
      expect(group.digests()[0]).toBe(group.digests()[1]);
    },
  );
});
