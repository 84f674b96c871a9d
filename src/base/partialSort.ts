/**
 * Some places of a sorted order, without sorting the rest: quicksort after Bentley and McIlroy, "Engineering a Sort Function" (1993),
 * which leaves alone the parts that cannot hold the wanted places. Elements that compare equal end up in the order that Redis's own partial
 * sort leaves them in, which takes the same steps; so a search for the nearest N picks the same of those that are equally near.
 */

/** Negative, 0 or positive as the first belongs before, beside or behind the second. */
export type Comparison<T> = (a: T, b: T) => number;

const INSERTION_MAX = 6;
const NINTHER_MIN = 41;

/** Sorts in place so that the items from index `start` up to and without `end` are what a whole sort would put there. */
export function partialSort<T>(items: T[], start: number, end: number, compare: Comparison<T>): void {
  sortPart(items, 0, items.length, { start, end }, compare);
}

interface Places {
  readonly start: number;
  readonly end: number;
}

const concerns = (wanted: Places, from: number, length: number): boolean =>
  length > 1 && from < wanted.end && from + length > wanted.start;

function sortPart<T>(items: T[], from: number, length: number, wanted: Places, compare: Comparison<T>): void {
  while (length > INSERTION_MAX) {
    const end = from + length;
    swap(items, from, pivotIndex(items, from, length, compare));
    // Equal ones gather at both ends: [from, equalLeft) and (equalRight, end).
    let [equalLeft, left] = [from + 1, from + 1];
    let [equalRight, right] = [end - 1, end - 1];
    for (;;) {
      for (let order = 0; left <= right; left++) {
        order = compare(items[left]!, items[from]!);
        if (order > 0) break;
        if (order === 0) swap(items, equalLeft++, left);
      }
      for (let order = 0; left <= right; right--) {
        order = compare(items[right]!, items[from]!);
        if (order < 0) break;
        if (order === 0) swap(items, right, equalRight--);
      }
      if (left > right) break;
      swap(items, left++, right--);
    }
    const atLeft = Math.min(equalLeft - from, left - equalLeft);
    for (let i = 0; i < atLeft; i++) swap(items, from + i, left - atLeft + i);
    const atRight = Math.min(equalRight - right, end - equalRight - 1);
    for (let i = 0; i < atRight; i++) swap(items, left + i, end - atRight + i);

    const smaller = left - equalLeft;
    if (concerns(wanted, from, smaller)) sortPart(items, from, smaller, wanted, compare);
    length = equalRight - right;
    from = end - length;
    if (!concerns(wanted, from, length)) return;
  }
  for (let i = from + 1; i < from + length; i++)
    for (let j = i; j > from && compare(items[j - 1]!, items[j]!) > 0; j--) swap(items, j, j - 1);
}

function pivotIndex<T>(items: T[], from: number, length: number, compare: Comparison<T>): number {
  const middle = from + Math.floor(length / 2);
  if (length === INSERTION_MAX + 1) return middle;
  const median = (a: number, b: number, c: number): number => {
    const [ab, bc, ac] = [
      compare(items[a]!, items[b]!),
      compare(items[b]!, items[c]!),
      compare(items[a]!, items[c]!),
    ];
    if (ab < 0) return bc < 0 ? b : ac < 0 ? c : a;
    return bc > 0 ? b : ac < 0 ? a : c;
  };
  const last = from + length - 1;
  if (length < NINTHER_MIN) return median(from, middle, last);
  const step = Math.floor(length / 8);
  return median(
    median(from, from + step, from + 2 * step),
    median(middle - step, middle, middle + step),
    median(last - 2 * step, last - step, last),
  );
}

function swap<T>(items: T[], a: number, b: number): void {
  const held = items[a]!;
  items[a] = items[b]!;
  items[b] = held;
}
