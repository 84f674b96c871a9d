/** How large a node of a list may grow, as `list-max-listpack-size` has it. */

/** Bytes for -1 to -5. */
const NODE_BYTES = [4096, 8192, 16384, 32768, 65536] as const;
/** Where the limit counts entries, bytes have this one. */
const SAFE_BYTES = 8192;
/** What an entry may take beyond its characters. */
const ENTRY_OVERHEAD_BYTES = 8;

const bytesOf = (fill: number): number => NODE_BYTES[Math.min(-fill, NODE_BYTES.length) - 1]!;

/** Whether a node with so many bytes (in Redis's form) and entries is beyond the limit. */
export const exceedsNode = (fill: number, bytes: number, entries: number): boolean =>
  fill < 0 ? bytes > bytesOf(fill) : bytes > SAFE_BYTES || entries > Math.max(fill, 1);

/** Whether a list may become packed again: half of the limits, so that it does not go to and fro. */
export const fitsHalfNode = (fill: number, bytes: number, entries: number): boolean =>
  fill < 0 ? bytes <= bytesOf(fill) / 2 : entries <= Math.floor(Math.max(fill, 1) / 2);

/** As fitsHalfNode, by the whole limits. */
export const fitsNode = (fill: number, bytes: number, entries: number): boolean =>
  fill < 0 ? bytes <= bytesOf(fill) : entries <= Math.max(fill, 1);

/** Whether an element is so large that it has a node to itself. */
export const needsOwnNode = (fill: number, length: number): boolean =>
  length > (fill < 0 ? bytesOf(fill) : SAFE_BYTES);

/** Whether a node with so many bytes and entries takes one more, of `length` characters. */
export const takesOneMore = (fill: number, bytes: number, entries: number, length: number): boolean =>
  !needsOwnNode(fill, length) && !exceedsNode(fill, bytes + length + ENTRY_OVERHEAD_BYTES, entries + 1);
