import { describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { clientLimitBytes } from './clientMemory.ts';
import { parseOutputLimits, SoftLimits } from './outputLimits.ts';

describe('client-output-buffer-limit', () => {
  const limits = parseOutputLimits('normal 0 100 2 slave 1 1 1 pubsub 1000 500 60');
  const normal = { closing: false, subscriptions: undefined } as Client;

  it('reads the classes', () => {
    expect(limits).toEqual({
      normal: { hardBytes: 0, softBytes: 100, softSec: 2 },
      pubsub: { hardBytes: 1000, softBytes: 500, softSec: 60 },
    });
  });

  it('ends a connection that was beyond the soft limit without a break', () => {
    const soft = new SoftLimits();
    const verdicts = [
      [100, 0],
      [100, 2000],
      [99, 2001],
      [100, 2002],
      [1e9, 4002],
      [100, 4003],
    ].map(([bytes, nowMs]) => soft.verdict(normal, bytes!, limits, nowMs!));
    expect(verdicts.slice(0, 5)).toEqual(Array(5).fill(undefined));
    expect(verdicts[5]).toBe('soft output buffer limit of 100 bytes exceeded for 2 seconds');
  });

  it('ends a connection at the hard limit at once', () => {
    const subscriber = { closing: false, subscriptions: {} } as Client;
    expect(new SoftLimits().verdict(subscriber, 999, limits, 0)).toBeUndefined();
    expect(new SoftLimits().verdict(subscriber, 1000, limits, 0)).toBe(
      'output buffer limit of 1000 bytes exceeded',
    );
  });
});

describe('maxmemory-clients', () => {
  it.each([
    [0, 1e9, 0],
    [-50, 0, 0],
    [-50, 10_000_000, 5_000_000],
    [1, 0, 131_072],
    [-1, 1000, 131_072],
    [500_000, 0, 500_000],
  ])('%d of %d bytes is a limit of %d', (setting, maxmemoryBytes, expected) => {
    expect(clientLimitBytes(setting, maxmemoryBytes)).toBe(expected);
  });
});
