/**
 * Files: the configuration, and what persistence keeps. Paths as the user gave them; texts are latin1, one
 * character a byte. Operations fail with an Error whose `code` is the
 * operating system's (`ENOENT`, `ENOSPC`).
 *
 * Those that return promises work off the loop; the others hold it until they are done, and are for moments when nothing else may happen (start,
 * SAVE, the end).
 */
export interface Files {
  readText(path: string): string;
  /** Replaces the file so that a crash leaves either the old or the new text. */
  replaceText(path: string, text: string): void;
  resolve(path: string): string;
  exists(path: string): boolean;
  /** Names in a folder; none if it is not there. */
  list(folder: string): string[];
  makeFolder(path: string): void;

  openInput(path: string): InputFile;
  /** `truncate` makes it anew, `append` goes on where it ends. */
  openOutput(path: string, mode: OutputMode): OutputFile;
  /** As openOutput, for writing off the loop. */
  openAppender(path: string, mode: OutputMode): Promise<Appender>;

  /** Replaces `to`. */
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Cuts the file to its first `bytes`. */
  truncate(path: string, bytes: number): void;
  /** Makes sure that names made, changed or removed in the folder outlive a crash. */
  syncFolder(folder: string): void;

  renameLater(from: string, to: string): Promise<void>;
  removeLater(path: string): Promise<void>;
  syncFolderLater(folder: string): Promise<void>;
}

export type OutputMode = 'truncate' | 'append';

export interface InputFile {
  readonly sizeBytes: number;
  /** Fills `target` from the byte `position` of the file on; returns how many bytes there were, less only at the end of the file. */
  read(target: Uint8Array, position: number): number;
  close(): void;
}

export interface OutputFile {
  /** Appends all of them. */
  write(bytes: Uint8Array): void;
  /** Returns when what was written outlives a crash of the machine. */
  sync(): void;
  close(): void;
  /** As write and sync, off the loop; writes must not overlap each other. */
  writeLater(bytes: Uint8Array): Promise<void>;
  syncLater(): Promise<void>;
}

/** As OutputFile, off the loop; `write`, `sync` and `close` must not overlap each other, but `sync` may overlap `write`. */
export interface Appender {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
