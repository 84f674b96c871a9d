/** Stretches of time, to be asked which of them overlap a given one. */
export interface Stretch {
  readonly startUs: number;
  readonly endUs: number;
}

export class Stretches<Item extends Stretch> {
  /** By start. */
  readonly #items: readonly Item[];
  readonly #longestUs: number;

  /** @param items in any order; those without length overlap nothing. */
  constructor(items: readonly Item[]) {
    this.#items = items.filter(({ startUs, endUs }) => endUs > startUs).sort((a, b) => a.startUs - b.startUs);
    this.#longestUs = this.#items.reduce((most, { startUs, endUs }) => Math.max(most, endUs - startUs), 0);
  }

  /** Those that share some time with it, by start. */
  overlapping(fromUs: number, toUs: number): Item[] {
    const items = this.#items;
    const found: Item[] = [];
    for (let i = this.#firstFrom(fromUs - this.#longestUs); i < items.length; i++) {
      const item = items[i]!;
      if (item.startUs >= toUs) break;
      if (item.endUs > fromUs) found.push(item);
    }
    return found;
  }

  /** Position of the first that starts there or later. */
  #firstFrom(us: number): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#items[middle]!.startUs < us) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
