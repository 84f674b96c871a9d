/**
 * The 24-bit access word of an entry: seconds of last access modulo 2^24 (LRU policies and none), or Redis's LFU pair,
 * 16 bits of minutes and an 8-bit logarithmic counter.
 */
export const LRU_CLOCK_MAX = 0xff_ffff;
export const LFU_INITIAL = 5;

/** The clock's current value for LRU. */
export const lruClock = (nowMs: number): number => Math.floor(nowMs / 1000) & LRU_CLOCK_MAX;

/** Seconds since the access that `word` records; the clock wraps after 194 days. */
export function idleSec(word: number, nowMs: number): number {
  const now = lruClock(nowMs);
  return now >= word ? now - word : now + (LRU_CLOCK_MAX + 1) - word;
}

const minutes16 = (nowMs: number): number => Math.floor(nowMs / 60000) & 0xffff;

export const lfuInitial = (nowMs: number): number => (minutes16(nowMs) << 8) | LFU_INITIAL;

/** The counter after decay: one less per `decayMinutes` since it was last touched. 0 disables decay. */
export function lfuDecayed(word: number, nowMs: number, decayMinutes: number): number {
  const then = word >>> 8;
  const now = minutes16(nowMs);
  const elapsed = now >= then ? now - then : now + 0x1_0000 - then;
  const periods = decayMinutes > 0 ? Math.floor(elapsed / decayMinutes) : 0;
  const counter = word & 0xff;
  return periods > counter ? 0 : counter - periods;
}

/** The word after one more access: the counter grows with probability 1 / ((counter - 5) * factor + 1). */
export function lfuTouched(
  word: number,
  nowMs: number,
  decayMinutes: number,
  logFactor: number,
  uniform: number,
): number {
  let counter = lfuDecayed(word, nowMs, decayMinutes);
  if (counter < 255) {
    const base = Math.max(0, counter - LFU_INITIAL);
    if (uniform < 1 / (base * logFactor + 1)) counter++;
  }
  return (minutes16(nowMs) << 8) | counter;
}
