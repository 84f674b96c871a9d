/**
 * Longest common subsequence of two byte strings by the textbook table L(i, j) = length for the first i bytes of a and j of b.
 *
 * Only two rows of the table are ever held. The way back needs one bit for each cell, whether the cell above is greater than the
 * cell on the left; where the bytes are equal it goes diagonally. So the greatest case that the limit of 4 bytes a cell lets
 * pass (128M cells) takes 16 MB, not 512 MB.
 *
 * Among several subsequences and several ways to match them, the way back decides: from the ends, diagonally where the bytes
 * are equal, up only where that is strictly better. Clients see it in the ranges.
 */

/** A run of equal bytes: a[aStart..aEnd] and b[bStart..bEnd], ends inclusive. */
export interface MatchRange {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

export interface CommonSubsequence {
  readonly length: number;
  /** From the last to the first. */
  readonly ranges: readonly MatchRange[];
}

/** Fills `up`, if given, with one bit a cell, row by row, `b.length` bits a row; returns the length. */
function fill(a: Uint8Array, b: Uint8Array, up: Uint8Array | undefined): number {
  if (a.length === 0 || b.length === 0) return 0;
  let above = new Uint32Array(b.length + 1);
  let row = new Uint32Array(b.length + 1);
  let bit = 0;
  for (let i = 0; i < a.length; i++) {
    const byte = a[i]!;
    let left = 0;
    for (let j = 0; j < b.length; j++) {
      if (byte === b[j]) {
        left = above[j]! + 1;
      } else {
        const over = above[j + 1]!;
        if (over > left) {
          left = over;
          if (up !== undefined) up[(bit + j) >>> 3]! |= 1 << ((bit + j) & 7);
        }
      }
      row[j + 1] = left;
    }
    bit += b.length;
    const swap = above;
    above = row;
    row = swap;
  }
  return above[b.length]!;
}

/** The length alone. */
export const commonSubsequenceLength = (a: Uint8Array, b: Uint8Array): number => fill(a, b, undefined);

export function commonSubsequence(a: Uint8Array, b: Uint8Array): CommonSubsequence {
  const up = new Uint8Array(Math.ceil((a.length * b.length) / 8));
  const length = fill(a, b, up);
  const ranges: MatchRange[] = [];
  /** The run being followed, bytes still to be prepended: none while `open` is false. */
  let open = false;
  let aEnd = 0;
  let bEnd = 0;
  let i = a.length;
  let j = b.length;
  const close = (): void => {
    if (open) ranges.push({ aStart: i, aEnd, bStart: j, bEnd });
    open = false;
  };
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      if (!open) {
        open = true;
        aEnd = i - 1;
        bEnd = j - 1;
      }
      i--;
      j--;
      continue;
    }
    close();
    const bit = (i - 1) * b.length + j - 1;
    if ((up[bit >>> 3]! & (1 << (bit & 7))) !== 0) i--;
    else j--;
  }
  close();
  return { length, ranges };
}

/** The subsequence itself. */
export function subsequenceBytes(a: Uint8Array, found: CommonSubsequence): Uint8Array {
  const bytes = new Uint8Array(found.length);
  let end = found.length;
  for (const { aStart, aEnd } of found.ranges) {
    end -= aEnd + 1 - aStart;
    bytes.set(a.subarray(aStart, aEnd + 1), end);
  }
  return bytes;
}
