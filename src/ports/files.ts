/** The few file operations the core needs outside persistence: the files of configuration and users. Paths as the user gave them; texts are latin1, one character a byte. */
export interface Files {
  readText(path: string): string;
  /** Replaces the file so that a crash leaves either the old or the new text. */
  replaceText(path: string, text: string): void;
  resolve(path: string): string;
}
