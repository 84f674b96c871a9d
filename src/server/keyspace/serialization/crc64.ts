/**
 * CRC-64 as Redis computes it over dumps and snapshots: Jones's polynomial 0xad93d23594c935a9, reflected, no initial or
 * final inversion. Halves of 32 bits, because bigints would cost a hundred times as much per byte.
 */
const POLYNOMIAL_HIGH = 0x95ac9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;

export class Crc64 {
  readonly #tableHigh = new Uint32Array(256);
  readonly #tableLow = new Uint32Array(256);
  #high = 0;
  #low = 0;

  constructor() {
    for (let byte = 0; byte < 256; byte++) {
      let high = 0;
      let low = byte;
      for (let bit = 0; bit < 8; bit++) {
        const odd = (low & 1) === 1;
        low = (low >>> 1) | (high << 31);
        high >>>= 1;
        if (odd) {
          high ^= POLYNOMIAL_HIGH;
          low ^= POLYNOMIAL_LOW;
        }
      }
      this.#tableHigh[byte] = high;
      this.#tableLow[byte] = low;
    }
  }

  /** Starts over. */
  reset(): void {
    this.#high = 0;
    this.#low = 0;
  }

  /** Takes in the bytes [start, end). */
  update(bytes: Uint8Array, start: number, end: number): void {
    const tableHigh = this.#tableHigh;
    const tableLow = this.#tableLow;
    let high = this.#high;
    let low = this.#low;
    for (let i = start; i < end; i++) {
      const index = (low ^ bytes[i]!) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ tableLow[index]!;
      high = (high >>> 8) ^ tableHigh[index]!;
    }
    this.#high = high;
    this.#low = low;
  }

  /** Writes the checksum in little-endian order at `at`, 8 bytes. */
  write(target: Uint8Array, at: number): void {
    for (let i = 0; i < 4; i++) {
      target[at + i] = this.#low >>> (8 * i);
      target[at + 4 + i] = this.#high >>> (8 * i);
    }
  }

  /** The checksum in little-endian order. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(8);
    this.write(bytes, 0);
    return bytes;
  }

  /** Whether the 8 bytes at `at` are the checksum in little-endian order. */
  equals(source: Uint8Array, at: number): boolean {
    for (let i = 0; i < 4; i++) {
      if (source[at + i] !== ((this.#low >>> (8 * i)) & 0xff)) return false;
      if (source[at + 4 + i] !== ((this.#high >>> (8 * i)) & 0xff)) return false;
    }
    return true;
  }
}
