/** Bit positions as arguments: bit 0 is the highest of the first byte. */
import { parseInt64 } from '../../../base/integer.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

const HASH = 35;

/**
 * A bit's offset at argument `index`; undefined once the error has been sent.
 * @param fieldBits `#n` stands for the n-th field of so many bits, if this is not 0
 */
export function readBitOffset(
  { reply, server }: CommandContext,
  args: Arguments,
  index: number,
  fieldBits = 0,
): number | undefined {
  const start = args.starts[index]!;
  const countsFields = fieldBits > 0 && args.length(index) > 0 && args.buffer[start] === HASH;
  const given = parseInt64(args.buffer, countsFields ? start + 1 : start, args.ends[index]!);
  const offset = given === undefined ? -1 : Number(given) * (countsFields ? fieldBits : 1);
  if (offset >= 0 && Math.floor(offset / 8) < server.configuration.number('proto-max-bulk-len'))
    return offset;
  reply.error('ERR bit offset is not an integer or out of range');
  return undefined;
}
