/** Publishing of a study that is no session of the lab: its result as JSON, and its README's section drawn from it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { replaceSection } from '../lab/experiments/readmeSections.ts';
import type { EnvironmentFingerprint } from '../lab/experiments/result.ts';
import { projectDirectory } from './labSession.ts';
import { newestFolder } from './publishedResults.ts';

/** Not `result.json`: that is a session's. */
const STUDY_FILE = 'study.json';

/** @param content of the README's result, in Markdown; where it was taken is added. */
export function publishStudy(
  id: string,
  result: { readonly environment: EnvironmentFingerprint },
  content: string,
): void {
  const folder = path.join(projectDirectory, 'experiments', id);
  const results = path.join(folder, newestFolder);
  mkdirSync(results, { recursive: true });
  writeFileSync(path.join(results, STUDY_FILE), `${JSON.stringify(result, undefined, 1)}\n`);
  const readme = path.join(folder, 'README.md');
  const { gitSha, gitDirty, node, cpuModel, startedAtIso } = result.environment;
  const commit = `${gitSha.slice(0, 10)}${gitDirty ? ' with uncommitted changes' : ''}`;
  const facts = `Commit ${commit}, Node ${node}, ${cpuModel}, ${startedAtIso.slice(0, 10)}.`;
  writeFileSync(readme, replaceSection(readFileSync(readme, 'utf8'), 'result', `${content}\n\n${facts}`));
  process.stdout.write(`  published ${path.relative(process.cwd(), folder)}\n`);
}
