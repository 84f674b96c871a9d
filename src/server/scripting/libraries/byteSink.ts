/** Bytes written one after the other, into memory that grows. */
const BYTES_INITIAL = 256;

export class ByteSink {
  #bytes = new Uint8Array(BYTES_INITIAL);
  #data = new DataView(this.#bytes.buffer);
  length = 0;

  /** What was written; valid until more is. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #room(bytes: number): number {
    const at = this.length;
    this.length = at + bytes;
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#data = new DataView(larger.buffer);
    }
    return at;
  }

  byte(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  bytes(source: Uint8Array): void {
    const at = this.#room(source.length);
    this.#bytes.set(source, at);
  }

  /** Latin1. */
  text(text: string): void {
    const at = this.#room(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[at + i] = text.charCodeAt(i);
  }

  /** The low `sizeBytes` bytes; zeros beyond the eighth. */
  integer(value: bigint, sizeBytes: number, isLittleEndian: boolean): void {
    const at = this.#room(sizeBytes);
    let rest = value;
    for (let i = 0; i < sizeBytes; i++) {
      this.#bytes[isLittleEndian ? at + i : at + sizeBytes - 1 - i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#data.setUint16(at, value);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#data.setUint32(at, value);
  }

  int64(value: bigint): void {
    const at = this.#room(8);
    this.#data.setBigInt64(at, value);
  }

  float(value: number, isLittleEndian = false): void {
    const at = this.#room(4);
    this.#data.setFloat32(at, value, isLittleEndian);
  }

  double(value: number, isLittleEndian = false): void {
    const at = this.#room(8);
    this.#data.setFloat64(at, value, isLittleEndian);
  }
}
