/** Libraries of functions, and what the first line of their code says. */
import { toLatin1 } from '../../../base/bytes.ts';
import { splitWords } from '../../configuration/fileSyntax.ts';
import type { ScriptFlags } from '../shebang.ts';

export interface LibraryFunction {
  readonly name: string;
  readonly description: string | undefined;
  /** In the order that FUNCTION LIST tells them. */
  readonly flagNames: readonly string[];
  readonly flags: ScriptFlags;
  /** Reference to the function in the machine. */
  readonly reference: number;
}

export interface Library {
  readonly name: string;
  readonly code: Uint8Array;
  readonly functions: Map<string, LibraryFunction>;
}

export const WRONG_NAME =
  'Library names can only contain letters, numbers, or underscores(_) and must be at least one character long';
export const isName = (name: string): boolean => /^[A-Za-z0-9_]+$/.test(name);

const NEWLINE = 10;
const INVALID = 'Invalid library metadata';

export interface LibraryHead {
  readonly name: string;
  /** Bytes of the first line without its end. */
  readonly length: number;
}

/** Reads `#!lua name=...`; or the error, without its code. */
export function readHead(code: Uint8Array): LibraryHead | string {
  if (code[0] !== 35 || code[1] !== 33) return 'Missing library metadata';
  const length = code.indexOf(NEWLINE);
  if (length < 0) return INVALID;
  const words = splitWords(toLatin1(code, 0, length));
  if (words === undefined || words.length === 0) return INVALID;
  let name: string | undefined;
  for (const word of words.slice(1)) {
    if (!/^name=/i.test(word)) return `Invalid metadata value given: ${word}`;
    if (name !== undefined) return 'Invalid metadata value, name argument was given multiple times';
    name = word.slice(5);
  }
  if (name === undefined) return 'Library name was not given';
  if (!isName(name)) return WRONG_NAME;
  const engine = words[0]!.slice(2);
  if (engine.toLowerCase() !== 'lua') return `Engine '${engine}' not found`;
  return { name, length };
}
