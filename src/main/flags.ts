/** `evenkeel flags [--json]`: every optimisation with its place in the plan, its claim, its state and what was found about it. */
import { Command } from 'commander';
import { DEFAULT_FLAGS, FLAGS, type Flag } from '../flags/registry.ts';
import type { ScorecardRow } from '../lab/scorecard/scorecard.ts';
import { experimentsDirectory } from './experimentChoice.ts';
import { publishedScorecard } from './scorecard.ts';

export function flagsCommand(): Command {
  return new Command('flags')
    .description('list the optimisation flags')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }) => {
      const { rows } = publishedScorecard(experimentsDirectory);
      process.stdout.write(
        json ? `${JSON.stringify(FLAGS.map(recordOf(rows)), undefined, 2)}\n` : renderTable(rows),
      );
    });
}

/** `verdict` is null while nothing was published; otherwise what the scorecard says, with the newest occasion's figures. */
function recordOf(rows: readonly ScorecardRow[]) {
  return (flag: Flag) => {
    const row = rows.find((each) => each.flag.name === flag.name);
    const comparison = row?.comparison;
    return {
      ...flag,
      default: DEFAULT_FLAGS.includes(flag.name),
      verdict:
        row === undefined || row.occasions.length === 0
          ? null
          : {
              ...row.verdict,
              occasions: row.occasions.length,
              ...(comparison === undefined
                ? {}
                : {
                    metric: comparison.metric,
                    scenario: comparison.scenarioId,
                    ratio: comparison.ratio,
                    pairs: comparison.pairs,
                    minimumDetectableEffect: comparison.minimumDetectableEffect,
                  }),
            },
    };
  };
}

function renderTable(scorecard: readonly ScorecardRow[]): string {
  const rows = [
    ['flag', 'plan', 'state', 'verdict', "the plan's claim", 'candidate'],
    ...FLAGS.map((flag) => [
      flag.name,
      flag.plan,
      DEFAULT_FLAGS.includes(flag.name) ? `${flag.state}, default` : flag.state,
      scorecard.find((row) => row.flag.name === flag.name)?.verdict.kind ?? 'undecided',
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
