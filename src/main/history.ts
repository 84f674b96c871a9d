/** `evenkeel history`: how published ratios went over time, and where they changed. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import {
  entriesOf,
  HistoryError,
  merged,
  parseHistory,
  renderHistory,
  seriesOf,
} from '../lab/history/history.ts';
import { seriesText } from '../lab/history/historyText.ts';
import { projectDirectory } from './labSession.ts';
import { publishedOccasions } from './publishedResults.ts';

const fileName = 'HISTORY.jsonl';

interface HistoryOptions {
  experiments: string;
  metric?: string;
}

export function historyCommand(): Command {
  return new Command('history')
    .description('show how published results went over time, with points of change')
    .argument('[experiment...]', 'only these experiments')
    .option('--metric <id>', 'only this metric')
    .option('--experiments <dir>', 'directory of the experiments', path.join(projectDirectory, 'experiments'))
    .action((only: string[], options: HistoryOptions) => {
      process.exitCode = show(only, options);
    });
}

function show(only: readonly string[], { experiments, metric }: HistoryOptions): number {
  const file = path.join(path.resolve(experiments), fileName);
  if (!existsSync(file)) {
    process.stderr.write(`evenkeel: no history yet: ${file} is written when results are published\n`);
    return 1;
  }
  try {
    const entries = parseHistory(readFileSync(file, 'utf8')).filter(
      (entry) =>
        (only.length === 0 || only.includes(entry.experiment)) &&
        (metric === undefined || entry.metric === metric),
    );
    if (entries.length === 0) process.stderr.write('evenkeel: nothing in the history fits\n');
    process.stdout.write(
      seriesOf(entries)
        .map((series) => `${seriesText(series)}\n`)
        .join('\n'),
    );
    return entries.length === 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    process.stderr.write(`evenkeel: ${error.message}\n`);
    return 1;
  }
}

/** Takes in every published occasion that is not in it yet. Returns the path written. */
export function updateHistory(experimentsDirectory: string): string {
  const file = path.join(experimentsDirectory, fileName);
  const known = existsSync(file) ? parseHistory(readFileSync(file, 'utf8')) : [];
  const published = readdirSync(experimentsDirectory).flatMap((id) =>
    publishedOccasions(experimentsDirectory, id).flatMap(({ session, experiment }) =>
      entriesOf(session, experiment),
    ),
  );
  writeFileSync(file, renderHistory(merged(known, published)));
  return file;
}
