/**
 * What experiments published: `experiments/<id>/results/` holds the newest occasion, `results-before/` the one before it. A verdict has to
 * be found on both (see `lab/scorecard`), so that publishing never throws away the only other occasion there is.
 */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SessionResult } from '../lab/experiments/result.ts';
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

function readSession(folder: string): SessionResult | undefined {
  const file = path.join(folder, 'result.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SessionResult) : undefined;
}
