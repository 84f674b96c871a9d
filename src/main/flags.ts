/** `evenkeel flags [--json]`: every optimisation with its place in the plan, its claim and its state. */
import { Command } from 'commander';
import { DEFAULT_FLAGS, FLAGS } from '../flags/registry.ts';

export function flagsCommand(): Command {
  return new Command('flags')
    .description('list the optimisation flags')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }) => {
      process.stdout.write(json ? `${JSON.stringify(FLAGS, undefined, 2)}\n` : renderTable());
    });
}

function renderTable(): string {
  const rows = [
    ['flag', 'plan', 'state', "the plan's claim", 'candidate'],
    ...FLAGS.map((flag) => [
      flag.name,
      flag.plan,
      DEFAULT_FLAGS.includes(flag.name) ? `${flag.state}, default` : flag.state,
      flag.claim,
      flag.candidate,
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
