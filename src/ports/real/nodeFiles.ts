import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Files } from '../files.ts';

export class NodeFiles implements Files {
  readText(path: string): string {
    return readFileSync(path, 'latin1');
  }

  replaceText(path: string, text: string): void {
    const temporary = `${path}.${process.pid}.tmp`;
    const file = openSync(temporary, 'w', 0o644);
    try {
      writeSync(file, text, null, 'latin1');
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  }

  resolve(path: string): string {
    return resolve(path);
  }
}
