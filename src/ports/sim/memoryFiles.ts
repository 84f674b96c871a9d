import type { Files } from '../files.ts';

/** Files that exist only in memory. */
export class MemoryFiles implements Files {
  readonly texts = new Map<string, string>();

  readText(path: string): string {
    const text = this.texts.get(path);
    if (text === undefined)
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
    return text;
  }

  replaceText(path: string, text: string): void {
    this.texts.set(path, text);
  }

  resolve(path: string): string {
    return path.startsWith('/') ? path : `/simulated/${path}`;
  }
}
