import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AF_INET, AF_INET6, decodeSocketAddress, encodeSocketAddress } from './socketAddress.ts';

describe('socket addresses', () => {
  it('have the kernel’s layout', () => {
    const v4 = encodeSocketAddress({ address: '192.0.2.33', port: 6379 });
    expect(v4.family).toBe(AF_INET);
    expect([...v4.bytes]).toEqual([2, 0, 0x18, 0xeb, 192, 0, 2, 33, ...new Array<number>(8).fill(0)]);
    const v6 = encodeSocketAddress({ address: '2001:db8::ff', port: 1 });
    expect(v6.family).toBe(AF_INET6);
    expect([...v6.bytes.subarray(0, 12)]).toEqual([10, 0, 0, 1, 0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8]);
    expect([...v6.bytes.subarray(12)]).toEqual([...new Array<number>(11).fill(0), 0xff, 0, 0, 0, 0]);
  });

  it.each(['::1', '::', '1::', '2001:db8::1', '::ffff:127.0.0.1', 'fe80::1:2:3:4'])(
    'come back as Node writes them: %s',
    (address) => {
      expect(decodeSocketAddress(encodeSocketAddress({ address, port: 7 }).bytes)).toEqual({
        address,
        port: 7,
      });
    },
  );

  it('survive the way through bytes', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.nat(65_535), (v4, v6, port) => {
        expect(decodeSocketAddress(encodeSocketAddress({ address: v4, port }).bytes)).toEqual({
          address: v4,
          port,
        });
        const { bytes } = encodeSocketAddress({ address: v6, port });
        const back = decodeSocketAddress(bytes)!;
        expect(isIPv6(back.address)).toBe(true);
        expect(encodeSocketAddress(back).bytes).toEqual(bytes);
      }),
    );
  });

  it('of other families are none of ours', () => {
    expect(decodeSocketAddress(Uint8Array.of(1, 0, 47, 116, 109, 112))).toBeUndefined();
  });
});
