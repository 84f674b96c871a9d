/**
 * Memory for records: 16 MiB arenas cut into 64 KiB pages, each page given to one size class (a slab allocator, after Bonwick 1994).
 *
 * An address is a number of 4-byte words: arena in the high 10 bits, word in the low 22, so 32 bits reach 16 GiB and an
 * index entry costs 4 bytes instead of a pointer. Sizes up to 256 bytes have a class each (4-byte steps: no slack beyond rounding to a
 * word), larger ones eight classes per doubling (slack below 12.5 %). A page whose last record goes is free for any class, so a
 * change of value sizes does not strand memory.
 *
 *   arena (16 MiB)   | page 0 | page 1 | ... | page 255 |
 *   page (64 KiB)    | record | record | free -> | record | ... | never used |
 *                      all of one size class; a free record's first word holds the next free one
 *
 * Invariants: address 0 is never handed out; a page is in its class's list exactly while it has room.
 * Not thread-safe: one store belongs to one shard.
 */
import { assert } from '../../../base/assert.ts';
import type { GrowthTimer } from '../growthTimer.ts';

export const ARENA_WORD_BITS = 22;
export const ARENA_WORD_MASK = (1 << ARENA_WORD_BITS) - 1;
const ARENA_BYTES = 4 << ARENA_WORD_BITS;
const ARENAS_MAX = 1024;
const PAGE_WORD_BITS = 14;
const PAGE_WORDS = 1 << PAGE_WORD_BITS;
const PAGES_PER_ARENA = 1 << (ARENA_WORD_BITS - PAGE_WORD_BITS);
const PAGES_MAX = ARENAS_MAX * PAGES_PER_ARENA;
/** Largest record, words. Larger values live outside, on the heap. */
export const RECORD_WORDS_MAX = 1024;
const EXACT_WORDS_MAX = 64;
const NO_PAGE = -1;

/** The arenas are full: 16 GiB of records. */
export class StorageFullError extends Error {
  readonly code = 'STORAGE_FULL';
}

/** Word count to class, and class to word count. */
function buildClasses(): { classOfWords: Uint8Array; wordsOfClass: Uint16Array } {
  const sizes: number[] = [];
  for (let words = 1; words <= EXACT_WORDS_MAX; words++) sizes.push(words);
  for (let base = EXACT_WORDS_MAX; base < RECORD_WORDS_MAX; base *= 2) {
    for (let eighth = 1; eighth <= 8; eighth++) sizes.push(base + (base / 8) * eighth);
  }
  const classOfWords = new Uint8Array(RECORD_WORDS_MAX + 1);
  let sizeClass = 0;
  for (let words = 1; words <= RECORD_WORDS_MAX; words++) {
    if (words > sizes[sizeClass]!) sizeClass++;
    classOfWords[words] = sizeClass;
  }
  return { classOfWords, wordsOfClass: Uint16Array.from(sizes) };
}

export class SlabStore {
  /** The arenas, as bytes and as words. Index by address >>> ARENA_WORD_BITS. */
  readonly bytes: Uint8Array[] = [];
  readonly words: Int32Array[] = [];
  readonly #growth: GrowthTimer;
  readonly #classOfWords: Uint8Array;
  readonly #wordsOfClass: Uint16Array;
  /** First page with room, by class. */
  readonly #classPage: Int32Array;
  /** By page number; grown by doubling. */
  #pageClass = new Uint8Array(PAGES_PER_ARENA);
  #pageLive = new Uint16Array(PAGES_PER_ARENA);
  #pageBump = new Uint16Array(PAGES_PER_ARENA);
  #pageFree = new Int32Array(PAGES_PER_ARENA);
  #pageNext = new Int32Array(PAGES_PER_ARENA);
  #pagePrevious = new Int32Array(PAGES_PER_ARENA);
  #freePage = NO_PAGE;
  #pagesUsed = 0;
  /** Words handed out, slack of the size classes included. */
  wordsLive = 0;

  constructor(growth: GrowthTimer) {
    this.#growth = growth;
    const { classOfWords, wordsOfClass } = buildClasses();
    this.#classOfWords = classOfWords;
    this.#wordsOfClass = wordsOfClass;
    this.#classPage = new Int32Array(wordsOfClass.length).fill(NO_PAGE);
  }

  /** Words that a record of `words` really takes. */
  roundedWords(words: number): number {
    return this.#wordsOfClass[this.#classOfWords[words]!]!;
  }

  sameClass(wordsA: number, wordsB: number): boolean {
    return this.#classOfWords[wordsA] === this.#classOfWords[wordsB];
  }

  /** Bytes taken from the operating system, as far as touched. */
  reservedBytes(): number {
    return this.#pagesUsed * PAGE_WORDS * 4;
  }

  /** Address of room for `words` words (1..RECORD_WORDS_MAX), contents undefined. */
  allocate(words: number): number {
    const sizeClass = this.#classOfWords[words]!;
    const rounded = this.#wordsOfClass[sizeClass]!;
    let page = this.#classPage[sizeClass]!;
    if (page === NO_PAGE) page = this.#addPage(sizeClass);
    this.wordsLive += rounded;
    this.#pageLive[page]!++;
    const free = this.#pageFree[page]!;
    if (free !== 0) {
      this.#pageFree[page] = this.words[free >>> ARENA_WORD_BITS]![free & ARENA_WORD_MASK]!;
      if (this.#pageFree[page] === 0 && !this.#hasUnused(page, rounded)) this.#unlinkPage(page, sizeClass);
      return free;
    }
    const offset = this.#pageBump[page]!;
    this.#pageBump[page] = offset + rounded;
    if (!this.#hasUnused(page, rounded)) this.#unlinkPage(page, sizeClass);
    return (page << PAGE_WORD_BITS) | offset | 0;
  }

  /** Gives back what `allocate(words)` returned. */
  free(address: number, words: number): void {
    const page = address >>> PAGE_WORD_BITS;
    const sizeClass = this.#pageClass[page]!;
    const rounded = this.#wordsOfClass[sizeClass]!;
    assert(this.#classOfWords[words] === sizeClass, 'record freed with a size it was not allocated with');
    this.wordsLive -= rounded;
    const wasFull = this.#pageFree[page] === 0 && !this.#hasUnused(page, rounded);
    this.words[address >>> ARENA_WORD_BITS]![address & ARENA_WORD_MASK] = this.#pageFree[page]!;
    this.#pageFree[page] = address;
    if (wasFull) this.#linkPage(page, sizeClass);
    if (--this.#pageLive[page]! > 0) return;
    const alone = this.#pageNext[page] === NO_PAGE && this.#pagePrevious[page] === NO_PAGE;
    if (!alone) this.#releasePage(page, sizeClass);
  }

  #addArena(): void {
    const startUs = this.#growth.start();
    if (this.#pagesUsed === this.#pageClass.length) this.#growPages();
    const arena = new ArrayBuffer(ARENA_BYTES);
    this.bytes.push(new Uint8Array(arena));
    this.words.push(new Int32Array(arena));
    this.#growth.stop(startUs, 0);
  }

  /** At 16 GiB these arrays hold 262,144 pages: the largest copy is 1 MiB, the usual one a few kilobytes. */
  #growPages(): void {
    const capacity = this.#pageClass.length * 2;
    const larger = <T extends Uint8Array | Uint16Array | Int32Array>(old: T, grown: T): T => {
      grown.set(old);
      return grown;
    };
    this.#pageClass = larger(this.#pageClass, new Uint8Array(capacity));
    this.#pageLive = larger(this.#pageLive, new Uint16Array(capacity));
    this.#pageBump = larger(this.#pageBump, new Uint16Array(capacity));
    this.#pageFree = larger(this.#pageFree, new Int32Array(capacity));
    this.#pageNext = larger(this.#pageNext, new Int32Array(capacity));
    this.#pagePrevious = larger(this.#pagePrevious, new Int32Array(capacity));
  }

  #hasUnused(page: number, rounded: number): boolean {
    return this.#pageBump[page]! + rounded <= PAGE_WORDS - 1;
  }

  #addPage(sizeClass: number): number {
    let page = this.#freePage;
    if (page !== NO_PAGE) {
      this.#freePage = this.#pageNext[page]!;
    } else {
      page = this.#pagesUsed;
      if (page === PAGES_MAX) throw new StorageFullError('record storage is full (16 GiB)');
      if (page % PAGES_PER_ARENA === 0) this.#addArena();
      this.#pagesUsed++;
    }
    this.#pageClass[page] = sizeClass;
    this.#pageLive[page] = 0;
    this.#pageFree[page] = 0;
    // Word 0 of a page stays unused: address 0 must not exist, and one rule for all pages is simpler than one for the first.
    this.#pageBump[page] = 1;
    this.#linkPage(page, sizeClass);
    return page;
  }

  /** An empty page that is not its class's only one with room goes back to the pool. */
  #releasePage(page: number, sizeClass: number): void {
    this.#unlinkPage(page, sizeClass);
    this.#pageNext[page] = this.#freePage;
    this.#freePage = page;
  }

  #linkPage(page: number, sizeClass: number): void {
    const head = this.#classPage[sizeClass]!;
    this.#pageNext[page] = head;
    this.#pagePrevious[page] = NO_PAGE;
    if (head !== NO_PAGE) this.#pagePrevious[head] = page;
    this.#classPage[sizeClass] = page;
  }

  #unlinkPage(page: number, sizeClass: number): void {
    const next = this.#pageNext[page]!;
    const previous = this.#pagePrevious[page]!;
    if (previous === NO_PAGE) this.#classPage[sizeClass] = next;
    else this.#pageNext[previous] = next;
    if (next !== NO_PAGE) this.#pagePrevious[next] = previous;
  }

  /** Forgets every record at once. */
  clear(): void {
    this.bytes.length = 0;
    this.words.length = 0;
    this.#classPage.fill(NO_PAGE);
    this.#freePage = NO_PAGE;
    this.#pagesUsed = 0;
    this.wordsLive = 0;
  }
}
