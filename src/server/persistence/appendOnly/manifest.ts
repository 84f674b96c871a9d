/**
 * The list of files that an append-only file consists of, one a line: `file <name> seq <number> type b|i|h`: at most one base, increments
 * in their order, and history that nobody needs any more. Names with odd characters stand in quotes, as in redis.conf.
 */
import { quoted, splitWords } from '../../configuration/fileSyntax.ts';

export interface ManifestFile {
  readonly name: string;
  readonly sequence: number;
}

export interface Manifest {
  readonly base: ManifestFile | undefined;
  readonly increments: readonly ManifestFile[];
  readonly history: readonly ManifestFile[];
}

export const EMPTY_MANIFEST: Manifest = { base: undefined, increments: [], history: [] };

/** The text is no manifest. */
export class ManifestError extends Error {
  readonly code = 'MANIFEST';
}

const isPlain = (name: string): boolean => /^[\x21\x23-\x26\x28-\x5b\x5d-\x7e]+$/.test(name);
const lineOf = ({ name, sequence }: ManifestFile, type: string): string =>
  `file ${isPlain(name) ? name : quoted(name)} seq ${sequence} type ${type}\n`;

export const formatManifest = ({ base, history, increments }: Manifest): string =>
  [
    ...(base === undefined ? [] : [lineOf(base, 'b')]),
    ...history.map((file) => lineOf(file, 'h')),
    ...increments.map((file) => lineOf(file, 'i')),
  ].join('');

/** @throws ManifestError, whose text names the line. */
export function parseManifest(text: string): Manifest {
  let base: ManifestFile | undefined;
  const increments: ManifestFile[] = [];
  const history: ManifestFile[] = [];
  if (text === '') throw new ManifestError('the manifest is empty');
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const fail = (reason: string): never => {
      throw new ManifestError(`line ${i + 1} of the manifest: ${reason}`);
    };
    const words = splitWords(line);
    if (words === undefined || words.length < 6 || words.length % 2 !== 0)
      return fail('no list of names and values');
    const values = new Map<string, string>();
    for (let at = 0; at < words.length; at += 2) values.set(words[at]!.toLowerCase(), words[at + 1]!);
    const name = values.get('file') ?? fail('no file');
    if (/[/\\]/.test(name)) fail("a file can't be a path, just a filename");
    const sequence = Number(values.get('seq') ?? Number.NaN);
    if (!Number.isSafeInteger(sequence) || sequence < 1) fail('no sequence number');
    const file = { name, sequence };
    switch (values.get('type')) {
      case 'b':
        if (base !== undefined) fail('a second base');
        base = file;
        break;
      case 'i':
        if (sequence <= (increments.at(-1)?.sequence ?? 0)) fail('increments out of order');
        increments.push(file);
        break;
      case 'h':
        history.push(file);
        break;
      default:
        fail('an unknown type of file');
    }
  }
  return { base, increments, history };
}
