/**
 * A file written off the loop: chunks queue in memory and go out one after the other, joined where several wait. Under its own name it
 * appears whole or not at all: it is written under a temporary one, made durable, renamed, and the rename made durable.
 */
import type { Appender, Files } from '../../../ports/files.ts';

/** Chunks are joined up to here. */
const WRITE_BYTES_MAX = 1024 * 1024;

export class BackgroundFile {
  readonly #files: Files;
  readonly #temporary: string;
  readonly #queue: Uint8Array[] = [];
  readonly #written: Promise<void>;
  #wake: (() => void) | undefined;
  #isEnded = false;
  #isAbandoned = false;
  /** While the file is given its name: that cannot be called back. */
  #isRenaming = false;
  /** Queued or being written. */
  pendingBytes = 0;

  /** @param temporary path until it is finished, of a folder that is there. @param failed told once if it cannot be written. */
  constructor(files: Files, temporary: string, failed: (problem: Error) => void) {
    this.#files = files;
    this.#temporary = temporary;
    this.#written = this.#run();
    this.#written.catch(failed);
  }

  push(chunk: Uint8Array): void {
    this.#queue.push(chunk);
    this.pendingBytes += chunk.length;
    this.#wake?.();
  }

  /** After the last push: resolves when the file stands under `path` for good; rejects when that failed and nothing is left of it. */
  async finish(folder: string, path: string): Promise<void> {
    this.#isEnded = true;
    this.#wake?.();
    try {
      await this.#written;
      if (this.#isAbandoned) throw new Error('abandoned');
      this.#isRenaming = true;
      await this.#files.renameLater(this.#temporary, path);
      this.#isRenaming = false;
      await this.#files.syncFolderLater(folder);
    } catch (problem) {
      await this.#files.removeLater(this.#temporary).catch(() => {});
      throw problem;
    }
  }

  /** Nobody needs it any more: from now on it takes no other file's place. */
  abandon(): void {
    if (this.#isRenaming) return this.#forestall();
    this.#isAbandoned = true;
    this.#isEnded = true;
    this.#queue.length = 0;
    this.#wake?.();
    const remove = (): Promise<void> => this.#files.removeLater(this.#temporary);
    void this.#written.then(remove, remove).catch(() => {});
  }

  /** Either the rename has happened, or what it would rename is gone. */
  #forestall(): void {
    try {
      this.#files.remove(this.#temporary);
    } catch {
      // It has happened.
    }
  }

  async #run(): Promise<void> {
    const file = await this.#files.openAppender(this.#temporary, 'truncate');
    try {
      await this.#drain(file);
      if (!this.#isAbandoned) await file.sync();
    } finally {
      await file.close();
    }
  }

  async #drain(file: Appender): Promise<void> {
    for (;;) {
      const chunk = this.#take();
      if (chunk !== undefined) {
        await file.write(chunk);
        this.pendingBytes -= chunk.length;
      } else if (this.#isEnded) {
        return;
      } else {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
        this.#wake = undefined;
      }
    }
  }

  #take(): Uint8Array | undefined {
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && bytes < WRITE_BYTES_MAX) bytes += this.#queue[count++]!.length;
    if (count < 2) return this.#queue.shift();
    return Buffer.concat(this.#queue.splice(0, count), bytes);
  }
}
