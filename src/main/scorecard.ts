/** `evenkeel scorecard`: draws the scorecard, and each experiment's README, from what the experiments published. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { DEFAULT_FLAGS, FLAGS } from '../flags/registry.ts';
import { type Scorecard, scorecardOf } from '../lab/scorecard/scorecard.ts';
import { renderScorecardHtml } from '../lab/scorecard/scorecardHtml.ts';
import { renderScorecardMarkdown } from '../lab/scorecard/scorecardMarkdown.ts';
import { summarySentence } from '../lab/scorecard/wording.ts';
import { updateHistory } from './history.ts';
import { projectDirectory } from './labSession.ts';
import { publishedOccasions, writeReadme } from './publishedResults.ts';

const wholeExperiment = 'headline';

export function scorecardCommand(): Command {
  return new Command('scorecard')
    .description(
      'write SCORECARD.md, SCORECARD.html and the READMEs of experiments from the published results',
    )
    .option('--experiments <dir>', 'directory of the experiments', path.join(projectDirectory, 'experiments'))
    .action(({ experiments }: { experiments: string }) => {
      const directory = path.resolve(experiments);
      for (const file of [...writeReadmes(directory), ...writeScorecard(directory), updateHistory(directory)])
        process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
      process.stdout.write(`${summarySentence(publishedScorecard(directory))}\n`);
    });
}

function writeReadmes(directory: string): string[] {
  return readdirSync(directory).flatMap((id) => writeReadme(directory, id));
}

/** Returns the paths written. */
export function writeScorecard(directory: string): string[] {
  const scorecard = publishedScorecard(directory);
  const markdown = path.join(directory, 'SCORECARD.md');
  const page = path.join(directory, 'SCORECARD.html');
  writeFileSync(markdown, renderScorecardMarkdown(scorecard));
  writeFileSync(page, renderScorecardHtml(scorecard));
  return [markdown, page];
}

export function publishedScorecard(directory: string): Scorecard {
  const ids = [wholeExperiment, ...FLAGS.map(({ experiment }) => experiment)];
  return scorecardOf(
    FLAGS.map((flag) => ({ ...flag, isDefault: DEFAULT_FLAGS.includes(flag.name) })),
    new Map(ids.map((id) => [id, publishedOccasions(directory, id)])),
    wholeExperiment,
  );
}
