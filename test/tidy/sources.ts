/** The project's sources as the tidy tests see them: text, and imports resolved to paths. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export interface Import {
  /** Path from the root, or the bare specifier (`node:fs`, `commander`). */
  target: string;
  /** `import type`: erased at run time. */
  typeOnly: boolean;
}

export interface Source {
  /** Path from the root, with slashes. */
  path: string;
  text: string;
  /** Text without comments and string contents' surroundings left as they are: for rules about code. */
  code: string;
  imports: Import[];
  /** Tests, and what only tests import. */
  isTest: boolean;
}

const IMPORT =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g;

/** Tracked and new files with this ending, in order. */
export function listFiles(ending: string): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path.endsWith(ending) && existsSync(join(ROOT, path)))
    .sort();
}

export function readSources(folder: string): Source[] {
  return listFiles('.ts')
    .filter((path) => path.startsWith(folder))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return {
        path,
        text,
        code: text.replace(COMMENT, '$1'),
        imports: importsOf(path, text),
        isTest: /\.test\.ts$|Harness\.ts$|Vectors\.ts$|Fixture\.ts$/.test(path),
      };
    });
}

function importsOf(path: string, text: string): Import[] {
  const imports: Import[] = [];
  for (const match of text.matchAll(IMPORT)) {
    const specifier = match[3] ?? match[4]!;
    const target = specifier.startsWith('.')
      ? relative(ROOT, join(ROOT, dirname(path), specifier))
      : specifier;
    imports.push({ target, typeOnly: match[2] !== undefined });
  }
  return imports;
}
