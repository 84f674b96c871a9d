/** The first line of a script that says what it is: `#!lua flags=no-writes,allow-oom`; of a library also `name=`. */
import { toLatin1 } from '../../base/bytes.ts';
import { splitWords } from '../configuration/fileSyntax.ts';

export interface ScriptFlags {
  readonly noWrites: boolean;
  readonly allowsOutOfMemory: boolean;
}

export interface Shebang {
  /** Undefined where there is no such line: then the commands that the script runs decide. */
  readonly flags: ScriptFlags | undefined;
  /** Bytes of the line without its end. */
  readonly length: number;
}

/** The names of flags in the order of Redis's own bits: FUNCTION LIST tells them so. */
export const FLAG_NAMES = [
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
] as const;

const NEWLINE = 10;

/** Of an EVAL script; or the error, without its code. */
export function readShebang(body: Uint8Array): Shebang | string {
  if (body[0] !== 35 || body[1] !== 33) return { flags: undefined, length: 0 };
  const length = body.indexOf(NEWLINE);
  if (length < 0) return 'Invalid script shebang';
  const words = splitWords(toLatin1(body, 0, length));
  if (words === undefined || words.length === 0) return 'Invalid engine in script shebang';
  if (words[0] !== '#!lua') return `Unexpected engine in script shebang: ${words[0]}`;
  const names: string[] = [];
  for (const word of words.slice(1)) {
    if (!word.startsWith('flags=')) return `Unknown lua shebang option: ${word}`;
    if (word === 'flags=') continue;
    for (const name of word.slice(6).split(',')) {
      if (!(FLAG_NAMES as readonly string[]).includes(name))
        return `Unexpected flag in script shebang: ${name}`;
      names.push(name);
    }
  }
  return { flags: flagsOf(names), length };
}

export const flagsOf = (names: readonly string[]): ScriptFlags => ({
  noWrites: names.includes('no-writes'),
  allowsOutOfMemory: names.includes('allow-oom'),
});
