/** A command as COMMAND and COMMAND INFO print it: ten elements, everything derived from its spec. */
import type { CommandFlag, KeySpec, KeySpecFlag } from '../../command.ts';
import type { CommandEntry } from '../../commandTable.ts';
import type { Reply } from '../../reply.ts';
import { categoriesOf } from './categories.ts';
import { legacyRange } from './legacyRange.ts';

/** In the order in which Redis prints them; the others are for its own use. */
const FLAGS_SHOWN: readonly CommandFlag[] = [
  'write',
  'readonly',
  'denyoom',
  'admin',
  'pubsub',
  'noscript',
  'blocking',
  'loading',
  'stale',
  'skip_monitor',
  'skip_slowlog',
  'fast',
  'no_auth',
  'no_mandatory_keys',
  'no_async_loading',
  'no_multi',
  'movablekeys',
  'allow_busy',
];
const KEY_FLAGS: readonly KeySpecFlag[] = [
  'RO',
  'RW',
  'OW',
  'RM',
  'access',
  'update',
  'insert',
  'delete',
  'not_key',
  'incomplete',
  'variable_flags',
];

const sendWords = (reply: Reply, words: readonly string[]): void => {
  reply.set(words.length);
  for (const word of words) reply.simple(word);
};

export function sendKeyFlags(reply: Reply, flags: readonly KeySpecFlag[]): void {
  sendWords(
    reply,
    KEY_FLAGS.filter((flag) => flags.includes(flag)),
  );
}

export function describeCommand(reply: Reply, entry: CommandEntry): void {
  const { spec } = entry;
  const range = legacyRange(spec.keys);
  const flags = FLAGS_SHOWN.filter(
    (flag) => spec.flags.includes(flag) || (flag === 'movablekeys' && range.movable),
  );
  reply.array(10);
  reply.bulkText(entry.fullName);
  reply.integer(spec.arity);
  sendWords(reply, flags);
  reply.integer(range.first);
  reply.integer(range.last);
  reply.integer(range.step);
  sendWords(
    reply,
    categoriesOf(entry).map((category) => `@${category}`),
  );
  const tips = spec.tips ?? [];
  reply.set(tips.length);
  for (const tip of tips) reply.bulkText(tip);
  reply.set(spec.keys.length);
  for (const key of spec.keys) describeKeySpec(reply, key);
  if (entry.subcommands === undefined) {
    reply.set(0);
    return;
  }
  reply.array(entry.subcommands.size);
  for (const subcommand of entry.subcommands.values()) describeCommand(reply, subcommand);
}

function describeKeySpec(reply: Reply, { notes, flags, beginSearch, findKeys }: KeySpec): void {
  reply.map(notes === undefined ? 3 : 4);
  if (notes !== undefined) {
    reply.bulkText('notes');
    reply.bulkText(notes);
  }
  reply.bulkText('flags');
  sendKeyFlags(reply, flags);
  reply.bulkText('begin_search');
  if (beginSearch.type === 'index') sendStep(reply, 'index', [['index', beginSearch.index]]);
  else if (beginSearch.type === 'unknown') sendStep(reply, 'unknown', []);
  else
    sendStep(reply, 'keyword', [
      ['keyword', beginSearch.keyword],
      ['startfrom', beginSearch.startFrom],
    ]);
  reply.bulkText('find_keys');
  if (findKeys.type === 'unknown') {
    sendStep(reply, 'unknown', []);
  } else if (findKeys.type === 'range') {
    const { lastKey, keyStep, limit } = findKeys;
    sendStep(reply, 'range', [
      ['lastkey', lastKey],
      ['keystep', keyStep],
      ['limit', limit],
    ]);
  } else {
    const { keyNumIdx, firstKey, keyStep } = findKeys;
    sendStep(reply, 'keynum', [
      ['keynumidx', keyNumIdx],
      ['firstkey', firstKey],
      ['keystep', keyStep],
    ]);
  }
}

/** One of the two steps of a key specification: its type and its numbers. */
function sendStep(reply: Reply, type: string, facts: readonly (readonly [string, number | string])[]): void {
  reply.map(2);
  reply.bulkText('type');
  reply.bulkText(type);
  reply.bulkText('spec');
  reply.map(facts.length);
  for (const [name, value] of facts) {
    reply.bulkText(name);
    if (typeof value === 'number') reply.integer(value);
    else reply.bulkText(value);
  }
}
