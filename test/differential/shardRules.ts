/**
 * What a server of several shards may answer otherwise than one of one shard, and is therefore not asked in a comparison of both:
 *
 * - commands on keys of different shards that are not split by their keys (MSETNX, RENAME, COPY, SORT ... STORE, LCS): CROSSSLOT,
 *   as in Redis Cluster; SORT with BY or GET patterns likewise with its own error;
 * - SCAN: a cursor is a shard's, so one call does not go over all of them. Its guarantee has a test of its own;
 * - RANDOMKEY, which the comparison asks only after a SCAN has removed what is expired;
 * - scripts, which reach the keys of one shard only: they have tests of their own;
 * - transactions, whose keys are nearly always on several shards, and what would wait outside of one: they have tests of their own.
 *
 * Whatever is left is answered alike.
 */
import { Prng } from '../../src/base/prng.ts';
import { GrowAsFilled } from '../../src/server/capacity/growAsFilled.ts';
import { allCommands } from '../../src/server/commands/allCommands.ts';
import { Arguments } from '../../src/server/commands/arguments.ts';
import { encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { CommandTable } from '../../src/server/commands/commandTable.ts';
import { DecodeState } from '../../src/server/protocol/decodeState.ts';
import { RequestDecoder } from '../../src/server/protocol/requestDecoder.ts';
import { groupPerShard } from '../../src/server/routing/groupPerShard.ts';
import { REFUSED, RequestRouter } from '../../src/server/routing/requestRoute.ts';
import { ShardPosition } from '../../src/server/routing/slots.ts';
import type { RandomCommand } from './grammar/production.ts';

const OWN_TESTS = /^(multi|exec|discard|watch|unwatch|eval|bl|br|bz)/;

/** True for commands that are not to be asked. */
export function shardGate(shardCount: number): (command: RandomCommand) => boolean {
  const table = new CommandTable(allCommands);
  const prng = new Prng(1);
  const router = new RequestRouter(new ShardPosition(0, shardCount), table, groupPerShard, {
    uint32: () => prng.uint32(),
    float: () => prng.float(),
  });
  const decoder = new RequestDecoder(new GrowAsFilled());
  const args = new Arguments();
  return (command) => {
    if (shardCount === 1) return false;
    const name = command[0]!.toLowerCase();
    if (name === 'scan' || name === 'randomkey' || OWN_TESTS.test(name)) return true;
    const entry = table.get(name);
    if (entry === undefined || entry.subcommands !== undefined) return false;
    if (command.length < entry.arityMin || command.length > entry.arityMax) return false;
    const bytes = encodeRequest(command);
    decoder.decode(new DecodeState(), bytes, 0, bytes.length, args, true);
    return router.route(entry, args) === REFUSED;
  };
}
