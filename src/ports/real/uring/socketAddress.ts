/**
 * The kernel's socket addresses. The family is in the machine's byte order (little-endian here), port and address are big-endian.
 *
 *   sockaddr_in,  16 bytes: family (u16) | port (u16) | address (4 bytes) | zero (8 bytes)
 *   sockaddr_in6, 28 bytes: family (u16) | port (u16) | flow (u32) | address (16 bytes) | scope (u32)
 */
import { isIPv4, SocketAddress } from 'node:net';

export const AF_INET = 2;
export const AF_INET6 = 10;
const IPV4_BYTES = 16;
const IPV6_BYTES = 28;

export interface Endpoint {
  address: string;
  port: number;
}

/** `address` is numeric, IPv4 or IPv6 without a scope. */
export function encodeSocketAddress({ address, port }: Endpoint): { family: number; bytes: Uint8Array } {
  const family = isIPv4(address) ? AF_INET : AF_INET6;
  const bytes = Buffer.alloc(family === AF_INET ? IPV4_BYTES : IPV6_BYTES);
  bytes.writeUInt16LE(family, 0);
  bytes.writeUInt16BE(port, 2);
  if (family === AF_INET) bytes.set(address.split('.').map(Number), 4);
  else for (const [i, group] of groupsOf(address).entries()) bytes.writeUInt16BE(group, 8 + i * 2);
  return { family, bytes };
}

/** Undefined for families other than IP. */
export function decodeSocketAddress(bytes: Uint8Array): Endpoint | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const family = view.getUint16(0, true);
  const port = view.getUint16(2);
  if (family === AF_INET) return { address: bytes.subarray(4, 8).join('.'), port };
  if (family !== AF_INET6) return undefined;
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(8 + i * 2).toString(16));
  return { address: normalised(groups.join(':')), port };
}

/** In the shortest form, IPv4 inside IPv6 with dots: as Node writes addresses. */
const normalised = (address: string): string => new SocketAddress({ address, family: 'ipv6' }).address;

/** The eight 16-bit groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (dotted !== null) {
    const [a, b, c, d] = dotted.slice(2).map(Number) as [number, number, number, number];
    return groupsOf(`${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`);
  }
  const [head, tail] = address.split('::');
  const parse = (text: string | undefined): number[] =>
    text === undefined || text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [parse(head), parse(tail)];
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}
