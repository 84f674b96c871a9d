/**
 * What one cache-line bucket says about its entries. Layout: `bucketPool.ts`.
 *
 *   hash   | prefix: which region ->           | 2 tag bits | position (11) |     home bucket = position * buckets / 2048
 *                                                 tag = those 2 bits and the low 6 of the position
 *
 * An entry goes to its home bucket or, if that is full, to the next of the region that is not; its slot keeps the distance (0, 1, 2, or
 * 3 for more), and every bucket that it passed a mark: one of eight, by the high bits of its tag. A search for a tag
 * stops at the first bucket without its mark.
 *
 * In a region of 32 buckets or more, a bucket is home to 64 positions or fewer, so bucket, distance and tag give the whole
 * position: a region can be laid out anew without reading a record.
 *
 * Tag matching works on words (SWAR): four bytes at a time in integer registers, no call and no allocation.
 */
import { ADDRESSES_AT, BUCKET_SLOTS, BUCKET_WORDS, TAGS_AT } from './bucketPool.ts';

export const POSITION_BITS = 11;
export const POSITIONS = 1 << POSITION_BITS;
export const POSITION_MASK = POSITIONS - 1;
const TAG_POSITION_MASK = 63;
/** Buckets from which on a tag tells a position apart from all others of its home bucket. */
const BUCKETS_TO_RECOVER_MIN = POSITIONS / (TAG_POSITION_MASK + 1);
const LOW_7_BITS = 0x7f7f7f7f;
const MARKS_SHIFT = 2 * BUCKET_SLOTS;
const DISTANCES_MASK = (1 << MARKS_SHIFT) - 1;
/** A distance of so much or more: only the record's hash tells. */
export const DISTANCE_FAR = 3;

/** Home bucket of a hash (or of a position) in a region of so many. */
export const homeOf = (hash: number, buckets: number): number =>
  ((hash & POSITION_MASK) * buckets) >>> POSITION_BITS;

/** First position whose home is this bucket. */
export const firstPosition = (bucket: number, buckets: number): number =>
  ((bucket * POSITIONS + buckets - 1) / buckets) | 0;

/** One byte, not 0; its low six bits are those of the position. */
export const tagOf = (hash: number): number => {
  const tag = (hash & TAG_POSITION_MASK) | ((hash >>> 5) & 0xc0);
  return tag === 0 ? 0x40 : tag;
};

/** Position of an entry of this tag and home bucket, -1 if they do not tell. */
export function positionFrom(tag: number, home: number, buckets: number): number {
  if (buckets < BUCKETS_TO_RECOVER_MIN) return -1;
  const first = firstPosition(home, buckets);
  return first + ((tag - first) & TAG_POSITION_MASK);
}

/** The mark that an entry of this tag leaves where it passes. */
export const markOf = (tag: number): number => 1 << (MARKS_SHIFT + (tag >>> 5));
export const hasMarks = (meta: number): boolean => meta >>> MARKS_SHIFT !== 0;
export const withoutMarks = (meta: number): number => meta & DISTANCES_MASK;

export const distanceOf = (meta: number, slot: number): number => (meta >>> (2 * slot)) & DISTANCE_FAR;
export const withDistance = (meta: number, slot: number, distance: number): number =>
  (meta & ~(DISTANCE_FAR << (2 * slot))) | (Math.min(distance, DISTANCE_FAR) << (2 * slot));

/** Bit 2 i is set where slot i holds an entry that is not at home. Free slots have distance 0. */
export const guestsOf = (meta: number): number => (meta | (meta >>> 1)) & 0x555555;
/** Slot of the lowest bit of guests that have one. */
export const firstGuest = (guests: number): number => (31 - Math.clz32(guests & -guests)) >>> 1;
export const withoutFirstGuest = (guests: number): number => guests & (guests - 1);

/** Four copies of a tag. */
export const tagPattern = (tag: number): number => tag | (tag << 8) | (tag << 16) | (tag << 24);

/**
 * Which slots of the bucket at word `at` have the tag of `pattern`, exactly: bit 7 - j of byte b stands for slot 4 j + b. A byte is zero
 * after the exclusive or if its bit 7 is clear in both terms below (Warren, Hacker's Delight, 6-1): no carry crosses a byte.
 */
export function matchTags(words: Int32Array, at: number, pattern: number): number {
  const x = words[at + TAGS_AT]! ^ pattern;
  const y = words[at + TAGS_AT + 1]! ^ pattern;
  const z = words[at + TAGS_AT + 2]! ^ pattern;
  return (
    ~(((x & LOW_7_BITS) + LOW_7_BITS) | x | LOW_7_BITS) |
    (~(((y & LOW_7_BITS) + LOW_7_BITS) | y | LOW_7_BITS) >>> 1) |
    (~(((z & LOW_7_BITS) + LOW_7_BITS) | z | LOW_7_BITS) >>> 2)
  );
}

/** Slot of the highest bit of a match that has one. */
export function firstMatch(match: number): number {
  const zeros = Math.clz32(match);
  return ((zeros & 7) << 2) | (3 - (zeros >>> 3));
}

/** The match without its highest bit. */
export const withoutFirst = (match: number): number => match & ~(0x8000_0000 >>> Math.clz32(match));

export const tagAt = (words: Int32Array, at: number, slot: number): number =>
  (words[at + TAGS_AT + (slot >>> 2)]! >>> ((slot & 3) << 3)) & 0xff;

/** Fills a slot that is free. */
export function fillSlot(
  words: Int32Array,
  at: number,
  slot: number,
  tag: number,
  address: number,
  distance: number,
): void {
  words[at + TAGS_AT + (slot >>> 2)]! |= tag << ((slot & 3) << 3);
  words[at + ADDRESSES_AT + slot] = address;
  words[at] = withDistance(words[at]!, slot, distance);
}

export function freeSlot(words: Int32Array, at: number, slot: number): void {
  words[at + TAGS_AT + (slot >>> 2)]! &= ~(0xff << ((slot & 3) << 3));
  words[at + ADDRESSES_AT + slot] = 0;
  words[at] = withDistance(words[at]!, slot, 0);
}

/** First word of the bucket of a Ref, and its slot there. */
export const bucketOfRef = (ref: number): number => ref & -BUCKET_WORDS;
export const slotOfRef = (ref: number): number => (ref & (BUCKET_WORDS - 1)) - ADDRESSES_AT;
