import { writeSync } from 'node:fs';
import type { Log, LogLevel } from '../log.ts';

const RANK: Record<LogLevel, number> = { debug: 0, verbose: 1, notice: 2, warning: 3 };

/** Lines on standard error, so that standard output carries only what a script waits for. */
export class ConsoleLog implements Log {
  readonly #minimum: number;

  constructor(minimum: LogLevel) {
    this.#minimum = RANK[minimum];
  }

  write(level: LogLevel, line: string): void {
    if (RANK[level] < this.#minimum) return;
    writeSync(2, `${new Date().toISOString()} ${level}: ${line}\n`);
  }
}
