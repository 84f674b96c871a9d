/** The commands that concern every shard, and how their answers become one. */
import { fromLatin1 } from '../../base/bytes.ts';
import { Arguments } from '../commands/arguments.ts';
import { accessLogOfShards } from './combine/accessLogReply.ts';
import { clientKilling, clientListing } from './combine/clientReplies.ts';
import { digestOfParts } from './combine/digestReply.ts';
import { infoOfShards } from './combine/infoReply.ts';
import { agreement, type Combine, concatenation, everyOne, sumOfIntegers } from './combine/keyReplies.ts';
import { distinctCount, distinctNames, sumOfCounts } from './combine/pubsubReplies.ts';
import type { ShardPosition } from './slots.ts';
import { allIndices, type Split } from './split.ts';

export interface EverywhereRule {
  readonly isCheckedHere: boolean;
  readonly combine: (args: Arguments) => Combine;
  /** What is asked instead of the client's own words. */
  readonly asks?: readonly string[];
}

const gathered = (combine: Combine): EverywhereRule => ({ isCheckedHere: false, combine: () => combine });
/** A change that all make or none. */
const ordered: EverywhereRule = { isCheckedHere: true, combine: () => agreement };

/** By full name; DEBUG's subcommands are named as if they were in the command table. */
export const EVERYWHERE: ReadonlyMap<string, EverywhereRule> = new Map<string, EverywhereRule>([
  ['dbsize', gathered(sumOfIntegers)],
  ['keys', gathered(concatenation)],
  ['info', gathered(infoOfShards)],
  ['publish', gathered(sumOfIntegers)],
  ['spublish', gathered(sumOfIntegers)],
  ['pubsub|channels', gathered(distinctNames)],
  ['pubsub|shardchannels', gathered(distinctNames)],
  ['pubsub|numsub', gathered(sumOfCounts)],
  ['pubsub|shardnumsub', gathered(sumOfCounts)],
  ['pubsub|numpat', { ...gathered(distinctCount), asks: ['DEBUG', 'PATTERNS'] }],
  ['client|unblock', gathered(sumOfIntegers)],
  ['acl|setuser', ordered],
  ['acl|deluser', ordered],
  ['acl|load', ordered],
  ['acl|log', { isCheckedHere: false, combine: accessLogOfShards }],
  ['flushdb', ordered],
  ['flushall', ordered],
  ['swapdb', ordered],
  ['config|set', ordered],
  ['config|resetstat', ordered],
  ['client|pause', ordered],
  ['client|unpause', ordered],
  ['client|list', { isCheckedHere: false, combine: clientListing }],
  ['client|kill', { isCheckedHere: false, combine: clientKilling }],
  ['memory|purge', ordered],
  ['function|load', ordered],
  ['function|delete', ordered],
  ['function|flush', ordered],
  ['function|restore', ordered],
  ['script|load', ordered],
  ['script|flush', ordered],
  ['script|exists', gathered(everyOne)],
  ['debug|sleep', ordered],
  ['debug|set-active-expire', ordered],
  ['debug|populate', ordered],
  ['debug|digest', { isCheckedHere: true, combine: () => digestOfParts, asks: ['DEBUG', 'DIGEST-PARTS'] }],
]);

export function splitEverywhere(rule: EverywhereRule, args: Arguments, { count }: ShardPosition): Split {
  const source = rule.asks === undefined ? args : Arguments.of(rule.asks.map(fromLatin1));
  const indices = allIndices(source);
  return {
    parts: Array.from({ length: count }, (_, shard) => ({ shard, source, indices })),
    isCheckedHere: rule.isCheckedHere,
    combine: rule.combine(args),
  };
}
