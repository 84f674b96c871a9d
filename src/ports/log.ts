export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

/** Where the server's own words go. One line a call, no trailing newline. */
export interface Log {
  write(level: LogLevel, line: string): void;
}
