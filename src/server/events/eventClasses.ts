/** Classes of keyspace events, as `notify-keyspace-events` spells them. */

/** One bit a class. */
export const EventClass = {
  generic: 1,
  string: 2,
  list: 4,
  set: 8,
  hash: 16,
  zset: 32,
  expired: 64,
  evicted: 128,
  stream: 256,
  keyMiss: 512,
  module: 1024,
  newKey: 2048,
} as const;
export type EventClassId = (typeof EventClass)[keyof typeof EventClass];

const CLASS_OF_LETTER: Readonly<Record<string, number>> = {
  g: EventClass.generic,
  $: EventClass.string,
  l: EventClass.list,
  s: EventClass.set,
  h: EventClass.hash,
  z: EventClass.zset,
  x: EventClass.expired,
  e: EventClass.evicted,
  t: EventClass.stream,
  m: EventClass.keyMiss,
  d: EventClass.module,
  n: EventClass.newKey,
};
/** `A`: all but misses and new keys. */
const ALL_LETTERS = 'g$lshzxetd';

/** What `notify-keyspace-events` asks for. */
export interface EventSelection {
  /** Bits of EventClass. */
  readonly classes: number;
  /** `K`: told on `__keyspace@<db>__:<key>`. */
  readonly byKey: boolean;
  /** `E`: told on `__keyevent@<db>__:<event>`. */
  readonly byEvent: boolean;
}

export function parseEventSelection(letters: string): EventSelection {
  let classes = 0;
  for (const letter of letters.replace('A', ALL_LETTERS)) classes |= CLASS_OF_LETTER[letter] ?? 0;
  return { classes, byKey: letters.includes('K'), byEvent: letters.includes('E') };
}
