/** Random sequences of ACL commands, and of commands that users try whose rights change meanwhile. */
import type { Prng } from '../../src/base/prng.ts';
import type { Step } from './aclPair.ts';

const USERS = ['alice', 'bob', 'carol'];
const PASSWORDS = ['secret', 'other', 'p|x'];
const HASH = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
const KEYS = ['a1', 'a2', 'b1', 'b2', 'c', '{a}x'];
const CHANNELS = ['news', 'news:1', 'sport', 'n*', 'news:*'];

/** Rules that a selector may have. */
const RIGHTS = [
  ...['~a*', '~b1', '~*', '%R~a*', '%W~b*', '%RW~c*', '%rw~a1', '%R~*', '%W~*', 'allkeys', 'resetkeys', '~'],
  ...['&news', '&news:*', '&n*', '&*', 'allchannels', 'resetchannels'],
  ...[
    '+@all',
    '-@all',
    'allcommands',
    'nocommands',
    '+@read',
    '-@write',
    '+@string',
    '-@dangerous',
    '+@PUBSUB',
  ],
  ...[
    '+@fast',
    '-@slow',
    '+@connection',
    '-@keyspace',
    '+@list',
    '-@admin',
    '+@transaction',
    '+@nothing',
    '-@sortedset',
  ],
  ...[
    '+get',
    '+GET',
    '-get',
    '+set',
    '-set',
    '+mget',
    '+del',
    '+sort',
    '+publish',
    '+subscribe',
    '+psubscribe',
  ],
  ...[
    '+config',
    '-config',
    '+config|get',
    '-config|set',
    '+config|nothing',
    '+CONFIG|GET',
    '+client|id',
    '-client',
  ],
  ...[
    '+client',
    '+client|getname',
    '-client|id',
    '+acl|whoami',
    '-acl|whoami',
    '+acl',
    '+object|encoding',
    '+object',
  ],
  ...['+select|0', '+select|1', '-select', '+select', '-select|0', '+config|get|x', '+get|', '+debug|object'],
  ...[
    '+multi',
    '+exec',
    '+ping',
    '+echo',
    '+bogus',
    '-bogus',
    '+',
    '-',
    '+@',
    '+get|a|b',
    '+xreadgroup',
    '+copy',
  ],
];
/** Rules that users have beside those. */
const OF_USERS = [
  ...[
    'on',
    'on',
    'on',
    'off',
    'ON',
    'nopass',
    'resetpass',
    'reset',
    'clearselectors',
    '',
    'sanitize-payload',
  ],
  ...[
    'skip-sanitize-payload',
    '>secret',
    '>other',
    '<secret',
    '<p|x',
    `#${HASH}`,
    `!${HASH}`,
    '#abc',
    '!abc',
    '>',
  ],
  ...[
    'bogus',
    '(',
    ')',
    '()',
    '%',
    '%X~a',
    '%~a',
    '~a b',
    '&a b',
    '@read',
    '(+get',
    '~x)',
    '"',
    '>p|x',
  ].filter(
    // Redis 7.4.1 dies of it once it describes the user.
    (rule) => rule !== '%',
  ),
];

const COMMANDS_AT_FIRST = ['+@all', '+@all', '+@read', '+@write', '+@fast', '(+@all %R~a*)'];
const KEYS_AT_FIRST = ['~*', '~a*', '%R~*', '%W~*', '(+@all ~b*)'];
const CHANNELS_AT_FIRST = [['&*'], ['&news*'], ['&n*', '&sport'], []];

/** What clients try, each with keys and channels that rules speak of. */
const TRIED: readonly ((word: Words) => string[])[] = [
  (w) => ['GET', w.key()],
  (w) => ['SET', w.key(), 'v'],
  (w) => ['SET', w.key(), 'v', 'GET'],
  (w) => ['MGET', w.key(), w.key()],
  (w) => ['MSET', w.key(), 'v', w.key(), 'w'],
  (w) => ['DEL', w.key(), w.key()],
  (w) => ['EXISTS', w.key()],
  (w) => ['TYPE', w.key()],
  (w) => ['STRLEN', w.key()],
  (w) => ['APPEND', w.key(), 'x'],
  (w) => ['RENAME', w.key(), w.key()],
  (w) => ['COPY', w.key(), w.key()],
  (w) => ['SORT', w.key()],
  (w) => ['SORT', w.key(), 'BY', 'nosort'],
  (w) => ['SORT', w.key(), 'BY', 'w*', 'GET', 'v*'],
  (w) => ['SORT', w.key(), 'GET', '#', 'STORE', w.key()],
  (w) => ['SORT_RO', w.key(), 'BY', 'w_*'],
  (w) => ['BITFIELD', w.key(), 'GET', 'u4', '0'],
  (w) => ['BITFIELD', w.key(), 'SET', 'u4', '0', '1'],
  (w) => ['ZUNIONSTORE', w.key(), '2', w.key(), w.key()],
  (w) => ['ZINTERCARD', '2', w.key(), w.key()],
  (w) => ['LMPOP', '1', w.key(), 'LEFT'],
  (w) => ['SMOVE', w.key(), w.key(), 'm'],
  (w) => ['GEORADIUS', w.key(), '1', '1', '1', 'km', 'STORE', w.key()],
  (w) => ['GEORADIUS', w.key(), '1', '1', '1', 'km'],
  (w) => ['XREAD', 'STREAMS', w.key(), '0'],
  (w) => ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', w.key(), '>'],
  (w) => ['OBJECT', 'ENCODING', w.key()],
  (w) => ['PUBLISH', w.channel(), 'm'],
  (w) => ['SPUBLISH', w.channel(), 'm'],
  () => ['CONFIG', 'GET', 'maxmemory'],
  (w) => ['CONFIG', 'SET', 'maxmemory', w.pick(['0', 'x'])],
  (w) => ['SELECT', w.pick(['0', '1', 'x'])],
  () => ['CLIENT', 'GETNAME'],
  () => ['PING'],
  () => ['DBSIZE'],
  (w) => ['ECHO', w.key()],
  () => ['ACL', 'WHOAMI'],
  () => ['NOTHING'],
  () => ['GET'],
  () => ['CONFIG', 'NOTHING'],
];

class Words {
  readonly #prng: Prng;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.#prng.below(from.length)]!;
  }

  chance(percent: number): boolean {
    return this.#prng.below(100) < percent;
  }

  key(): string {
    return this.pick(KEYS);
  }

  channel(): string {
    return this.pick(CHANNELS);
  }

  user(): string {
    return this.chance(5) ? this.pick(['default', 'nobody', 'a b', '']) : this.pick(USERS);
  }

  times<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.#prng.below(most) }, make);
  }
}

function rule(w: Words): string {
  if (w.chance(60)) return w.pick(RIGHTS);
  if (w.chance(70)) return w.pick(OF_USERS);
  return `(${w.times(4, () => w.pick(RIGHTS)).join(w.chance(90) ? ' ' : '  ')})`;
}

/** A user's rights are mostly changed by rules that hold; one in ten sets has whatever comes. */
function setUser(w: Words): string[] {
  const name = w.user();
  // The administrator must stay one.
  if (name === 'default')
    return ['ACL', 'SETUSER', 'default', ...w.times(2, () => w.pick(['on', '~*', '+@all']))];
  const login = w.chance(40) ? ['on', w.pick(['nopass', '>secret'])] : [];
  return ['ACL', 'SETUSER', name, ...login, ...w.times(w.chance(10) ? 8 : 3, () => rule(w))];
}

function administration(w: Words): string[] {
  if (w.chance(50)) return setUser(w);
  return w.pick<() => string[]>([
    () => ['ACL', 'LIST'],
    () => ['ACL', 'USERS'],
    () => ['ACL', 'GETUSER', w.user()],
    () => ['ACL', 'DELUSER', ...w.times(2, () => w.user())],
    () => ['ACL', 'DRYRUN', w.user(), ...w.pick(TRIED)(w)],
    () => ['ACL', 'DRYRUN', w.user(), ...w.pick(TRIED)(w)],
    () => ['ACL', 'LOG'],
    () => ['ACL', 'LOG', w.pick(['1', '3', '0', '-1', 'x', 'RESET'])],
    () => ['ACL', 'WHOAMI'],
    () => ['ACL', 'CAT', w.pick(['nothing', 'x'.repeat(200)])],
    () => ['ACL', 'GENPASS', ...w.pick([[], ['5'], ['0'], ['4097'], ['x'], ['-1']])],
    () => ['ACL', w.pick(['LOAD', 'SAVE', 'BOGUS', 'GETUSER', 'DRYRUN', 'SETUSER'])],
    () => ['CONFIG', 'SET', 'acllog-max-len', w.pick(['128', '3', '0'])],
    () => ['CONFIG', 'SET', 'acl-pubsub-default', w.pick(['allchannels', 'resetchannels'])],
    () => ['CLIENT', 'KILL', 'USER', w.pick(['nobody', 'alice'])],
  ])();
}

function use(w: Words): string[] {
  if (w.chance(60)) return w.pick(TRIED)(w);
  return w.pick<() => string[]>([
    () => ['AUTH', w.user(), w.pick(PASSWORDS)],
    () => ['AUTH', w.pick(USERS), 'secret'],
    () => ['AUTH', w.pick(USERS), 'secret'],
    () => ['AUTH', 'secret'],
    () => ['HELLO', w.pick(['2', '3']), 'AUTH', w.user(), w.pick(PASSWORDS)],
    () => ['MULTI'],
    () => ['EXEC'],
    () => ['DISCARD'],
    () => ['RESET'],
    // One at a time: in a transaction several would answer more than once.
    () => ['SUBSCRIBE', w.channel()],
    () => ['PSUBSCRIBE', w.channel()],
    () => ['SSUBSCRIBE', w.channel()],
    () => ['UNSUBSCRIBE', w.channel()],
    () => ['PUNSUBSCRIBE', w.channel()],
    () => ['ACL', 'WHOAMI'],
  ])();
}

/** Everybody is somebody, with rights that are worth taking away. */
function opening(w: Words): Step[] {
  const rights = (): string[] => [
    w.pick(COMMANDS_AT_FIRST),
    w.pick(KEYS_AT_FIRST),
    ...w.pick(CHANNELS_AT_FIRST),
  ];
  return [
    ...USERS.map((user): Step => ['admin', 'ACL', 'SETUSER', user, 'on', '>secret', ...rights()]),
    ['two', 'AUTH', w.pick(USERS), 'secret'],
    ['three', 'AUTH', w.pick(USERS), 'secret'],
  ];
}

/** Redis 7.4.1 forgets to answer a login that fails inside a transaction. */
const isLogin = ([name]: readonly string[]): boolean => name === 'AUTH' || name === 'HELLO';

export function aclSequence(prng: Prng, steps: number): Step[] {
  const w = new Words(prng);
  const sequence = opening(w);
  const inTransaction = new Set<string>();
  while (sequence.length < steps) {
    if (w.chance(45)) {
      sequence.push(['admin', ...administration(w)]);
      continue;
    }
    const role = w.pick(['two', 'three'] as const);
    const words = use(w);
    if (isLogin(words) && inTransaction.has(role)) continue;
    if (words[0] === 'MULTI') inTransaction.add(role);
    if (words[0] === 'EXEC' || words[0] === 'RESET') inTransaction.delete(role);
    sequence.push([role, ...words]);
  }
  return sequence;
}
