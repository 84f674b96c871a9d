/**
 * Which shard a key belongs to: Redis Cluster's rule, so that hash tags mean here what they mean there. A key's slot is CRC16 of its
 * name modulo 16,384, or of the part between the first `{` and the next `}` where that is not empty; each shard owns one range
 * of slots.
 *
 * Source: Redis Cluster specification, "Key distribution model"; the CRC is XMODEM's (polynomial 0x1021, initial value 0, not reflected).
 */

export const SLOT_COUNT = 16384;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

const CRC_OF_BYTE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc & 0xffff;
});

function crc16(buffer: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let i = start; i < end; i++) crc = ((crc << 8) & 0xffff) ^ CRC_OF_BYTE[(crc >>> 8) ^ buffer[i]!]!;
  return crc;
}

/** The slot of the key in bytes [start, end), in [0, SLOT_COUNT). */
export function slotOf(buffer: Uint8Array, start: number, end: number): number {
  let from = start;
  let to = end;
  let opening = start;
  while (opening < end && buffer[opening] !== OPENING_BRACE) opening++;
  if (opening < end) {
    let closing = opening + 1;
    while (closing < end && buffer[closing] !== CLOSING_BRACE) closing++;
    if (closing < end && closing > opening + 1) {
      from = opening + 1;
      to = closing;
    }
  }
  return crc16(buffer, from, to) & (SLOT_COUNT - 1);
}

/** The shard that owns a slot: ranges of equal length, give or take one. */
export const shardOfSlot = (slot: number, shardCount: number): number =>
  Math.floor((slot * shardCount) / SLOT_COUNT);

/** A shard's place among its siblings. */
export class ShardPosition {
  readonly index: number;
  readonly count: number;

  constructor(index: number, count: number) {
    this.index = index;
    this.count = count;
  }

  shardOf(buffer: Uint8Array, start: number, end: number): number {
    return shardOfSlot(slotOf(buffer, start, end), this.count);
  }

  /** True if a key is this shard's own. A server of one shard does not look at the key. */
  owns(buffer: Uint8Array, start: number, end: number): boolean {
    return this.count === 1 || this.shardOf(buffer, start, end) === this.index;
  }
}
