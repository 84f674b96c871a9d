/** How a peer's address is written where clients are listed, and whether it is this machine. */

/** `address:port`, IPv6 in brackets, IPv4 inside IPv6 as IPv4. */
export function formatAddress(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return '?:0';
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

export const isLoopback = (address: string): boolean =>
  address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.');
