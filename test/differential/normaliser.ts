/**
 * The only ways in which replies may differ. Equal bytes are always right; a reply that is not must be of a command in this table
 * and pass its rule. The table is the documentation: whatever is not in it is compared byte for byte.
 */
import type { RandomCommand } from './grammar/production.ts';
import { type ReplyTree, treeText } from './replyTree.ts';
import { FIELDS, KEYS } from './universe.ts';

interface Comparison {
  command: RandomCommand;
  ours: ReplyTree;
  theirs: ReplyTree;
  /** Our reply to the command before, which some productions send for this purpose. */
  before: ReplyTree | undefined;
}

interface Rule {
  reason: string;
  agrees: (comparison: Comparison) => boolean;
}

const same = (a: ReplyTree, b: ReplyTree): boolean => treeText(a) === treeText(b);

const sorted = (texts: string[]): string => texts.toSorted().join('\n');

/** Members of an aggregate in groups of `group`, as a multiset. */
function multiset(tree: ReplyTree, group: number): string {
  const items = tree.items ?? [];
  // A RESP3 map or array of pairs is grouped already.
  const texts: string[] = [];
  for (let i = 0; i < items.length; i += group)
    texts.push(
      items
        .slice(i, i + group)
        .map(treeText)
        .join(' '),
    );
  return `${tree.type}${tree.text}\n${sorted(texts)}`;
}

const unordered =
  (group: number) =>
  ({ ours, theirs }: Comparison): boolean =>
    ours.items !== undefined &&
    theirs.items !== undefined &&
    multiset(ours, group) === multiset(theirs, group);

/** `[cursor, members]` of a scan, both drained. */
const drained =
  (group: (command: RandomCommand) => number) =>
  ({ command, ours, theirs }: Comparison): boolean => {
    if (ours.items?.length !== 2 || theirs.items?.length !== 2) return false;
    const [width, cursor] = [group(command), ours.items[0]!];
    // What stands behind another cursor than 0 is a server's own: either may have less than all to tell.
    const given = command[command[0]!.toLowerCase() === 'scan' ? 1 : 2];
    if (Number(given) !== 0) return same(cursor, theirs.items[0]!);
    return (
      same(cursor, theirs.items[0]!) && multiset(ours.items[1]!, width) === multiset(theirs.items[1]!, width)
    );
  };

/**
 * Instants are doubles here and 64-bit integers there: beyond 2^53 ms, 285,000 years from now, ours stands still. The bound is that
 * instant in seconds, less the present.
 */
const FAR_EXPIRY = 9_000_000_000_000;

/** Same shape; integers above `floor` within `tolerance` of each other. */
const near =
  (tolerance: number) =>
  ({ ours, theirs }: Comparison): boolean =>
    nearTree(ours, theirs, tolerance);

function nearTree(a: ReplyTree, b: ReplyTree, tolerance: number): boolean {
  if (same(a, b)) return true;
  if (a.type !== b.type) return false;
  if (a.type === ':') {
    // Small and negative replies (-1, -2, 0) carry meaning, not a time.
    if (Number(a.text) < 3 || Number(b.text) < 3) return false;
    if (Number(b.text) > FAR_EXPIRY) return Number(a.text) > FAR_EXPIRY;
    return Math.abs(Number(a.text) - Number(b.text)) <= tolerance;
  }
  if (a.items === undefined || b.items === undefined || a.items.length !== b.items.length) return false;
  return a.items.every((item, i) => nearTree(item, b.items![i]!, tolerance));
}

/** Same types throughout, whatever the numbers and texts. */
const shape = ({ ours, theirs }: Comparison): boolean => shapeOf(ours) === shapeOf(theirs);
const shapeOf = (tree: ReplyTree): string =>
  tree.items === undefined ? tree.type : `${tree.type}[${tree.items.map(shapeOf).join(' ')}]`;

const sameType = ({ ours, theirs }: Comparison): boolean => ours.type === theirs.type;

/** As trees in which members of every set count without order. */
const setsUnordered = ({ ours, theirs }: Comparison): boolean => deepSorted(ours) === deepSorted(theirs);
function deepSorted(tree: ReplyTree): string {
  if (tree.items === undefined) return treeText(tree);
  return `${tree.type}[${sorted(tree.items.map(deepSorted))}]`;
}

/** A map whose keys agree; values agree except those named. */
const mapExcept =
  (...names: string[]) =>
  ({ ours, theirs }: Comparison): boolean => {
    if (ours.items === undefined || theirs.items === undefined || ours.items.length !== theirs.items.length)
      return false;
    return ours.items.every(
      (item, i) => same(item, theirs.items![i]!) || (i % 2 === 1 && names.includes(ours.items![i - 1]!.text)),
    );
  };

/** `a=1 b=2` lines whose field names agree. */
const fieldNames = ({ ours, theirs }: Comparison): boolean => {
  const names = (tree: ReplyTree): string => tree.text.replace(/=\S*/g, '').split('\n')[0]!;
  return ours.type === theirs.type && names(ours) === names(theirs);
};

/** Each side picks for itself; both must pick as many, from what is there. */
const randomFields = ({ command, ours, theirs, before }: Comparison): boolean => {
  if (ours.items === undefined)
    return ours.type === theirs.type && ours.type === '$' && picksExist([ours, theirs], before);
  if (theirs.items === undefined || ours.items.length !== theirs.items.length) return false;
  const pairs = command.length > 3;
  const flat = (tree: ReplyTree): ReplyTree[] =>
    tree.items!.flatMap((item) => (item.items === undefined ? [item] : item.items));
  const names = (tree: ReplyTree): ReplyTree[] => flat(tree).filter((_, i) => !pairs || i % 2 === 0);
  const distinct = (tree: ReplyTree): boolean =>
    Number(command[2]) < 0 || new Set(names(tree).map(treeText)).size === names(tree).length;
  if (shapeOf(ours) !== shapeOf(theirs) || !distinct(ours) || !distinct(theirs)) return false;
  if (!picksExist([...names(ours), ...names(theirs)], before)) return false;
  return !pairs || (pairsExist(flat(ours), before) && pairsExist(flat(theirs), before));
};

const picksExist = (picks: ReplyTree[], before: ReplyTree | undefined): boolean => {
  const known = new Set((before?.items ?? []).filter((_, i) => i % 2 === 0).map((item) => item.text));
  return picks.every((pick) => known.has(pick.text));
};

const pairsExist = (flat: ReplyTree[], before: ReplyTree | undefined): boolean => {
  const items = before?.items ?? [];
  const known = new Set(items.map((item, i) => (i % 2 === 0 ? `${item.text}\n${items[i + 1]!.text}` : '')));
  return flat.every((item, i) => i % 2 === 1 || known.has(`${item.text}\n${flat[i + 1]!.text}`));
};

const randomKey = ({ ours, theirs, before }: Comparison): boolean => {
  const there = new Set((before?.items ?? []).map((item) => item.text));
  return ours.type === '$' && theirs.type === '$' && there.has(ours.text) && there.has(theirs.text);
};

/** BY a pattern without a star: nothing is sorted. */
const isUnsorted = ({ command }: Comparison): boolean => {
  const at = command.findLastIndex((word) => /^by$/i.test(word));
  return at >= 0 && !command[at + 1]!.includes('*');
};

/** Of members that the command before has listed, with scores for a sorted set. */
function randomMembers({ command, ours, theirs, before }: Comparison): boolean {
  const listed = (before?.items ?? []).flatMap((item) => item.items ?? [item]);
  const isScored = command[0]!.toLowerCase() === 'zrandmember';
  const there = new Map<string, string>();
  for (let i = 0; i < listed.length; i += isScored ? 2 : 1)
    there.set(listed[i]!.text, isScored ? listed[i + 1]!.text : '');
  const withScores = /^withscores$/i.test(command[3] ?? '');
  const fits = (reply: ReplyTree): boolean => {
    if (reply.items === undefined) return there.has(reply.text);
    const flat = reply.items.flatMap((item) => item.items ?? [item]);
    const names = flat.filter((_, i) => !withScores || i % 2 === 0).map(({ text }) => text);
    const isDistinct = Number(command[2]) < 0 || new Set(names).size === names.length;
    const areScored = !withScores || names.every((name, i) => there.get(name) === flat[i * 2 + 1]!.text);
    return isDistinct && areScored && names.every((name) => there.has(name));
  };
  return (
    ours.type === theirs.type && ours.items?.length === theirs.items?.length && fits(ours) && fits(theirs)
  );
}

/** With one text for all integers beyond 2^53: doubles are rounded there, and 64 bits may have overflowed. */
function rounded(tree: ReplyTree): ReplyTree {
  if (tree.items !== undefined) return { ...tree, items: tree.items.map(rounded) };
  const isFar = tree.type === ':' && Math.abs(Number(tree.text)) >= 2 ** 53;
  return isFar ? { ...tree, text: 'far' } : tree;
}

/** Without what has passed since a consumer was last heard of or an entry delivered, in this run or the payload that was restored. */
const IDLE_MAX_MS = 600_000;
function withoutIdle(tree: ReplyTree): ReplyTree {
  const { items } = tree;
  if (items === undefined) return tree;
  const isPending = items.length === 4 && items[2]!.type === ':' && items[3]!.type === ':';
  const hide = (item: ReplyTree, i: number): boolean =>
    item.type === ':' &&
    Number(item.text) >= 0 &&
    Number(item.text) < IDLE_MAX_MS &&
    (isPending ? i === 2 : /^(idle|inactive)$/.test(items[i - 1]?.text ?? ''));
  return {
    ...tree,
    items: items.map((item, i) => (hide(item, i) ? { ...item, text: '0' } : withoutIdle(item))),
  };
}
const sameButIdle = ({ ours, theirs }: Comparison): boolean => same(withoutIdle(ours), withoutIdle(theirs));

/** XINFO STREAM without `radix-tree-nodes`. */
function withoutTreeNodes(tree: ReplyTree): ReplyTree {
  const at = tree.items?.findIndex(({ text }) => text === 'radix-tree-nodes') ?? -1;
  return at < 0 ? tree : { ...tree, items: tree.items!.toSpliced(at, 2) };
}

const hscanWidth = (command: RandomCommand): number =>
  command.some((word) => word.toLowerCase() === 'novalues') ? 1 : 2;

const listedSeparately = 'order of a hash table is its own; compared as a multiset';
const clocks = 'two servers never read the same clock; within 2 s';
const ownAccount = 'figures of the process itself; compared by shape';

const sortRule: Rule = {
  reason: 'a set that is not to be sorted is listed in an order of its own; compared as a multiset',
  agrees: (c) => isUnsorted(c) && unordered(1)(c),
};

/** By command, or by container and subcommand. */
export const RULES: Record<string, Rule> = {
  hgetall: { reason: listedSeparately, agrees: unordered(2) },
  hkeys: { reason: listedSeparately, agrees: unordered(1) },
  hvals: { reason: listedSeparately, agrees: unordered(1) },
  keys: { reason: listedSeparately, agrees: unordered(1) },
  scan: { reason: listedSeparately, agrees: drained(() => 1) },
  hscan: { reason: listedSeparately, agrees: drained(hscanWidth) },
  hrandfield: {
    reason: 'random picks; as many, distinct if asked, and all of them there',
    agrees: randomFields,
  },
  smembers: { reason: listedSeparately, agrees: unordered(1) },
  sunion: { reason: listedSeparately, agrees: unordered(1) },
  sinter: { reason: listedSeparately, agrees: unordered(1) },
  sdiff: { reason: listedSeparately, agrees: unordered(1) },
  spop: { reason: `${listedSeparately}; only whole sets are popped`, agrees: unordered(1) },
  sscan: { reason: listedSeparately, agrees: drained(() => 1) },
  zscan: { reason: listedSeparately, agrees: drained(() => 2) },
  sort: sortRule,
  sort_ro: sortRule,
  srandmember: {
    reason: 'random picks; as many, distinct if asked, and all of them there',
    agrees: randomMembers,
  },
  zrandmember: {
    reason: 'random picks; as many, distinct if asked, and all of them there',
    agrees: randomMembers,
  },
  xpending: { reason: clocks, agrees: sameButIdle },
  'xinfo groups': {
    reason: 'counts are doubles here; beyond 2^53 rounded',
    agrees: ({ ours, theirs }) => same(rounded(ours), rounded(theirs)),
  },
  'xinfo consumers': { reason: clocks, agrees: sameButIdle },
  'xinfo stream': {
    reason: `${clocks}; the nodes of a radix tree are its own`,
    agrees: ({ ours, theirs }) =>
      nearTree(rounded(withoutTreeNodes(ours)), rounded(withoutTreeNodes(theirs)), 2000),
  },
  randomkey: { reason: 'a random pick that must be there', agrees: randomKey },
  ttl: { reason: clocks, agrees: near(2) },
  pttl: { reason: clocks, agrees: near(2000) },
  expiretime: { reason: clocks, agrees: near(2) },
  pexpiretime: { reason: clocks, agrees: near(2000) },
  httl: { reason: clocks, agrees: near(2) },
  hpttl: { reason: clocks, agrees: near(2000) },
  hexpiretime: { reason: clocks, agrees: near(2) },
  hpexpiretime: { reason: clocks, agrees: near(2000) },
  'object idletime': {
    reason: clocks,
    agrees: ({ ours, theirs }) => ours.type === ':' && theirs.type === ':',
  },
  'object encoding': {
    reason:
      'what INCRBYFLOAT left is embstr there even when whole; here the encoding follows from the bytes alone',
    agrees: ({ ours, theirs }) => ours.text === 'int' && theirs.text === 'embstr',
  },
  'object refcount': {
    reason: 'whether a small integer is the shared one depends on how it came to be (COPY makes its own)',
    agrees: ({ ours, theirs }) => ours.text === '2147483647' && theirs.text === '1',
  },
  time: { reason: clocks, agrees: shape },
  lastsave: { reason: clocks, agrees: sameType },
  dump: {
    reason: 'tables serialise in their own order; payloads are crossed over in a test of their own',
    agrees: sameType,
  },
  hello: {
    reason: 'version and connection id are each server’s own',
    agrees: mapExcept('version', 'id', 'server'),
  },
  'client id': { reason: ownAccount, agrees: sameType },
  'client info': { reason: ownAccount, agrees: fieldNames },
  'client list': { reason: ownAccount, agrees: fieldNames },
  info: { reason: ownAccount, agrees: sameType },
  'memory usage': {
    reason: `${ownAccount}; over there a key that has expired and was not yet removed is measured as well`,
    agrees: ({ ours, theirs }) =>
      ours.type === theirs.type || (theirs.type === ':' && /^[_$]/.test(ours.type)),
  },
  'slowlog len': { reason: ownAccount, agrees: sameType },
  'slowlog get': { reason: ownAccount, agrees: sameType },
  'latency latest': { reason: ownAccount, agrees: sameType },
  'latency reset': { reason: ownAccount, agrees: sameType },
  'config get': { reason: listedSeparately, agrees: unordered(2) },
  'command info': { reason: 'flags, categories and tips are sets', agrees: setsUnordered },
  'command getkeysandflags': { reason: 'flags are sets', agrees: setsUnordered },
  'acl cat': { reason: 'categories are a set', agrees: unordered(1) },
};

const ALL_KEYS = new Set<string>([...KEYS, ...FIELDS]);

/** Undefined if the replies agree, else what is wrong. Called only when the bytes differ. */
export function disagreement(comparison: Comparison): string | undefined {
  const name = comparison.command[0]!.toLowerCase();
  const rule = RULES[`${name} ${(comparison.command[1] ?? '').toLowerCase()}`] ?? RULES[name];
  if (rule === undefined) return 'replies differ';
  return rule.agrees(comparison) ? undefined : `replies differ beyond the rule "${rule.reason}"`;
}

/** A key or field of the universe that a command names, for finding what else touched it. */
export const namesTouched = (command: RandomCommand): string[] =>
  command.slice(1).filter((word) => ALL_KEYS.has(word));
