/** What may stand in a name that CLIENT LIST prints between spaces: printable ASCII, or nothing at all. */
import { type Arguments, TEXT_BYTES_MAX } from '../../arguments.ts';

export const NAME_REFUSED = 'ERR Client names cannot contain spaces, newlines or special characters.';

/** The name at argument `index`, undefined if it may not be one. Redis sets no limit to its length; here it is 64 KB. */
export function nameAt(args: Arguments, index: number): string | undefined {
  if (args.length(index) > TEXT_BYTES_MAX) return undefined;
  const name = args.text(index);
  return /^[!-~]*$/.test(name) ? name : undefined;
}
