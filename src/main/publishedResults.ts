/**
 * What experiments published: `experiments/<id>/results/` holds the newest occasion, `results-before/` the one before it. A verdict has to
 * be found on both (see `lab/scorecard`), so that publishing never throws away the only other occasion there is.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withPublishedResult } from '../lab/experiments/readmeSections.ts';
import type { SessionResult } from '../lab/experiments/result.ts';
import { renderVerdictPicture } from '../lab/reports/reports.ts';
import { earningOf } from '../lab/scorecard/defaultSet.ts';
import { isSameOccasion, type Occasion } from '../lab/scorecard/occasion.ts';

export const newestFolder = 'results';
const beforeFolder = 'results-before';

/** Newest first; links are relative to the experiments' directory. */
export function publishedOccasions(experimentsDirectory: string, experimentId: string): Occasion[] {
  return [newestFolder, beforeFolder].flatMap((folder) => {
    const session = readSession(path.join(experimentsDirectory, experimentId, folder));
    const experiment = session?.experiments.find(({ id }) => id === experimentId);
    if (session === undefined || experiment === undefined) return [];
    return [{ session, experiment, report: `${experimentId}/${folder}/report` }];
  });
}

/** Makes room for a new publication: what stands there becomes the occasion before, unless it is the same session. */
export function makeRoom(experimentFolder: string, coming: SessionResult): void {
  const newest = path.join(experimentFolder, newestFolder);
  const before = path.join(experimentFolder, beforeFolder);
  const present = readSession(newest);
  if (present !== undefined && !isSameOccasion(present, coming)) {
    rmSync(before, { recursive: true, force: true });
    renameSync(newest, before);
  } else rmSync(newest, { recursive: true, force: true });
}

/** The README of an experiment, its sections and picture drawn from what it published. Returns the paths written. */
export function writeReadme(experimentsDirectory: string, experimentId: string): string[] {
  const occasions = publishedOccasions(experimentsDirectory, experimentId);
  const newest = occasions[0];
  if (newest === undefined) return [];
  const { session, experiment } = newest;
  const experimentFolder = path.join(experimentsDirectory, experimentId);
  const readme = path.join(experimentFolder, 'README.md');
  const picture = path.join(experimentFolder, newestFolder, 'verdicts.svg');
  const drawing = renderVerdictPicture(session, experiment);
  if (drawing !== undefined) writeFileSync(picture, drawing);
  const link = drawing === undefined ? undefined : path.relative(experimentFolder, picture);
  const decision = experiment.flag === undefined ? undefined : decisionWords(experiment.flag, occasions);
  writeFileSync(
    readme,
    withPublishedResult(readFileSync(readme, 'utf8'), session, experiment, link, decision),
  );
  return drawing === undefined ? [readme] : [picture, readme];
}

function decisionWords(flag: string, occasions: readonly Occasion[]): string {
  const { word, reason } = earningOf(occasions);
  if (word === 'earned') return `\`${flag}\` has earned its place in the default set: ${reason}.`;
  if (word === 'not earned') return `\`${flag}\` is not in the default set: ${reason}.`;
  return `No decision yet: ${reason}. Until then the default set stays as it is.`;
}

function readSession(folder: string): SessionResult | undefined {
  const file = path.join(folder, 'result.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SessionResult) : undefined;
}
