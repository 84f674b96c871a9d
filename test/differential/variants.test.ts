/**
 * Every combination of the optimisations gives the same bytes: eight servers in process under one simulated clock are fed the
 * same requests, cut into pieces at points of their own, and their reply streams are compared whole.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { CommandHarness, encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { seedFromEnvironment } from '../requirements.ts';
import { drawChunk, openingCommands } from './commandSource.ts';
import type { RandomCommand } from './grammar/production.ts';
import { replyEnd } from './replyTree.ts';
import { Draw } from './universe.ts';

const ROUNDS = 150;
const CHUNK_COMMANDS = 100;

interface Variant {
  name: string;
  harness: CommandHarness;
}

function variants(): Variant[] {
  return Array.from({ length: 8 }, (_, bits) => {
    const options = { fastPath: (bits & 1) > 0, arena: (bits & 2) > 0, reusedReplies: (bits & 4) > 0 };
    const harness = new CommandHarness({
      ...options,
      seed: 7,
      configuration: { 'enable-debug-command': 'yes' },
    });
    return { name: JSON.stringify(options), harness };
  });
}

/** The order of a storage is its own, and so are picks from it and accounts of its memory. */
const OF_THE_STORAGE =
  /^(scan|hscan|keys|hgetall|hkeys|hvals|hrandfield|randomkey|dump|memory|info|client|command|debug|slowlog|latency)$/i;

/** Sends `bytes` in pieces cut at random, a few of them through the middle of everything. */
function sendInPieces(variant: Variant, bytes: Buffer, cuts: Prng): Buffer {
  const replies: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = cuts.below(10) === 0 ? 1 + cuts.below(20) : 1 + cuts.below(4000);
    replies.push(variant.harness.client.send(bytes.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(replies);
}

function firstDifference(commands: RandomCommand[], expected: Buffer, actual: Buffer): string {
  let [a, b] = [0, 0];
  for (const command of commands) {
    const [endA, endB] = [replyEnd(expected, a), replyEnd(actual, b)];
    const [replyA, replyB] = [expected.subarray(a, endA), actual.subarray(b, endB)];
    if (!replyA.equals(replyB))
      return `${JSON.stringify(command)}: ${JSON.stringify(replyA.toString('latin1'))} against ${JSON.stringify(replyB.toString('latin1'))}`;
    [a, b] = [endA, endB];
  }
  return 'lengths differ';
}

describe('all combinations of flags', () => {
  it('give byte-identical replies at any split of the input', () => {
    const seed = seedFromEnvironment();
    console.log(`variants: SEED=${seed}`);
    const payloadMaker = new CommandHarness();
    payloadMaker.run('SET', 'p', 'hello');
    payloadMaker.run('HSET', 'h', 'f0', 'v', 'f1', '1');
    const payloads = ['p', 'h'].map((key) => payloadMaker.run('DUMP', key) as string);
    const draw = new Draw(seed, payloads);
    const all = variants();
    const cuts = all.map((_, i) => new Prng(seed + i));
    let sentBytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const drawn = drawChunk(draw, CHUNK_COMMANDS, true);
      const drawnAll = [
        ...(round % 25 === 0 ? openingCommands(round % 50 === 0 ? 2 : 3) : []),
        ...drawn.commands,
        ...drawn.closing,
      ];
      const commands = drawnAll.filter((command) => !OF_THE_STORAGE.test(command[0]!));
      const bytes = Buffer.concat(commands.map(encodeRequest));
      sentBytes += bytes.length;
      const replies = all.map((variant, i) => sendInPieces(variant, bytes, cuts[i]!));
      for (let i = 1; i < all.length; i++) {
        if (!replies[i]!.equals(replies[0]!))
          expect.fail(
            `${all[i]!.name} differs from ${all[0]!.name} in round ${round} (SEED=${seed}): ${firstDifference(commands, replies[0]!, replies[i]!)}`,
          );
      }
      // Time passes for all alike, so that expiry is compared too.
      for (const { harness } of all) harness.advance(200);
    }
    expect(sentBytes).toBeGreaterThan(500_000);
  });
});
