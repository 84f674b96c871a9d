import type { Appender, Files, InputFile, OutputFile, OutputMode } from '../files.ts';

/**
 * Files that exist only in memory. Fails on demand: an operation named in `failing` (`write`, `sync`, `rename`, `open`) fails with its
 * error code.
 */
export class MemoryFiles implements Files {
  readonly contents = new Map<string, Uint8Array>();
  readonly failing = new Map<string, string>();
  /** Calls of sync, for tests of when it happens. */
  syncs = 0;
  /** While set, promises of syncs wait for it. */
  syncGate: Promise<void> | undefined;

  /** Files as text, by path. */
  readonly texts = {
    get: (path: string): string | undefined => {
      const bytes = this.contents.get(path);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    set: (path: string, text: string): void => {
      this.contents.set(path, new TextEncoder().encode(text));
    },
  };

  readText(path: string): string {
    return new TextDecoder().decode(this.bytes(path));
  }

  replaceText(path: string, text: string): void {
    this.texts.set(path, text);
  }

  resolve(path: string): string {
    return path.startsWith('/') ? path : `/simulated/${path}`;
  }

  /** What is in the file. */
  bytes(path: string): Uint8Array {
    const bytes = this.contents.get(path);
    if (bytes === undefined) throw fault('ENOENT', `no such file or directory, open '${path}'`);
    return bytes;
  }

  check(operation: string): void {
    const code = this.failing.get(operation);
    if (code !== undefined) throw fault(code, `simulated, ${operation}`);
  }

  exists(path: string): boolean {
    return this.contents.has(path) || this.list(path).length > 0;
  }

  list(folder: string): string[] {
    const prefix = `${folder}/`;
    return [...this.contents.keys()]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
      .map((path) => path.slice(prefix.length));
  }

  makeFolder(): void {}

  openInput(path: string): InputFile {
    const bytes = this.bytes(path);
    return {
      sizeBytes: bytes.length,
      read(target, position) {
        const part = bytes.subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      close() {},
    };
  }

  openOutput(path: string, mode: OutputMode): OutputFile {
    this.check('open');
    const old = mode === 'append' ? this.contents.get(path) : undefined;
    this.contents.set(path, old ?? new Uint8Array(0));
    const file: OutputFile = {
      write: (bytes) => {
        this.check('write');
        const before = this.bytes(path);
        const after = new Uint8Array(before.length + bytes.length);
        after.set(before);
        after.set(bytes, before.length);
        this.contents.set(path, after);
      },
      sync: () => {
        this.check('sync');
        this.syncs++;
      },
      close() {},
      writeLater: async (bytes) => file.write(bytes),
      syncLater: async () => {
        await this.syncGate;
        file.sync();
      },
    };
    return file;
  }

  async openAppender(path: string, mode: OutputMode): Promise<Appender> {
    const file = this.openOutput(path, mode);
    return {
      write: async (bytes) => file.write(bytes),
      sync: () => file.syncLater(),
      close: async () => file.close(),
    };
  }

  rename(from: string, to: string): void {
    this.check('rename');
    this.contents.set(to, this.bytes(from));
    this.contents.delete(from);
  }

  remove(path: string): void {
    this.bytes(path);
    this.contents.delete(path);
  }

  truncate(path: string, bytes: number): void {
    this.contents.set(path, this.bytes(path).slice(0, bytes));
  }

  syncFolder(): void {}

  async renameLater(from: string, to: string): Promise<void> {
    this.rename(from, to);
  }

  async removeLater(path: string): Promise<void> {
    this.remove(path);
  }

  async syncFolderLater(): Promise<void> {}
}

const fault = (code: string, text: string): Error => Object.assign(new Error(`${code}: ${text}`), { code });
