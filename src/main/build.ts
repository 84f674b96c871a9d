/** What this build is: version and commit. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export function evenkeelVersion(): string {
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

/** The commit's abbreviated id read from `.git` without starting a process, `unknown` outside a checkout. */
export function gitSha(): string {
  try {
    const head = readFileSync(join(ROOT, '.git/HEAD'), 'utf8').trim();
    if (!head.startsWith('ref: ')) return head.slice(0, 9);
    return readRef(head.slice(5)).slice(0, 9);
  } catch {
    return 'unknown';
  }
}

function readRef(name: string): string {
  try {
    return readFileSync(join(ROOT, '.git', name), 'utf8').trim();
  } catch {
    const packed = readFileSync(join(ROOT, '.git/packed-refs'), 'utf8');
    const line = packed.split('\n').find((each) => each.endsWith(` ${name}`));
    return line?.split(' ')[0] ?? 'unknown';
  }
}

/** Whether the working tree differs from the commit; true where git cannot tell. */
export function gitDirty(): boolean {
  try {
    return (
      execFileSync('git', ['status', '--porcelain'], {
        cwd: ROOT,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() !== ''
    );
  } catch {
    return true;
  }
}
