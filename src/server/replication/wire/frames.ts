/**
 * Frames on a replication link:
 *
 *   offset  bytes  what (little-endian)
 *   0       4      length of the payload
 *   4       1      protocol version, 1
 *   5       4      CRC-32 of the payload (zlib's)
 *   9       n      payload
 *
 * A frame whose version, length or checksum is wrong throws a WireError: whatever follows it on the stream cannot be
 * trusted, so the link is torn down and its successor resynchronises. Memory grows with what has arrived and never with what a length
 * promises.
 */
import { crc32 } from 'node:zlib';
import { copyBytes, copyOf } from '../../../base/bytes.ts';
import { WireError } from './wireBytes.ts';

export const PROTOCOL_VERSION = 1;
const HEADER = { length: 0, version: 4, checksum: 5, bytes: 9 } as const;
/** Enough for the largest string (512 MiB) with its key and stamps. */
export const FRAME_BYTES_MAX = 576 * 1024 * 1024;

export function encodeFrame(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER.bytes + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(HEADER.length, payload.length, true);
  view.setUint8(HEADER.version, PROTOCOL_VERSION);
  view.setUint32(HEADER.checksum, crc32(payload), true);
  frame.set(payload, HEADER.bytes);
  return frame;
}

/** Cuts a stream into payloads. */
export class FrameDecoder {
  /** Largest payload accepted; to be set low until the peer has proved who it is. */
  payloadBytesMax: number;
  #held = new Uint8Array(4096);
  #length = 0;

  constructor(payloadBytesMax = FRAME_BYTES_MAX) {
    this.payloadBytesMax = payloadBytesMax;
  }

  /** Takes bytes [0, length) of `chunk` and hands over every payload that is complete; each is a copy. Throws WireError. */
  push(chunk: Uint8Array, length: number, onPayload: (payload: Uint8Array) => void): void {
    this.#append(chunk, length);
    let at = 0;
    while (true) {
      const payloadLength = this.#payloadLengthAt(at);
      if (payloadLength < 0 || this.#length - at < HEADER.bytes + payloadLength) break;
      const payload = copyOf(this.#held, at + HEADER.bytes, at + HEADER.bytes + payloadLength);
      if (crc32(payload) !== this.#view(at).getUint32(HEADER.checksum, true))
        throw new WireError('a frame whose checksum is wrong');
      at += HEADER.bytes + payloadLength;
      onPayload(payload);
    }
    if (at > 0) {
      this.#held.copyWithin(0, at, this.#length);
      this.#length -= at;
    }
  }

  /** -1 while the header is incomplete. */
  #payloadLengthAt(at: number): number {
    if (this.#length - at < HEADER.bytes) return -1;
    const view = this.#view(at);
    const version = view.getUint8(HEADER.version);
    if (version !== PROTOCOL_VERSION)
      throw new WireError(`a frame of version ${version}; this node speaks ${PROTOCOL_VERSION}`);
    const length = view.getUint32(HEADER.length, true);
    if (length > this.payloadBytesMax) throw new WireError(`a frame of ${length} bytes is too long`);
    return length;
  }

  #view(at: number): DataView {
    return new DataView(this.#held.buffer, at, HEADER.bytes);
  }

  #append(chunk: Uint8Array, length: number): void {
    if (this.#length + length > this.#held.length) {
      const grown = new Uint8Array(Math.max(this.#held.length * 2, this.#length + length));
      copyBytes(this.#held, 0, this.#length, grown, 0);
      this.#held = grown;
    }
    copyBytes(chunk, 0, length, this.#held, this.#length);
    this.#length += length;
  }
}
