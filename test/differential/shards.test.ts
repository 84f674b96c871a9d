/**
 * Several shards answer as one: a server of 2, 3 or 5 shards in one thread, its mail delivered in an order drawn from the seed, is fed
 * the same random commands as a server of one shard, pipelined and cut into pieces. Replies are compared byte for byte, or by
 * the documented rules; the data by DEBUG DIGEST.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { loadVariants } from '../../src/main/variants.ts';
import { CommandHarness, encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { ShardedHarness } from '../../src/server/routing/shardedHarness.ts';
import { testSeed } from '../seed.ts';
import { drawChunk, openingCommands } from './commandSource.ts';
import { firstDifference, harnessPayloads } from './replyStreams.ts';
import { shardGate } from './shardRules.ts';
import { Draw } from './universe.ts';

const COMMANDS = Number(process.env.SHARD_COMMANDS ?? 20_000);
const CHUNK_COMMANDS = 100;
const CHUNKS_PER_START = 25;
const configuration = { 'enable-debug-command': 'yes' };

describe('several shards in one thread', () => {
  it.each([
    { shards: 2, flags: ['bulk-shards', 'arena-storage', 'reply-buffers'], mailboxCapacity: 64 },
    { shards: 3, flags: [], mailboxCapacity: 64 },
    { shards: 5, flags: ['bulk-shards'], mailboxCapacity: 1 },
  ])('answer random commands as one does: $shards shards, mailboxes of $mailboxCapacity', async (options) => {
    const seed = testSeed();
    console.log(`shards: SEED=${seed}, ${options.shards} shards`);
    const one = new CommandHarness({ configuration });
    const several = await ShardedHarness.start({
      shards: options.shards,
      seed,
      configuration,
      mailboxCapacity: options.mailboxCapacity,
      variants: (placement) => loadVariants(new Set(options.flags), placement),
    });
    const client = several.connect();
    const gated = shardGate(options.shards);
    const draw = new Draw(seed, harnessPayloads());
    const cuts = new Prng(seed);
    let asked = 0;
    for (let chunk = 0; asked < COMMANDS; chunk++) {
      const drawn = drawChunk(draw, CHUNK_COMMANDS, true);
      const opening =
        chunk % CHUNKS_PER_START === 0 ? openingCommands((chunk / CHUNKS_PER_START) % 2 === 0 ? 2 : 3) : [];
      for (const commands of [
        [
          ...opening,
          ...drawn.commands.filter((command) => !gated(command)),
          ['DEBUG', 'DIGEST'],
          ...drawn.closing,
        ],
        drawn.purge,
      ]) {
        asked += commands.length;
        const bytes = Buffer.concat(commands.map(encodeRequest));
        const pieceBytes = 1 + cuts.below(cuts.below(4) === 0 ? 40 : 20_000);
        const difference = firstDifference(
          commands,
          one.client.send(bytes),
          several.send(client, bytes, pieceBytes),
        );
        if (difference !== undefined)
          expect.fail(`${options.shards} shards differ in chunk ${chunk} (SEED=${seed}): ${difference}`);
        one.advance(200);
        several.advance(200);
      }
    }
    expect(several.shards.every(({ server }) => server.mail!.sentMessages > 0)).toBe(true);
  });
});
