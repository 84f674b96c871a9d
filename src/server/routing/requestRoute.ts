/**
 * Which shard runs a request, derived from the command's record: the key specifications say where its keys are, two tables name the
 * commands that are split (`keySplits.ts`, `everywhereSplits.ts`), and whatever has no keys runs where the client is connected.
 */
import type { Rng } from '../../ports/rng.ts';
import type { Arguments } from '../commands/arguments.ts';
import { type KeySpec, namesNoKey } from '../commands/command.ts';
import type { CommandEntry, CommandTable } from '../commands/commandTable.ts';
import { findKeys } from '../commands/server/command/keyExtraction.ts';
import { splitRandomKey } from './combine/randomKeyReply.ts';
import { splitScan } from './combine/scanReply.ts';
import { EVERYWHERE, type EverywhereRule, splitEverywhere } from './everywhereSplits.ts';
import type { KeyGrouping } from './keyGrouping.ts';
import { KEY_SPLITS, type KeySplitRule, splitByKeys } from './keySplits.ts';
import type { ShardPosition } from './slots.ts';
import { sortRefusal } from './sortRoute.ts';
import type { Split } from './split.ts';

/** The request runs where it arrived. */
export const HERE = -1;
/** It is to be split: `RequestRouter.split`. */
export const SPLIT = -2;
/** It cannot run: `RequestRouter.refusal`. */
export const REFUSED = -3;

export const CROSS_SLOT = "CROSSSLOT Keys in request don't hash to the same slot";

/** DEBUG's subcommands with one key, and the argument it is in. */
const DEBUG_KEYS: ReadonlyMap<string, number> = new Map([['debug|object', 2]]);

type Way =
  | { readonly kind: 'here' }
  | { readonly kind: 'key'; readonly index: number }
  | { readonly kind: 'keys' }
  | { readonly kind: 'debug' | 'scan' | 'randomkey' | 'byKeys' | 'everywhere' };

const isOneKey = (spec: KeySpec): boolean =>
  spec.beginSearch.type === 'index' && spec.findKeys.type === 'range' && spec.findKeys.lastKey === 0;

function wayOf(entry: CommandEntry): Way {
  const { keys, getKeys } = entry.spec;
  if (entry.fullName === 'debug') return { kind: 'debug' };
  if (entry.fullName === 'scan' || entry.fullName === 'randomkey') return { kind: entry.fullName };
  if (KEY_SPLITS.has(entry.fullName)) return { kind: 'byKeys' };
  if (EVERYWHERE.has(entry.fullName)) return { kind: 'everywhere' };
  if (keys.every(namesNoKey)) return { kind: 'here' };
  const only = keys[0]!;
  if (keys.length === 1 && getKeys === undefined && isOneKey(only) && only.beginSearch.type === 'index')
    return { kind: 'key', index: only.beginSearch.index };
  return { kind: 'keys' };
}

export class RequestRouter {
  /** After REFUSED: the error. */
  refusal = '';
  /** After SPLIT. */
  split: Split | undefined;
  readonly #position: ShardPosition;
  readonly #ways: Way[];
  readonly #grouping: KeyGrouping;
  readonly #rng: Rng;

  constructor(position: ShardPosition, commands: CommandTable, grouping: KeyGrouping, rng: Rng) {
    this.#position = position;
    this.#ways = commands.entries.map(wayOf);
    this.#grouping = grouping;
    this.#rng = rng;
  }

  /** A shard's index, or one of the constants above. The arity has been checked. */
  route(entry: CommandEntry, args: Arguments): number {
    const way = this.#ways[entry.number]!;
    switch (way.kind) {
      case 'here':
        return HERE;
      case 'key':
        return this.#shardOf(args, way.index);
      case 'keys':
        return this.#commonShard(entry, args);
      case 'byKeys':
        return this.#byKeys(KEY_SPLITS.get(entry.fullName)!, args);
      case 'everywhere':
        return this.#everywhere(EVERYWHERE.get(entry.fullName)!, args);
      case 'scan':
        return this.#splitInto(splitScan(args, this.#position));
      case 'randomkey':
        return this.#splitInto(splitRandomKey(args, this.#position, this.#rng));
      case 'debug':
        return this.#debug(args);
    }
  }

  #shardOf(args: Arguments, index: number): number {
    return this.#position.shardOf(args.buffer, args.starts[index]!, args.ends[index]!);
  }

  /** All keys must agree. A request whose keys cannot be told is wrong in itself, and says so where it arrived. */
  #commonShard(entry: CommandEntry, args: Arguments): number {
    const keys = findKeys(entry, args, true);
    if (keys.length === 0) return HERE;
    const shard = this.#shardOf(args, keys[0]!.index);
    for (const { index } of keys) if (this.#shardOf(args, index) !== shard) return this.#refuse(CROSS_SLOT);
    if (entry.fullName === 'sort' || entry.fullName === 'sort_ro') {
      const refusal = sortRefusal(args, shard, this.#position);
      if (refusal !== undefined) return this.#refuse(refusal);
    }
    return shard;
  }

  #debug(args: Arguments): number {
    const name = `debug|${args.text(1).toLowerCase()}`;
    const keyIndex = DEBUG_KEYS.get(name);
    if (keyIndex !== undefined) return args.count === keyIndex + 1 ? this.#shardOf(args, keyIndex) : HERE;
    const byKeys = KEY_SPLITS.get(name);
    if (byKeys !== undefined) return this.#byKeys(byKeys, args);
    const everywhere = EVERYWHERE.get(name);
    // Arguments too many or too few are the subcommand's to refuse, by its own name.
    const isMalformed = everywhere?.asks !== undefined && args.count !== everywhere.asks.length;
    return everywhere === undefined || isMalformed ? HERE : this.#everywhere(everywhere, args);
  }

  #byKeys(rule: KeySplitRule, args: Arguments): number {
    const split = splitByKeys(rule, args, this.#position, this.#grouping);
    if (split?.parts.every(({ shard }) => shard === this.#position.index)) return HERE;
    return this.#splitInto(split);
  }

  #everywhere(rule: EverywhereRule, args: Arguments): number {
    return this.#splitInto(splitEverywhere(rule, args, this.#position));
  }

  #splitInto(split: Split | undefined): number {
    this.split = split;
    return split === undefined ? HERE : SPLIT;
  }

  #refuse(error: string): number {
    this.refusal = error;
    return REFUSED;
  }
}
