/**
 * Memory for cache-line buckets: chunks of 16 MiB, cut into blocks of 8 buckets (512 bytes). A bucket is one cache line:
 *
 *   word 0        meta       bits 0-23 distance from home, two bits a slot | 24-31 who passed
 *   words 1-3     tags       one byte a slot, slot 0 lowest in word 1; 0 is a free slot
 *   words 4-15    addresses  of records, one a slot
 *
 * `bucket.ts` says what tags, distances and passing marks mean.
 *
 * A region (what a directory entry of `cacheLineIndex.ts` names) is a header line and the blocks that it lists:
 *
 *   word 0 buckets | word 1 entries | word 2 depth | word 3 prefix | words 4-10 first word of each block
 *
 * Everything is named by the number of its first word: chunk in the high bits, word in the low 22. A chunk is the memory of a
 * WebAssembly instance that does not exist, because that begins at a page: an ArrayBuffer begins 16 bytes into one with glibc's malloc, and
 * then every bucket straddles two lines. The system charges what was touched.
 */
declare const WebAssembly: {
  Memory: new (pages: { initial: number; maximum: number }) => { buffer: ArrayBuffer };
};

export const CHUNK_WORD_BITS = 22;
export const CHUNK_WORD_MASK = (1 << CHUNK_WORD_BITS) - 1;
const CHUNK_BYTES = 4 << CHUNK_WORD_BITS;
const WASM_PAGE_BYTES = 65_536;

export const BUCKET_WORDS = 16;
export const BUCKET_SLOTS = 12;
/** Words of a bucket before its tags, and before its addresses. */
export const TAGS_AT = 1;
export const ADDRESSES_AT = 4;
export const HEADER = { buckets: 0, entries: 1, depth: 2, prefix: 3, blocks: 4 } as const;
export const HEADER_WORDS = BUCKET_WORDS;

export const BLOCK_BUCKET_BITS = 3;
export const BLOCK_BUCKETS = 1 << BLOCK_BUCKET_BITS;
export const BLOCK_WORDS = BLOCK_BUCKETS * BUCKET_WORDS;
export const BLOCK_BYTES = BLOCK_WORDS * 4;
/** A region of more would split: see `cacheLineIndex.ts`. */
export const BLOCKS_MAX = 7;
const REGION_SLOTS_MAX = BLOCKS_MAX * BLOCK_BUCKETS * BUCKET_SLOTS;

export class BucketPool {
  /** By number of a word >>> CHUNK_WORD_BITS. The array stays the same one; so does each chunk. */
  readonly chunks: Int32Array[] = [];
  /** Of the entries that a step moves: of use within one step only, so all indexes share them. */
  readonly movedAddresses = new Int32Array(REGION_SLOTS_MAX);
  readonly movedPositions = new Int32Array(REGION_SLOTS_MAX);
  readonly movedTags = new Uint8Array(REGION_SLOTS_MAX);
  readonly #freeBlocks: number[] = [];
  readonly #freeHeaders: number[] = [];
  /** First word that no block has taken yet. Words below the first block stay unused: no name is 0. */
  #unusedWord = BLOCK_WORDS;

  /** A block of empty buckets. */
  allocateBlock(): number {
    const free = this.#freeBlocks.pop();
    if (free !== undefined) return free;
    const block = this.#unusedWord;
    if (block >>> CHUNK_WORD_BITS >= this.chunks.length) this.chunks.push(alignedWords());
    this.#unusedWord += BLOCK_WORDS;
    return block;
  }

  releaseBlock(block: number): void {
    this.emptyBlock(block);
    this.#freeBlocks.push(block);
  }

  emptyBlock(block: number): void {
    const at = block & CHUNK_WORD_MASK;
    this.chunks[block >>> CHUNK_WORD_BITS]!.fill(0, at, at + BLOCK_WORDS);
  }

  /** A header line, contents undefined. */
  allocateHeader(): number {
    if (this.#freeHeaders.length === 0) {
      const block = this.allocateBlock();
      for (let at = BLOCK_WORDS - HEADER_WORDS; at >= 0; at -= HEADER_WORDS)
        this.#freeHeaders.push(block + at);
    }
    return this.#freeHeaders.pop()!;
  }

  releaseHeader(header: number): void {
    this.#freeHeaders.push(header);
  }

  /** Forgets all blocks and headers at once. */
  clear(): void {
    this.chunks.length = 0;
    this.#freeBlocks.length = 0;
    this.#freeHeaders.length = 0;
    this.#unusedWord = BLOCK_WORDS;
  }
}

/** A chunk that begins at a page, or anywhere if the process may not reserve the address space that WebAssembly wants (10 GiB). */
function alignedWords(): Int32Array {
  const pages = CHUNK_BYTES / WASM_PAGE_BYTES;
  try {
    return new Int32Array(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Int32Array(CHUNK_BYTES / 4);
  }
}
