import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HybridClock } from '../hybridClock.ts';
import { ReplicaStore } from '../replicaStore.ts';
import { VersionVector } from '../versionVector.ts';
import { encodeFrame, FRAME_BYTES_MAX, FrameDecoder } from './frames.ts';
import {
  decodeMessage,
  decodeNumbered,
  encodeMessage,
  type KeyedState,
  type Message,
  numbered,
} from './messages.ts';
import { WireError } from './wireBytes.ts';

const NOW_MS = 1_700_000_000_000;

function sampleStates(): KeyedState[] {
  const store = new ReplicaStore(new HybridClock('replica-one', () => NOW_MS), 4);
  store.writeKey('s', 'string', Uint8Array.of(0, 255, 13, 10), NOW_MS + 5);
  store.writeKey('gone', 'string', undefined);
  store.writeKey('d', 'dump', new Uint8Array(300));
  store.addToKey('c', -(2n ** 70n));
  store.writeField('h', 'f', Uint8Array.of(1));
  store.addToField('h', 'g', 7n);
  store.expireFieldAt('h', 'g', NOW_MS);
  store.writeKey('e', 'string', Uint8Array.of(1), NOW_MS - 1);
  store.buryExpired('e', NOW_MS);
  return [...store.keys()].map((key) => [key, store.get(key)!]);
}

function sampleMessages(): Message[] {
  const replica = 'replica-one';
  const seen = new VersionVector();
  seen.raise('a', 1);
  seen.raise('b', NOW_MS * 1024);
  const states = sampleStates();
  return [
    { kind: 'seen', replica, seen },
    { kind: 'deltas', replica, previousTicks: 0, ticks: NOW_MS * 1024, part: 1, parts: 3, states },
    { kind: 'digests', replica, round: NOW_MS * 1024, words: Uint32Array.of(0, 1, 0xffffffff, 128) },
    { kind: 'bucket', replica, asker: 'b', round: 5, bucket: 3, seen, states },
    { kind: 'done', replica, asker: 'b', round: 5, buckets: 17, seen },
  ];
}

/** Everything but the vectors' revisions, which count changes. */
const comparable = (message: Message): unknown =>
  'seen' in message ? { ...message, seen: message.seen.entries() } : message;

describe('messages', () => {
  it('come back as they were', () => {
    for (const message of sampleMessages())
      expect(comparable(decodeMessage(encodeMessage(message)))).toEqual(comparable(message));
  });

  it('keep their number', () => {
    const [message] = sampleMessages();
    const decoded = decodeNumbered(numbered(2 ** 52, encodeMessage(message!)));
    expect(decoded.number).toBe(2 ** 52);
    expect(comparable(decoded.message)).toEqual(comparable(message!));
    expect(() => decodeNumbered(new Uint8Array(5))).toThrow(WireError);
  });

  it('refuse every shortening and every addition', () => {
    for (const message of sampleMessages()) {
      const bytes = encodeMessage(message);
      for (let length = 0; length < bytes.length; length++)
        expect(() => decodeMessage(bytes.subarray(0, length))).toThrow(WireError);
      expect(() => decodeMessage(Uint8Array.of(...bytes, 0))).toThrow(WireError);
    }
  });

  it('answer hostile bytes with a WireError and nothing else', () => {
    const samples = sampleMessages().map((message) => encodeMessage(message));
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .record({ sample: fc.constantFrom(...samples), at: fc.nat(), value: fc.nat(255) })
        .map(({ sample, at, value }) => {
          const bytes = sample.slice();
          bytes[at % bytes.length] = value;
          return bytes;
        }),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          decodeMessage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('frames', () => {
  const payloads = [new Uint8Array(0), Uint8Array.of(1, 2, 3), new Uint8Array(10_000).fill(7)];
  const stream = Buffer.concat(payloads.map((payload) => encodeFrame(payload)));

  const decode = (bytes: Uint8Array, pieceBytes: number): Uint8Array[] => {
    const decoder = new FrameDecoder();
    const found: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
      decoder.push(piece, piece.length, (payload) => found.push(payload));
      piece.fill(0xee);
    }
    return found;
  };

  it('are cut from a stream in whatever pieces it comes', () => {
    for (const pieceBytes of [1, 2, 7, 1000, stream.length])
      expect(decode(stream, pieceBytes)).toEqual(payloads);
  });

  it('with any one bit flipped hand over nothing that was not sent', () => {
    const frame = encodeFrame(Uint8Array.of(9, 8, 7, 6));
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const damaged = frame.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      let found: Uint8Array[] = [];
      try {
        found = decode(damaged, damaged.length);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
      expect(found).toEqual([]);
    }
  });

  it('refuse a length beyond the limit before a byte of it has come', () => {
    const header = encodeFrame(new Uint8Array(0));
    new DataView(header.buffer).setUint32(0, FRAME_BYTES_MAX + 1, true);
    expect(() => decode(header, header.length)).toThrow('too long');
  });
});
