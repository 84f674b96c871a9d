/**
 * What a server says of itself: INFO, read with suspicion. A report names a server by this and by nothing else, so that a
 * 7.0 is never called "7.4".
 */

/** INFO as a flat map; sections are dropped, for no field name repeats across them. Values keep their text. */
export function parseInfo(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** The facts the lab uses; absent where the server does not say, or says something that is not of the field's kind. */
export interface ServerFacts {
  redisVersion?: string;
  /** Only our own server has it. */
  evenkeelVersion?: string;
  /** Flags switched on; an empty list means "none", absent means "not told". */
  flags?: string[];
  pid?: number;
  tcpPort?: number;
  /** The server's own accounting. */
  usedMemoryBytes?: number;
  usedMemoryPeakBytes?: number;
  usedMemoryRssBytes?: number;
  allocator?: string;
  /** Keys in all databases. */
  keys?: number;
  keyspaceHits?: number;
  keyspaceMisses?: number;
  commandsProcessed?: number;
  evictedKeys?: number;
  expiredKeys?: number;
}

/** Reads the facts out of `parseInfo`'s map. */
export function serverFacts(info: ReadonlyMap<string, string>): ServerFacts {
  const facts: ServerFacts = {};
  const redisVersion = info.get('redis_version');
  if (redisVersion) facts.redisVersion = redisVersion;
  const evenkeelVersion = info.get('evenkeel_version');
  if (evenkeelVersion) facts.evenkeelVersion = evenkeelVersion;
  const flags = info.get('evenkeel_flags');
  if (flags !== undefined)
    facts.flags = flags
      .split(',')
      .map((flag) => flag.trim())
      .filter((flag) => flag !== '');
  const allocator = info.get('mem_allocator');
  if (allocator) facts.allocator = allocator;
  for (const [fact, field] of wholeNumberFacts) {
    const value = wholeNumber(info.get(field));
    if (value !== undefined) facts[fact] = value;
  }
  const keys = keysInAllDatabases(info);
  if (keys !== undefined) facts.keys = keys;
  return facts;
}

const wholeNumberFacts = [
  ['pid', 'process_id'],
  ['tcpPort', 'tcp_port'],
  ['usedMemoryBytes', 'used_memory'],
  ['usedMemoryPeakBytes', 'used_memory_peak'],
  ['usedMemoryRssBytes', 'used_memory_rss'],
  ['keyspaceHits', 'keyspace_hits'],
  ['keyspaceMisses', 'keyspace_misses'],
  ['commandsProcessed', 'total_commands_processed'],
  ['evictedKeys', 'evicted_keys'],
  ['expiredKeys', 'expired_keys'],
] as const;

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Sum over `db0:keys=12,expires=0,...`. An empty keyspace prints no such line, so none means 0, if memory was told at all. */
function keysInAllDatabases(info: ReadonlyMap<string, string>): number | undefined {
  let keys = 0;
  let seen = false;
  for (const [field, value] of info) {
    if (!/^db\d+$/.test(field)) continue;
    const count = wholeNumber(/(?:^|,)keys=(\d+)/.exec(value)?.[1]);
    if (count === undefined) continue;
    keys += count;
    seen = true;
  }
  return seen || info.has('keyspace_hits') ? keys : undefined;
}

/** How a report calls the server, from what INFO said: `Evenkeel 0.1.0 (all flags)`, `Redis 7.4.1`, `unknown server`. */
export function serverLabel(facts: ServerFacts, flagsKnown?: readonly string[]): string {
  if (facts.evenkeelVersion === undefined) {
    return facts.redisVersion === undefined ? 'unknown server' : `Redis ${facts.redisVersion}`;
  }
  const { flags } = facts;
  if (flags === undefined) return `Evenkeel ${facts.evenkeelVersion}`;
  return `Evenkeel ${facts.evenkeelVersion} (${flagsLabel(flags, flagsKnown)})`;
}

function flagsLabel(flags: readonly string[], known: readonly string[] | undefined): string {
  if (flags.length === 0) return 'no flags';
  const missing = known?.filter((flag) => !flags.includes(flag));
  if (missing?.length === 0) return 'all flags';
  if (missing?.length === 1) return `all flags but ${missing[0]}`;
  return flags.length <= 3 ? flags.join(', ') : `${flags.length} flags`;
}
