/**
 * Things in the order of their stream ids: a list of blocks, each sorted. What comes is nearly always behind the last and costs a push; what
 * goes moves a block's rest at most.
 */
import { compareIds, type StreamId } from './streamId.ts';

const BLOCK_MAX = 512;

export interface Identified {
  readonly id: StreamId;
}

export class IdMap<T extends Identified> {
  readonly #blocks: T[][] = [];
  size = 0;

  /** The block that an id is in, or would go into. */
  #blockOf(id: StreamId): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (compareIds(this.#blocks[middle]![0]!.id, id) <= 0) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  get(id: StreamId): T | undefined {
    const block = this.#blocks[this.#blockOf(id)];
    if (block === undefined) return undefined;
    const item = block[lowerBound(block, id)];
    return item !== undefined && compareIds(item.id, id) === 0 ? item : undefined;
  }

  /** Adds something whose id is not there yet. */
  add(item: T): void {
    this.size++;
    const number = this.#blockOf(item.id);
    const block = this.#blocks[number];
    if (block === undefined) {
      this.#blocks.push([item]);
      return;
    }
    const place = lowerBound(block, item.id);
    block.splice(place, 0, item);
    if (block.length <= BLOCK_MAX) return;
    // Ascending insertions leave full blocks behind.
    const keep = place === block.length - 1 ? BLOCK_MAX : BLOCK_MAX >>> 1;
    this.#blocks.splice(number + 1, 0, block.splice(keep));
  }

  /** What had this id, if anything. */
  remove(id: StreamId): T | undefined {
    const number = this.#blockOf(id);
    const block = this.#blocks[number];
    if (block === undefined) return undefined;
    const place = lowerBound(block, id);
    const item = block[place];
    if (item === undefined || compareIds(item.id, id) !== 0) return undefined;
    block.splice(place, 1);
    if (block.length === 0) this.#blocks.splice(number, 1);
    this.size--;
    return item;
  }

  first(): T | undefined {
    return this.#blocks[0]?.[0];
  }

  last(): T | undefined {
    return this.#blocks.at(-1)?.at(-1);
  }

  /** The first whose id is not below; with `beyond` the first above. */
  from(id: StreamId, beyond = false): T | undefined {
    for (let number = this.#blockOf(id); number < this.#blocks.length; number++) {
      const block = this.#blocks[number]!;
      let place = lowerBound(block, id);
      if (beyond && place < block.length && compareIds(block[place]!.id, id) === 0) place++;
      if (place < block.length) return block[place];
    }
    return undefined;
  }

  /** All in order. Nothing may come or go meanwhile. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const block of this.#blocks) yield* block;
  }
}

function lowerBound<T extends Identified>(block: readonly T[], id: StreamId): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(block[middle]!.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
