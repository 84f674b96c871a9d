/**
 * Every combination of the optimisations, on any number of shards, gives the same replies: servers in process under simulated clocks, one for
 * each row of a pairwise covering array, are fed the same 100,000 commands, cut into pieces at points of their own. Replies are
 * compared byte for byte, or by the rules that the comparison with Redis documents (orders of hash tables, random picks); the data by
 * DEBUG DIGEST. Servers of several shards are not asked what they may answer otherwise (`shardRules.ts`), and have a reference of their own.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { loadVariants } from '../../src/main/variants.ts';
import { CommandHarness, encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { ShardedHarness } from '../../src/server/routing/shardedHarness.ts';
import { testSeed } from '../seed.ts';
import { drawChunk, openingCommands } from './commandSource.ts';
import { type FlagRow, flagRows } from './flagRows.ts';
import type { RandomCommand } from './grammar/production.ts';
import { firstDifference, harnessPayloads } from './replyStreams.ts';
import { shardGate } from './shardRules.ts';
import { Draw } from './universe.ts';

const COMMANDS = Number(process.env.EQUIVALENCE_COMMANDS ?? 100_000);
const CHUNK_COMMANDS = 100;
/** A new start, in the other protocol, every so many chunks. */
const CHUNKS_PER_START = 25;
const SHARD_COUNTS = [1, 2, 3];
const HASH_SEED = 7;
/** Millions of commands in all: minutes where the CPUs are shared. */
const TIMEOUT_MS = 900_000;
const configuration = { 'enable-debug-command': 'yes' };

/** A server in process with one client. */
interface Variant {
  name: string;
  send(piece: Uint8Array): Buffer;
  advance(ms: number): void;
}

async function startVariant({ name, flags, shards }: FlagRow): Promise<Variant> {
  const chosen = new Set(flags);
  if (shards === 1) {
    const harness = new CommandHarness({
      variants: await loadVariants(chosen),
      seed: HASH_SEED,
      configuration,
    });
    return {
      name,
      send: (piece) => harness.client.send(piece),
      advance: (ms) => harness.advance(ms),
    };
  }
  const harness = await ShardedHarness.start({
    shards,
    seed: HASH_SEED,
    configuration,
    variants: (placement) => loadVariants(chosen, placement),
  });
  const client = harness.connect();
  return {
    name,
    send: (piece) => harness.send(client, piece),
    advance: (ms) => harness.advance(ms),
  };
}

/** Sends `bytes` in pieces cut at random, a few of them through the middle of everything. */
function sendInPieces(variant: Variant, bytes: Buffer, cuts: Prng): Buffer {
  const replies: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = cuts.below(10) === 0 ? 1 + cuts.below(20) : 1 + cuts.below(4000);
    replies.push(variant.send(bytes.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(replies);
}

/** Feeds all of them one stream of commands; the first is what the others are held against. */
function compare(variants: Variant[], isAsked: (command: RandomCommand) => boolean, seed: number): void {
  const draw = new Draw(seed, harnessPayloads());
  const cuts = new Prng(seed);
  const [reference, ...others] = variants;
  for (let chunk = 0; chunk * CHUNK_COMMANDS < COMMANDS; chunk++) {
    const drawn = drawChunk(draw, CHUNK_COMMANDS, true);
    const opening =
      chunk % CHUNKS_PER_START === 0 ? openingCommands((chunk / CHUNKS_PER_START) % 2 === 0 ? 2 : 3) : [];
    const commands = [...opening, ...drawn.commands.filter(isAsked), ['DEBUG', 'DIGEST'], ...drawn.closing];
    const bytes = Buffer.concat(commands.map(encodeRequest));
    const expected = sendInPieces(reference!, bytes, cuts);
    for (const variant of others) {
      const difference = firstDifference(commands, expected, sendInPieces(variant, bytes, cuts));
      if (difference !== undefined)
        expect.fail(`${variant.name} differs in chunk ${chunk} (SEED=${seed}): ${difference}`);
    }
    // Time passes for all alike, so that expiry is compared too.
    for (const variant of variants) variant.advance(200);
  }
}

describe('all combinations of flags', () => {
  const seed = testSeed();
  const rows = flagRows(new Prng(seed), SHARD_COUNTS);
  const gates = SHARD_COUNTS.map(shardGate);
  const onOneShard = rows.filter((row) => row.shards === 1);
  const onSeveral = rows.filter((row) => row.shards > 1);

  it(
    `answer ${COMMANDS} commands alike on one shard, at any split of the input`,
    async () => {
      console.log(`variants: SEED=${seed}, ${onOneShard.length} combinations`);
      compare(await Promise.all(onOneShard.map(startVariant)), () => true, seed);
    },
    TIMEOUT_MS,
  );

  it(
    `answer ${COMMANDS} commands alike on several shards as on one`,
    async () => {
      console.log(`variants: SEED=${seed}, ${onSeveral.length} combinations on several shards`);
      const all = await Promise.all([onOneShard[0]!, ...onSeveral].map(startVariant));
      compare(all, (command) => !gates.some((gate) => gate(command)), seed);
    },
    TIMEOUT_MS,
  );
});
