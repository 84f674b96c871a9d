/**
 * Every combination of the optimisations gives the same replies: servers in process under one simulated clock, one for each row of a
 * pairwise covering array, are fed the same 100,000 commands, cut into pieces at points of their own. Replies are compared byte for byte,
 * or by the rules that the comparison with Redis documents (orders of hash tables, random picks); the data by DEBUG DIGEST.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { loadVariants } from '../../src/main/variants.ts';
import { CommandHarness, encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { seedFromEnvironment } from '../requirements.ts';
import { drawChunk, openingCommands } from './commandSource.ts';
import { type FlagRow, flagRows } from './flagRows.ts';
import { firstDifference, harnessPayloads } from './replyStreams.ts';
import { Draw } from './universe.ts';

const COMMANDS = Number(process.env.EQUIVALENCE_COMMANDS ?? 100_000);
const CHUNK_COMMANDS = 100;
/** A new start, in the other protocol, every so many chunks. */
const CHUNKS_PER_START = 25;

interface Variant {
  row: FlagRow;
  harness: CommandHarness;
  cuts: Prng;
}

const startVariant = async (row: FlagRow, seed: number): Promise<Variant> => ({
  row,
  harness: new CommandHarness({
    variants: await loadVariants(new Set(row.flags)),
    seed: 7,
    configuration: { 'enable-debug-command': 'yes' },
  }),
  cuts: new Prng(seed),
});

/** Sends `bytes` in pieces cut at random, a few of them through the middle of everything. */
function sendInPieces({ harness, cuts }: Variant, bytes: Buffer): Buffer {
  const replies: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = cuts.below(10) === 0 ? 1 + cuts.below(20) : 1 + cuts.below(4000);
    replies.push(harness.client.send(bytes.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(replies);
}

describe('all combinations of flags', () => {
  it(`answer ${COMMANDS} commands alike, at any split of the input`, async () => {
    const seed = seedFromEnvironment();
    const rows = flagRows(new Prng(seed));
    console.log(`variants: SEED=${seed}, ${rows.length} combinations`);
    const [reference, ...others] = await Promise.all(rows.map((row, i) => startVariant(row, seed + i)));
    const draw = new Draw(seed, harnessPayloads());
    for (let chunk = 0; chunk * CHUNK_COMMANDS < COMMANDS; chunk++) {
      const drawn = drawChunk(draw, CHUNK_COMMANDS, true);
      const opening =
        chunk % CHUNKS_PER_START === 0 ? openingCommands((chunk / CHUNKS_PER_START) % 2 === 0 ? 2 : 3) : [];
      const commands = [...opening, ...drawn.commands, ['DEBUG', 'DIGEST'], ...drawn.closing];
      const bytes = Buffer.concat(commands.map(encodeRequest));
      const expected = sendInPieces(reference!, bytes);
      for (const variant of others) {
        const difference = firstDifference(commands, expected, sendInPieces(variant, bytes));
        if (difference !== undefined)
          expect.fail(`${variant.row.name} differs in chunk ${chunk} (SEED=${seed}): ${difference}`);
        variant.harness.advance(200);
      }
      // Time passes for all alike, so that expiry is compared too.
      reference!.harness.advance(200);
    }
  });
});
