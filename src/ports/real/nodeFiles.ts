import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  truncateSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Appender, Files, InputFile, OutputFile, OutputMode } from '../files.ts';

const OPEN_MODES = { truncate: 'w', append: 'a' } as const;
const PERMISSIONS = 0o644;

export class NodeFiles implements Files {
  readText(path: string): string {
    return readFileSync(path, 'latin1');
  }

  replaceText(path: string, text: string): void {
    const temporary = `${path}.${process.pid}.tmp`;
    const file = openSync(temporary, 'w', PERMISSIONS);
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

  exists(path: string): boolean {
    return existsSync(path);
  }

  list(folder: string): string[] {
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  makeFolder(path: string): void {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  }

  openInput(path: string): InputFile {
    return new NodeInput(openSync(path, 'r'));
  }

  openOutput(path: string, mode: OutputMode): OutputFile {
    return new NodeOutput(openSync(path, OPEN_MODES[mode], PERMISSIONS));
  }

  async openAppender(path: string, mode: OutputMode): Promise<Appender> {
    return new NodeAppender(await open(path, OPEN_MODES[mode], PERMISSIONS));
  }

  rename(from: string, to: string): void {
    renameSync(from, to);
  }

  remove(path: string): void {
    unlinkSync(path);
  }

  truncate(path: string, bytes: number): void {
    truncateSync(path, bytes);
  }

  syncFolder(folder: string): void {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  renameLater(from: string, to: string): Promise<void> {
    return rename(from, to);
  }

  removeLater(path: string): Promise<void> {
    return unlink(path);
  }

  async syncFolderLater(folder: string): Promise<void> {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

class NodeInput implements InputFile {
  readonly #descriptor: number;
  readonly sizeBytes: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.sizeBytes = fstatSync(descriptor).size;
  }

  read(target: Uint8Array, position: number): number {
    let at = 0;
    while (at < target.length) {
      const count = readSync(this.#descriptor, target, at, target.length - at, position + at);
      if (count === 0) break;
      at += count;
    }
    return at;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

class NodeOutput implements OutputFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
  }

  async writeLater(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += await writeSome(this.#descriptor, bytes, at);
  }

  syncLater(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#descriptor, (problem) => (problem === null ? resolve() : reject(problem)));
    });
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

const writeSome = (descriptor: number, bytes: Uint8Array, from: number): Promise<number> =>
  new Promise((resolve, reject) => {
    write(descriptor, bytes, from, (problem, count) => (problem === null ? resolve(count) : reject(problem)));
  });

class NodeAppender implements Appender {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
