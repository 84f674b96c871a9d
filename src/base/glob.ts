/**
 * Glob patterns as Redis reads them (KEYS, SCAN, CONFIG GET, PSUBSCRIBE, ACL): `*`, `?`, `[a-c]`, `[^x]`, `\` escapes.
 *
 * Why not recursion: matching the rest of the pattern at every position behind every star is exponential on patterns such as
 * `*a*a*a*b`. Every pattern element but `*` takes exactly one byte, so only the last star seen ever needs to be tried again
 * (a longer match for an earlier one would only leave less text), and a text that ends inside a segment ends the search.
 * Work: at most text length x pattern length steps, no allocation.
 *
 * Kept from Redis on purpose, because replies depend on them:
 * - an empty text matches the empty pattern only, not `*`;
 * - an unterminated class ends where the pattern ends; `[a-]` is a range from `a` to `]`;
 * - range bounds compare as signed bytes (0x80..0xff lie below 0x00) and are swapped when reversed;
 * - an escaped byte inside a class is compared case-sensitively even when case is ignored;
 * - more than 1,000 stars before the end of the pattern match nothing.
 */
const STAR = 42;
const QUESTION = 63;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const CARET = 94;
const DASH = 45;
const STARS_MAX = 1000;

const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);
const signed = (byte: number): number => (byte << 24) >> 24;

/** Index of the class's last byte: its `]`, or the pattern's last byte if there is none. `at` is the `[`. */
function classEnd(pattern: Uint8Array, at: number, end: number): number {
  let p = at + 1;
  if (p < end && pattern[p] === CARET) p++;
  while (p < end) {
    const byte = pattern[p]!;
    if (byte === BACKSLASH && end - p >= 2) p++;
    else if (byte === CLOSE) return p;
    else if (end - p >= 3 && pattern[p + 1] === DASH) p += 2;
    p++;
  }
  return end - 1;
}

/** Whether `byte` is in the class that opens at `at` and closes (or is cut off) before `end`. */
function classMatches(
  pattern: Uint8Array,
  at: number,
  end: number,
  byte: number,
  ignoreCase: boolean,
): boolean {
  let p = at + 1;
  const negated = p < end && pattern[p] === CARET;
  if (negated) p++;
  let found = false;
  while (p < end) {
    const first = pattern[p]!;
    if (first === BACKSLASH && end - p >= 2) {
      p++;
      if (pattern[p] === byte) found = true;
    } else if (first === CLOSE) {
      break;
    } else if (end - p >= 3 && pattern[p + 1] === DASH) {
      let low = signed(first);
      let high = signed(pattern[p + 2]!);
      if (low > high) {
        const swapped = low;
        low = high;
        high = swapped;
      }
      let value = signed(byte);
      if (ignoreCase) {
        low = lower(low);
        high = lower(high);
        value = lower(value);
      }
      if (value >= low && value <= high) found = true;
      p += 2;
    } else if (first === byte || (ignoreCase && lower(first) === lower(byte))) {
      found = true;
    }
    p++;
  }
  return found !== negated;
}

/** True if the bytes [textStart, textEnd) of `text` match the glob [patternStart, patternEnd) of `pattern` as a whole. */
export function globMatch(
  pattern: Uint8Array,
  patternStart: number,
  patternEnd: number,
  text: Uint8Array,
  textStart: number,
  textEnd: number,
  ignoreCase: boolean,
): boolean {
  if (textStart === textEnd) return patternStart === patternEnd;
  let p = patternStart;
  let t = textStart;
  /** Pattern position behind the last star, -1 before the first one; and where in the text its segment is being tried. */
  let retryPattern = -1;
  let retryText = 0;
  let stars = 0;
  while (true) {
    if (t === textEnd) {
      while (p < patternEnd && pattern[p] === STAR) p++;
      return p === patternEnd;
    }
    let matched = false;
    if (p < patternEnd) {
      const element = pattern[p]!;
      if (element === STAR) {
        while (p < patternEnd && pattern[p] === STAR) p++;
        if (p === patternEnd) return true;
        if (++stars > STARS_MAX) return false;
        retryPattern = p;
        retryText = t;
        continue;
      }
      if (element === QUESTION) {
        matched = true;
      } else if (element === OPEN) {
        matched = classMatches(pattern, p, patternEnd, text[t]!, ignoreCase);
        if (matched) p = classEnd(pattern, p, patternEnd);
      } else {
        if (element === BACKSLASH && patternEnd - p >= 2) p++;
        const wanted = pattern[p]!;
        matched = wanted === text[t]! || (ignoreCase && lower(wanted) === lower(text[t]!));
      }
    }
    if (matched) {
      p++;
      t++;
    } else {
      if (retryPattern < 0) return false;
      p = retryPattern;
      t = ++retryText;
      // A star whose segment found no place before the text's end: nothing is left to try.
      if (t === textEnd) return false;
    }
  }
}
