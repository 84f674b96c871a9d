/**
 * LZF, the compression of strings in Redis's dumps (format by Marc Lehmann's liblzf).
 *
 *   000LLLLL            L+1 literal bytes follow (1..32)
 *   LLLooooo oooooooo   copy L+2 bytes (L in 1..6) from 1 + o bytes back
 *   111ooooo LLLLLLLL oooooooo   copy L+9 bytes from 1 + o bytes back
 *
 * The compressor makes the choices that Redis's makes (a table of 2^16 last positions by a hash of three bytes, greedy
 * matches, two positions entered behind each), so dumps come out with the same bytes. A match at position 0 is never
 * taken, and the table starts out empty.
 */
const HASH_SLOTS = 1 << 16;
const LITERALS_MAX = 32;
const OFFSET_MAX = 1 << 13;
const MATCH_MAX = (1 << 8) + (1 << 3);
/** Three bytes that become 264. */
const EXPANSION_MAX = 88;

/** The slot of three bytes, of which `h` holds the last in its low byte. */
const slotOf = (h: number): number => ((h >>> 8) - h * 5) & (HASH_SLOTS - 1);

export class LzfCompressor {
  /** #base + position; what lies below #base was left by earlier inputs and counts as empty. */
  readonly #positions = new Uint32Array(HASH_SLOTS);
  #base = 1;

  /** The bytes [start, end) compressed, if that takes at most `lengthMax` bytes; else undefined. */
  compress(input: Uint8Array, start: number, end: number, lengthMax: number): Uint8Array | undefined {
    const length = end - start;
    if (length === 0 || lengthMax <= 0) return undefined;
    if (this.#base + length >= 0xffff_ffff) {
      this.#positions.fill(0);
      this.#base = 1;
    }
    const positions = this.#positions;
    const base = this.#base;
    this.#base += length;

    const output = new Uint8Array(lengthMax + 4);
    let at = 0;
    let out = 1;
    let literals = 0;
    const byte = (position: number): number => input[start + position]!;
    let h = length > 1 ? (byte(0) << 8) | byte(1) : 0;
    while (at < length - 2) {
      h = ((h << 8) | byte(at + 2)) >>> 0;
      const slot = slotOf(h);
      const ref = positions[slot]! - base;
      positions[slot] = base + at;
      const offset = at - ref - 1;
      const found =
        ref > 0 &&
        offset < OFFSET_MAX &&
        byte(ref) === byte(at) &&
        byte(ref + 1) === byte(at + 1) &&
        byte(ref + 2) === byte(at + 2);
      if (!found) {
        if (out >= lengthMax) return undefined;
        literals++;
        output[out++] = byte(at++);
        if (literals === LITERALS_MAX) {
          output[out - literals - 1] = literals - 1;
          literals = 0;
          out++;
        }
        continue;
      }
      if (out - (literals === 0 ? 1 : 0) + 4 >= lengthMax) return undefined;
      output[out - literals - 1] = literals - 1;
      if (literals === 0) out--;
      // Redis's loop, to the byte: a limit above 16 lets the first 16 comparisons pass unchecked against it.
      const limit = Math.min(length - at - 2, MATCH_MAX);
      const unchecked = limit > 16 ? 18 : 2;
      let matched = 3;
      while (matched <= unchecked && byte(ref + matched) === byte(at + matched)) matched++;
      if (matched > unchecked) {
        matched = unchecked + 1;
        while (matched < limit && byte(ref + matched) === byte(at + matched)) matched++;
      }
      const code = matched - 2;
      if (code < 7) {
        output[out++] = (offset >> 8) + (code << 5);
      } else {
        output[out++] = (offset >> 8) + (7 << 5);
        output[out++] = code - 7;
      }
      output[out++] = offset;
      literals = 0;
      out++;
      at += matched;
      if (at >= length - 2) break;
      // The last two positions of the match are entered into the table.
      at -= 2;
      h = (byte(at) << 8) | byte(at + 1);
      for (let i = 0; i < 2; i++) {
        h = ((h << 8) | byte(at + 2)) >>> 0;
        positions[slotOf(h)] = base + at;
        at++;
      }
    }
    if (out + 3 > lengthMax) return undefined;
    while (at < length) {
      literals++;
      output[out++] = byte(at++);
      if (literals === LITERALS_MAX) {
        output[out - literals - 1] = literals - 1;
        literals = 0;
        out++;
      }
    }
    output[out - literals - 1] = literals - 1;
    if (literals === 0) out--;
    return output.subarray(0, out);
  }
}

/** Undoes it: exactly `length` bytes from the compressed bytes [start, end), or undefined if they are not that. */
export function lzfDecompress(
  input: Uint8Array,
  start: number,
  end: number,
  length: number,
): Uint8Array | undefined {
  // Before memory is taken for it: no input can become more than this.
  if (length > (end - start) * EXPANSION_MAX) return undefined;
  const output = new Uint8Array(length);
  let at = start;
  let out = 0;
  while (at < end) {
    const control = input[at++]!;
    if (control < LITERALS_MAX) {
      const count = control + 1;
      if (out + count > length || at + count > end) return undefined;
      for (let i = 0; i < count; i++) output[out++] = input[at++]!;
      continue;
    }
    let count = control >> 5;
    if (count === 7) {
      if (at >= end) return undefined;
      count += input[at++]!;
    }
    if (at >= end) return undefined;
    let from = out - ((control & 0x1f) << 8) - 1 - input[at++]!;
    count += 2;
    if (from < 0 || out + count > length) return undefined;
    while (count-- > 0) output[out++] = output[from++]!;
  }
  return out === length ? output : undefined;
}
