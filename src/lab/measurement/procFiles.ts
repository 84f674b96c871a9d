/** The two file operations that readers of /proc need, and their real form. Tests give a map of fixtures instead. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcFiles {
  /** Whole text of a file. Throws (ENOENT, ESRCH) if the process or thread is gone. */
  readText(path: string): string;
  /** Names in a directory. Throws likewise. */
  list(path: string): string[];
}

export const realProcFiles: ProcFiles = {
  readText: (path) => readFileSync(path, 'latin1'),
  list: (path) => readdirSync(path),
};
