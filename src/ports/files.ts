/** The few file operations the core needs outside persistence: the configuration file. Paths as the user gave them. */
export interface Files {
  readText(path: string): string;
  /** Replaces the file so that a crash leaves either the old or the new text. */
  replaceText(path: string, text: string): void;
  resolve(path: string): string;
}
