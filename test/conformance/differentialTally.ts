/** How often the comparison with Redis asked each command, as published by its last run: a part of COMPATIBILITY.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allCommands } from '../../src/server/commands/allCommands.ts';
import { CommandTable } from '../../src/server/commands/commandTable.ts';
import { ROOT } from '../tidy/sources.ts';

export interface DifferentialTally {
  /** Version of the reference. */
  readonly reference: string;
  /** Compared in all. */
  readonly commands: number;
  /** What repeats it. */
  readonly command: string;
  /** By name, or `container subcommand`. */
  readonly asked: Readonly<Record<string, number>>;
}

const PATH = join(ROOT, 'test/conformance/differentialTally.json');

/** Keeps what is a command; the words that damage made are not. */
export function publishTally(tally: DifferentialTally): void {
  const names = new Set(
    new CommandTable(allCommands).entries.map(({ fullName }) => fullName.replace('|', ' ')),
  );
  const asked = Object.fromEntries(
    Object.entries(tally.asked)
      .filter(([name]) => names.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  writeFileSync(PATH, `${JSON.stringify({ ...tally, asked }, undefined, 1)}\n`);
}

export const readTally = (): DifferentialTally => JSON.parse(readFileSync(PATH, 'utf8')) as DifferentialTally;
