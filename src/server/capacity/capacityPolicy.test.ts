/** What each policy makes of containers that are about to be filled: how often they grow, and what a hostile promise costs. */
import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../base/bytes.ts';
import { Arguments } from '../commands/arguments.ts';
import { CommandHarness, encodeRequest } from '../commands/commandHarness.ts';
import { ValueType } from '../keyspace/keyspace.ts';
import type { HashValue } from '../keyspace/value/hashValue.ts';
import type { PackedFields } from '../keyspace/value/packedFields.ts';
import { DecodeState } from '../protocol/decodeState.ts';
import { FreshReplyBuffers } from '../protocol/freshReplyBuffers.ts';
import { NEED_MORE, RequestDecoder } from '../protocol/requestDecoder.ts';
import { ServerStats } from '../serverStats.ts';
import type { CapacityPolicy } from './capacityPolicy.ts';
import { GrowAsFilled } from './growAsFilled.ts';
import { SizedFromCount } from './sizedFromCount.ts';

class CountingArguments extends Arguments {
  growths = 0;

  override makeRoom(slots: number): void {
    this.growths++;
    super.makeRoom(slots);
  }
}

class CountingReplies extends FreshReplyBuffers {
  static grown: number[] = [];

  protected override grow(bytes: number): void {
    super.grow(bytes);
    CountingReplies.grown.push(this.buffer.length);
  }
}

const policies: [string, () => CapacityPolicy, { argumentGrowths: number; replyGrowths: number }][] = [
  ['grow as filled', () => new GrowAsFilled(), { argumentGrowths: 4, replyGrowths: 8 }],
  ['sized from count', () => new SizedFromCount(), { argumentGrowths: 1, replyGrowths: 2 }],
];

describe.each(policies)('containers that %s', (_name, create, expected) => {
  const harness = (): CommandHarness =>
    new CommandHarness({
      fastPath: false,
      variants: { capacity: create(), createEncoder: (stats) => new CountingReplies(stats) },
    });

  it('take a request of 10,001 arguments', () => {
    const request = encodeRequest(['MGET', ...Array.from({ length: 10_000 }, (_, i) => `key:${i}`)]);
    const args = new CountingArguments();
    const decoder = new RequestDecoder(create());
    expect(decoder.decode(new DecodeState(), request, 0, request.length, args, true)).toBe(request.length);
    expect(args.count).toBe(10_001);
    expect(args.growths).toBe(expected.argumentGrowths);
    expect([0, 1, 10_000].map((index) => args.text(index))).toEqual(['MGET', 'key:0', 'key:9999']);
  });

  it('take the same request in pieces with as few copies', () => {
    const request = encodeRequest(['MGET', ...Array.from({ length: 10_000 }, (_, i) => `key:${i}`)]);
    const args = new CountingArguments();
    const decoder = new RequestDecoder(create());
    const state = new DecodeState();
    let next = NEED_MORE;
    for (let end = 1; next === NEED_MORE && end <= request.length; end += 1000)
      next = decoder.decode(state, request, 0, Math.min(end, request.length), args, true);
    if (next === NEED_MORE) next = decoder.decode(state, request, 0, request.length, args, true);
    expect(next).toBe(request.length);
    expect(args.count).toBe(10_001);
    expect(args.growths).toBeLessThanOrEqual(4);
    expect([0, 1, 10_000].map((index) => args.text(index))).toEqual(['MGET', 'key:0', 'key:9999']);
  });

  it('make no room for arguments that are promised and not there', () => {
    const bytes = fromLatin1(`*2147483647\r\n${'$1\r\na\r\n'.repeat(2000)}`);
    const args = new Arguments();
    expect(new RequestDecoder(create()).decode(new DecodeState(), bytes, 0, bytes.length, args, true)).toBe(
      NEED_MORE,
    );
    expect(args.count).toBe(2000);
    expect(args.starts.length).toBeLessThanOrEqual(4096);
  });

  it('encode MGET of 200 values of 64 bytes', () => {
    const h = harness();
    const keys = Array.from({ length: 200 }, (_, i) => `key:${i}`);
    for (const key of keys) h.run('SET', key, 'x'.repeat(64));
    CountingReplies.grown = [];
    expect(h.run('MGET', ...keys)).toEqual(keys.map(() => 'x'.repeat(64)));
    expect(CountingReplies.grown.length).toBe(expected.replyGrowths);
  });

  it('encode HGETALL of a packed hash and of a large one', () => {
    const h = harness();
    for (const fields of [100, 2000]) {
      const pairs = Array.from({ length: fields }, (_, i) => [`field:${i}`, `value:${i}`]).flat();
      h.run('HSET', 'h', ...pairs);
      CountingReplies.grown = [];
      expect((h.run('HGETALL', 'h') as string[]).sort()).toEqual([...pairs].sort());
      // Names differ in length by a few digits: what the first pair of the large hash does not tell may take one more step.
      if (expected.replyGrowths === 2) expect(CountingReplies.grown.length).toBeLessThanOrEqual(2);
      else expect(CountingReplies.grown.length).toBeGreaterThan(4);
    }
  });

  it('hold little more than what was said for a client that waits', () => {
    const encoder = new FreshReplyBuffers(new ServerStats(1));
    encoder.beginReply();
    encoder.makeRoom(create().roomFor(100_000_000));
    encoder.bulkText('short');
    encoder.endReply(true);
    const reply = encoder.take()!;
    expect(reply.length).toBe(11);
    expect(Buffer.from(reply).toString()).toBe('$5\r\nshort\r\n');
    // Node's pool of small buffers is the most that can stand behind it.
    expect(reply.buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize);
  });
});

describe('a hash made by one HSET', () => {
  const packedSlack = (capacity: CapacityPolicy): number => {
    const h = new CommandHarness({ variants: { capacity } });
    h.run('HSET', 'h', ...Array.from({ length: 200 }, (_, i) => String(1000 + i)));
    const { keyspace } = h.server.databases[0]!;
    const ref = keyspace.find(fromLatin1('h'), 0, 1);
    expect(keyspace.type(ref)).toBe(ValueType.hash);
    const packed = (keyspace.collection(ref) as HashValue).small as PackedFields;
    expect(packed.count).toBe(100);
    return packed.bytes.length - packed.used;
  };

  it('has no slack if it was sized, and the slack of growth if not', () => {
    expect(packedSlack(new SizedFromCount())).toBe(0);
    expect(packedSlack(new GrowAsFilled())).toBeGreaterThan(0);
  });

  it('has none either when it comes from RESTORE', () => {
    for (const expiring of [false, true]) {
      const h = new CommandHarness({ variants: { capacity: new SizedFromCount() } });
      h.run('HSET', 'h', ...Array.from({ length: 40 }, (_, i) => `text:${i}`));
      if (expiring) h.run('HPEXPIRE', 'h', 60_000, 'FIELDS', 1, 'text:0');
      const payload = h.run('DUMP', 'h') as string;
      expect(h.run('RESTORE', 'copy', 0, payload)).toBe('OK');
      const { keyspace } = h.server.databases[0]!;
      const copy = keyspace.collection(keyspace.find(fromLatin1('copy'), 0, 4)) as HashValue;
      const packed = copy.small as PackedFields;
      expect(packed.count).toBe(20);
      expect(packed.bytes.length).toBe(packed.used);
    }
  });
});
