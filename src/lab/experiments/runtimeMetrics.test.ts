import { describe, expect, it } from 'vitest';
import { runtimeMetrics } from './runtimeMetrics.ts';

const info = (fields: Record<string, string | number>) =>
  new Map(Object.entries(fields).map(([name, value]) => [name, String(value)]));

describe('what a server tells of its runtime', () => {
  it('is divided by the commands between two readings', () => {
    const before = info({ evenkeel_allocated_bytes: 1000, total_commands_processed: 10 });
    const after = info({ evenkeel_allocated_bytes: 3000, total_commands_processed: 110 });
    expect(runtimeMetrics(before, after)).toEqual({ 'allocated-bytes-per-request': 20 });
  });

  it('counts what was told to all peers together', () => {
    const peer = (sent: number) => `address=h:1,state=online,bytes_sent=${sent},bytes_received=7`;
    const before = info({ total_commands_processed: 0, peers: 2, peer0: peer(100), peer1: peer(0) });
    const after = info({ total_commands_processed: 100, peers: 2, peer0: peer(600), peer1: peer(500) });
    expect(runtimeMetrics(before, after)).toEqual({ 'gossip-bytes-per-request': 10 });
  });

  it('is nothing where a field is missing or runs backwards', () => {
    const restarted = info({ evenkeel_allocated_bytes: 1, total_commands_processed: 5, server_time_usec: 9 });
    expect(runtimeMetrics(info({ evenkeel_allocated_bytes: 5 }), restarted)).toEqual({});
    expect(runtimeMetrics(info({}), info({}))).toEqual({});
  });
});
