/**
 * Index segments: 512 slots, each a one-byte tag and a 4-byte record address. Tags and addresses lie in separate arrays, so that
 * a probe reads tags only and touches an address when the tag agrees.
 *
 * Segments come in chunks of 4,096 (2 MiB of tags, 8 MiB of addresses), of which the operating system charges what was touched.
 */
export const SEGMENT_BITS = 9;
export const SEGMENT_SLOTS = 1 << SEGMENT_BITS;
export const SEGMENT_SLOT_MASK = SEGMENT_SLOTS - 1;
const CHUNK_SEGMENT_BITS = 12;
/** Slot number to chunk, and to the slot within it. */
export const CHUNK_SLOT_BITS = SEGMENT_BITS + CHUNK_SEGMENT_BITS;
export const CHUNK_SLOT_MASK = (1 << CHUNK_SLOT_BITS) - 1;
export const SEGMENT_BYTES = SEGMENT_SLOTS * 5;

export class SegmentPool {
  readonly tags: Uint8Array[] = [];
  readonly addresses: Int32Array[] = [];
  /** By segment number: taken slots (live and deleted), live slots, depth, and hash prefix of that depth. */
  used = new Uint16Array(64);
  live = new Uint16Array(64);
  depth = new Uint8Array(64);
  prefix = new Int32Array(64);
  /** For the addresses of a segment that is being split or rebuilt: of use within one such step only, so all indexes share it. */
  readonly scratch = new Int32Array(SEGMENT_SLOTS);
  readonly #free: number[] = [];
  #count = 0;

  /** A segment with empty slots. */
  allocate(depth: number, prefix: number): number {
    let segment = this.#free.pop();
    if (segment === undefined) {
      segment = this.#count++;
      if ((segment << SEGMENT_BITS) >>> CHUNK_SLOT_BITS === this.tags.length) {
        this.tags.push(new Uint8Array(1 << CHUNK_SLOT_BITS));
        this.addresses.push(new Int32Array(1 << CHUNK_SLOT_BITS));
      }
      if (segment === this.used.length) this.#grow();
    }
    this.used[segment] = 0;
    this.live[segment] = 0;
    this.depth[segment] = depth;
    this.prefix[segment] = prefix;
    return segment;
  }

  /** Takes a segment back and empties it. */
  release(segment: number): void {
    this.clearTags(segment);
    this.#free.push(segment);
  }

  clearTags(segment: number): void {
    const slot = segment << SEGMENT_BITS;
    const start = slot & CHUNK_SLOT_MASK;
    this.tags[slot >>> CHUNK_SLOT_BITS]!.fill(0, start, start + SEGMENT_SLOTS);
  }

  clear(): void {
    this.tags.length = 0;
    this.addresses.length = 0;
    this.#free.length = 0;
    this.#count = 0;
  }

  #grow(): void {
    const capacity = this.used.length * 2;
    const grow = <T extends Uint8Array | Uint16Array | Int32Array>(old: T, larger: T): T => {
      larger.set(old);
      return larger;
    };
    this.used = grow(this.used, new Uint16Array(capacity));
    this.live = grow(this.live, new Uint16Array(capacity));
    this.depth = grow(this.depth, new Uint8Array(capacity));
    this.prefix = grow(this.prefix, new Int32Array(capacity));
  }
}
