/** Requests are encoded as declared, repeat for a seed, and can be cut from the ring anywhere. */
import { describe, expect, it } from 'vitest';
import { decodeRequest } from '../load/sentSample.ts';
import { presetNames, presetWorkload } from './presets.ts';
import { RequestEncoder } from './requestEncoder.ts';
import { buildRequestRing, type RequestRing } from './requestRing.ts';
import { commandsOf, declaredShares, parseWorkload, type WorkloadInput } from './workload.ts';

const seed = 77;

function workload(input: Partial<WorkloadInput>) {
  return parseWorkload({
    name: 'test',
    keys: { count: 1000, prefix: 'k:', lengthBytes: 10, distribution: { kind: 'uniform' } },
    value: { kind: 'fixed', bytes: 5 },
    commands: [{ weight: 1, template: ['GET', '{key}'] }],
    ...input,
  });
}

function requests(ring: RequestRing): string[][] {
  return Array.from({ length: ring.commands.length }, (_, i) =>
    decodeRequest(ring.bytes.subarray(ring.offsets[i]!, ring.offsets[i + 1]!)).map(String),
  );
}

describe('RequestEncoder', () => {
  it('fills in every placeholder', () => {
    const ring = buildRequestRing(
      workload({
        ttl: [{ sec: 60, weight: 1 }],
        fields: { count: 2, prefix: 'f' },
        keys: { count: 1000, prefix: 'k:', lengthBytes: 12, distribution: { kind: 'sequential' } },
        commands: [
          {
            weight: 1,
            template: [
              ...['X', '{key}', '{keys:2}', '{newKey}', '{lastKey}', '{lastKeyId}', '{keyId}', '{counter}'],
              ...['{value}', '{pairs:1}', '{ttl}', '{field}', '{fields}', '{int:-3:-3}', 'literal', '{'],
            ],
          },
        ],
      }),
      seed,
      1,
      0,
    );
    const value = expect.stringMatching(/^[!-~]{5}$/);
    expect(requests(ring)[0]).toEqual([
      'X',
      ...['k:0000000000', 'k:0000000001', 'k:0000000002', 'k:0000001000', 'k:0000001000', '1000', '3'],
      ...['#k:0000000004', value, 'k:0000000005', value, '60', expect.stringMatching(/^f[01]$/)],
      ...['f0', value, 'f1', value, '-3', 'literal', '{'],
    ]);
  });

  it.each([0, 1, 9, 10, 99, 100, 65_535, 65_536, 200_000])('frames a value of %i bytes', (bytes) => {
    const ring = buildRequestRing(
      workload({
        value: { kind: 'fixed', bytes },
        commands: [{ weight: 1, template: ['SET', '{key}', '{value}'] }],
      }),
      seed,
      3,
      2,
    );
    for (const request of requests(ring)) expect(request[2]).toHaveLength(bytes);
  });

  it('writes a whole request or nothing', () => {
    const encoder = new RequestEncoder(workload({}), seed);
    const buffer = Buffer.alloc(encoder.requestBytesMax - 1, 1);
    expect(encoder.encodeNext(buffer, 0)).toBe(-1);
    expect(buffer.every((byte) => byte === 1)).toBe(true);
    expect(encoder.encodeNext(Buffer.alloc(encoder.requestBytesMax), 0)).toBeGreaterThan(0);
  });

  it('preloads every id in order, with the second template after each', () => {
    const encoder = new RequestEncoder(
      workload({
        preload: {
          template: ['SET', '{key}', '{value}'],
          alsoTemplate: ['ZADD', 'index', '{lastKeyId}', '{lastKey}'],
        },
      }),
      seed,
    );
    const buffer = Buffer.alloc(1000);
    const text = buffer.toString('latin1', 0, encoder.encodePreload(7, buffer, 0));
    expect(text).toContain('k:00000007');
    expect(text).toMatch(/ZADD\r\n\$5\r\nindex\r\n\$1\r\n7\r\n\$10\r\nk:00000007\r\n$/);
    expect(encoder.preloadRequestsPerKey).toBe(2);
  });

  it('sends a follower for the same key', () => {
    const ring = buildRequestRing(presetWorkload('ycsb-f', { keys: 100 }), seed, 500, 0);
    const sent = requests(ring);
    const updates = [...ring.commands.keys()].filter((i) => ring.commands[i] === 2);
    expect(updates.length).toBeGreaterThan(100);
    for (const i of updates) {
      expect(ring.commands[i - 1]).toBe(1);
      expect(sent[i]![1]).toBe(sent[i - 1]![1]);
    }
  });

  it('refuses placeholders that do not exist', () => {
    const wrong = workload({ commands: [{ weight: 1, template: ['GET', '{kye}'] }] });
    expect(() => new RequestEncoder(wrong, seed)).toThrow('{kye} is no placeholder');
  });
});

describe('request ring', () => {
  it('is the same bytes for the same seed, and others for another', () => {
    const mix = presetWorkload('get-set-zipf', { keys: 1000 });
    const [one, again, other] = [seed, seed, seed + 1].map((s) => buildRequestRing(mix, s, 5000, 64, 5));
    expect(one!.bytes.equals(again!.bytes)).toBe(true);
    expect(one!.bytes.equals(other!.bytes)).toBe(false);
  });

  it('continues past its end with its start, also where the overlap is longer than the ring', () => {
    for (const [length, overlap] of [
      [100, 16],
      [3, 10],
    ] as const) {
      const all = requests(
        buildRequestRing(presetWorkload('get-set', { keys: 1000 }), seed, length, overlap),
      );
      expect(all).toHaveLength(length + overlap);
      for (let i = 0; i < overlap; i++) expect(all[length + i]).toEqual(all[i % length]);
    }
  });

  it('keeps the declared proportions', () => {
    const ring = buildRequestRing(presetWorkload('get-set-90', { keys: 1000 }), seed, 20_000, 0);
    const gets = ring.commands.filter((command) => command === 0).length;
    expect(gets / 20_000, `seed ${seed}`).toBeCloseTo(0.9, 1.8);
  });

  it('becomes shorter, not larger, for large values', () => {
    const ring = buildRequestRing(
      presetWorkload('set', { keys: 100, valueBytes: 4_000_000 }),
      seed,
      1000,
      1,
      2,
    );
    expect(ring.length).toBeLessThan(70);
    expect(ring.length % 2).toBe(0);
    expect(ring.bytes.length).toBeLessThan(280e6);
  });
});

describe('presets', () => {
  it.each([...presetNames])('%s encodes and keeps its declared shares', (name) => {
    const preset = presetWorkload(name, { keys: 1000 });
    const ring = buildRequestRing(preset, seed, 4000, 4, 4);
    for (const [index, share] of declaredShares(preset).entries()) {
      const seen = ring.commands.filter((command) => command === index).length / ring.commands.length;
      expect(Math.abs(seen - share), `seed ${seed}`).toBeLessThan(0.05);
    }
    expect(parseWorkload(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
  });

  it('YCSB E says that it needs sorted sets', () => {
    expect(commandsOf(presetWorkload('ycsb-e'))).toEqual(['HSET', 'ZADD', 'ZRANGEBYSCORE']);
  });
});

describe('declaration', () => {
  it.each([
    [
      { keys: { count: 1000, prefix: 'key:', lengthBytes: 6, distribution: { kind: 'uniform' } } },
      'lengthBytes',
    ],
    [{ commands: [{ weight: 1, template: ['EXPIRE', '{key}', '{ttl}'] }] }, 'declares no ttl'],
    [{ commands: [{ weight: 0, template: ['PING'] }] }, 'no command a weight'],
    [{ commands: [{ weight: 1, template: ['PING'], followedBy: 'x' }] }, 'no command x'],
    [{ value: { kind: 'uniform', minBytes: 5, maxBytes: 4 } }, 'minBytes'],
    [{ unknown: 1 }, 'unknown'],
    [
      {
        commands: [
          { weight: 1, template: ['PING'] },
          { weight: 1, template: ['ping'] },
        ],
      },
      'two commands called ping',
    ],
  ])('refuses %j', (input, reason) => {
    expect(() => workload(input as Partial<WorkloadInput>)).toThrow(reason);
  });
});
