/** Bytes in and bytes out: decoding of requests by size, encoding of replies in both kinds of buffers. */
import { fromLatin1 } from '../../../src/base/bytes.ts';
import { SizedFromCount } from '../../../src/server/capacity/sizedFromCount.ts';
import { Arguments } from '../../../src/server/commands/arguments.ts';
import { encodeRequest } from '../../../src/server/commands/commandHarness.ts';
import { DecodeState } from '../../../src/server/protocol/decodeState.ts';
import { FreshReplyBuffers } from '../../../src/server/protocol/freshReplyBuffers.ts';
import { RequestDecoder } from '../../../src/server/protocol/requestDecoder.ts';
import type { RespEncoder } from '../../../src/server/protocol/respEncoder.ts';
import { ReusedReplyBuffer } from '../../../src/server/protocol/reusedReplyBuffer.ts';
import { ServerStats } from '../../../src/server/serverStats.ts';
import type { Benchmark } from '../benchmark.ts';
import { keyName } from '../keyNames.ts';

const PIPELINE = 64;

const decoding = (name: string, request: readonly string[]): Benchmark => ({
  name: `RESP decoding, ${name}`,
  prepare() {
    const buffer = Buffer.concat(Array.from({ length: PIPELINE }, () => encodeRequest(request)));
    const decoder = new RequestDecoder(new SizedFromCount());
    const state = new DecodeState();
    const args = new Arguments();
    const run = (): number => {
      let at = 0;
      let sum = 0;
      while (at < buffer.length) {
        at = decoder.decode(state, buffer, at, buffer.length, args, true);
        sum += args.count + args.ends[args.count - 1]!;
      }
      return sum;
    };
    return { operations: PIPELINE, run };
  },
});

type CreateEncoder = (stats: ServerStats) => RespEncoder;

const encoding = (name: string, create: CreateEncoder, valueBytes: number): Benchmark => ({
  name: `reply encoding, ${name}, ${valueBytes} B`,
  prepare() {
    const encoder = create(new ServerStats(1));
    const value = fromLatin1('x'.repeat(valueBytes));
    const run = (): number => {
      for (let i = 0; i < PIPELINE; i++) {
        encoder.beginReply();
        encoder.bulk(value);
        encoder.endReply(true);
      }
      const bytes = encoder.unsentBytes();
      encoder.take();
      encoder.taken(true);
      return bytes;
    };
    return { operations: PIPELINE, run };
  },
});

export const protocol: readonly Benchmark[] = [
  decoding('PING', ['PING']),
  ...[8, 64, 1024].map((bytes) => decoding(`SET of ${bytes} B`, ['SET', keyName(1), 'x'.repeat(bytes)])),
  decoding('MSET of 50 pairs', [
    'MSET',
    ...Array.from({ length: 50 }, (_, i) => [keyName(i), 'value']).flat(),
  ]),
  ...[8, 64, 1024].flatMap((bytes) => [
    encoding('reused buffer', (stats) => new ReusedReplyBuffer(stats), bytes),
    encoding('fresh buffers', (stats) => new FreshReplyBuffers(stats), bytes),
  ]),
];
