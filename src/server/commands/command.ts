/**
 * What a command is: one file, one exported CommandSpec. Dispatch, COMMAND INFO/DOCS/GETKEYS, ACL categories and the
 * compatibility table derive from these records; nothing is listed twice.
 */
import type { Client } from '../clients/client.ts';
import type { Database } from '../keyspace/database.ts';
import type { ServerState } from '../serverState.ts';
import type { Arguments } from './arguments.ts';
import type { CommandEntry } from './commandTable.ts';
import type { Reply } from './reply.ts';

/** One per shard, refilled before each command. */
export interface CommandContext {
  readonly server: ServerState;
  client: Client;
  /** The client's selected database. */
  db: Database;
  reply: Reply;
  /** What runs: of a transaction or a script its part. */
  entry: CommandEntry;
  /** Inside EXEC or a script: what would wait answers at once instead. */
  deniesBlocking: boolean;
  /** Wall clock, ms since the epoch, read once per batch: all commands of a batch run at the same instant. */
  nowMs: number;
}

/** As COMMAND INFO prints them. */
export type CommandFlag =
  | 'write'
  | 'readonly'
  | 'denyoom'
  | 'admin'
  | 'pubsub'
  | 'noscript'
  | 'blocking'
  | 'loading'
  | 'stale'
  | 'skip_monitor'
  | 'skip_slowlog'
  | 'fast'
  | 'no_auth'
  | 'may_replicate'
  | 'sentinel'
  | 'only_sentinel'
  | 'no_mandatory_keys'
  | 'protected'
  | 'no_async_loading'
  | 'no_multi'
  | 'movablekeys'
  | 'allow_busy'
  | 'touches_arbitrary_keys';

export type KeySpecFlag =
  | 'RO'
  | 'RW'
  | 'OW'
  | 'RM'
  | 'access'
  | 'update'
  | 'insert'
  | 'delete'
  | 'not_key'
  | 'incomplete'
  | 'variable_flags';

/** Redis 7 key specification: where to begin and how to find the keys from there. */
export interface KeySpec {
  flags: KeySpecFlag[];
  notes?: string;
  beginSearch:
    | { type: 'index'; index: number }
    | { type: 'keyword'; keyword: string; startFrom: number }
    | { type: 'unknown' };
  findKeys:
    | { type: 'range'; lastKey: number; keyStep: number; limit: number }
    | { type: 'keynum'; keyNumIdx: number; firstKey: number; keyStep: number }
    | { type: 'unknown' };
}

/** Names of shard channels are keys to a cluster, and to nobody here. */
export const namesNoKey = ({ flags }: KeySpec): boolean => flags.includes('not_key');

/** One argument in COMMAND DOCS. */
export interface ArgumentDoc {
  name: string;
  type: 'string' | 'integer' | 'double' | 'key' | 'pattern' | 'unix-time' | 'pure-token' | 'oneof' | 'block';
  displayText?: string;
  keySpecIndex?: number;
  token?: string;
  summary?: string;
  since?: string;
  deprecatedSince?: string;
  flags?: ('optional' | 'multiple' | 'multiple_token')[];
  arguments?: ArgumentDoc[];
}

export interface CommandDocs {
  /** One sentence, our own words. */
  summary: string;
  /** Version of Redis that brought it. */
  since: string;
  group:
    | 'bitmap'
    | 'cluster'
    | 'connection'
    | 'generic'
    | 'geo'
    | 'hash'
    | 'hyperloglog'
    | 'list'
    | 'module'
    | 'pubsub'
    | 'scripting'
    | 'sentinel'
    | 'server'
    | 'set'
    | 'sorted-set'
    | 'stream'
    | 'string'
    | 'transactions';
  /** `O(1)`, `O(N) where ...`. */
  complexity: string;
  deprecatedSince?: string;
  replacedBy?: string;
  /** Not meant for users: COMMAND DOCS prints the flag `syscmd`. */
  systemCommand?: boolean;
  /** `[version, change]` pairs. */
  history?: [string, string][];
  arguments?: ArgumentDoc[];
}

export interface CommandSpec {
  /** Lower case. For a subcommand its own name alone (`getname`). */
  name: string;
  /** Arguments including the name (and for a subcommand including both names); negative: at least that many. */
  arity: number;
  flags: CommandFlag[];
  /** ACL categories without '@' that the flags do not imply (`keyspace`, `string`, `connection`, `dangerous`, ...). */
  categories: string[];
  keys: KeySpec[];
  /** Response policies and nondeterminism hints as COMMAND INFO prints them. */
  tips?: string[];
  docs: CommandDocs;
  subcommands?: CommandSpec[];
  /** A container whose bare name is an error has no execute of its own. */
  execute?: (context: CommandContext, args: Arguments) => void;
  /** For movable keys (EVAL, SORT's GET patterns...): indices of the keys among the arguments, where the specs do not suffice. */
  getKeys?: (args: Arguments) => number[];
}

const range = (flags: KeySpecFlag[], index: number, lastKey: number, keyStep: number): KeySpec => ({
  flags,
  beginSearch: { type: 'index', index },
  findKeys: { type: 'range', lastKey, keyStep, limit: 0 },
});

/** A single key at argument 1. */
export const oneKey = (...flags: KeySpecFlag[]): KeySpec[] => [range(flags, 1, 0, 1)];
/** Every argument from 1 on is a key. */
export const allKeys = (...flags: KeySpecFlag[]): KeySpec[] => [range(flags, 1, -1, 1)];
/** Key, value, key, value, ... from argument 1 on. */
export const keyValuePairs = (...flags: KeySpecFlag[]): KeySpec[] => [range(flags, 1, -1, 2)];
/** A single key at argument `index`. */
export const keyAt = (index: number, ...flags: KeySpecFlag[]): KeySpec => range(flags, index, 0, 1);
