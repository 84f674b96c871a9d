/**
 * Publishing: each experiment of a finished session gets its reports under `experiments/<id>/results/` and its README brought up to date.
 *
 * What is published is cut down to the one experiment (and the A/A arm it was held against), and the raw latency logs to those of
 * blocks that decided latency, up to a size a repository can carry.
 */
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { BlockResult, SessionResult } from '../lab/experiments/result.ts';
import { noiseExperimentId } from '../lab/experiments/sessionCells.ts';
import { writeReports } from '../lab/reports/reports.ts';
import { makeRoom, newestFolder, writeReadme } from './publishedResults.ts';

const projectDirectory = path.resolve(import.meta.dirname, '../..');

/** Logs of one experiment altogether; a block's log is some tens of kilobytes. */
const logBytesMax = 1024 * 1024;

/** Returns the paths written, READMEs included. */
export async function publish(
  session: SessionResult,
  outDir: string,
  experimentsDirectory: string,
): Promise<string[]> {
  const written: string[] = [];
  for (const experiment of session.experiments) {
    const folder = path.join(experimentsDirectory, experiment.id);
    if (!existsSync(folder)) continue;
    makeRoom(folder, session);
    const results = path.join(folder, newestFolder);
    mkdirSync(path.join(results, 'hlog'), { recursive: true });
    const blocks = copyLogs(
      session.blocks.filter(
        ({ experimentId }) => experimentId === experiment.id || experimentId === noiseExperimentId,
      ),
      outDir,
      results,
    );
    const targets = session.targets.map((target) => ({
      ...target,
      command: target.command.map(withoutMachinePath),
    }));
    const reports = await writeReports({ ...session, targets, experiments: [experiment], blocks }, results);
    written.push(reports.markdownPath, reports.htmlPath, reports.resultPath);
    written.push(...writeReadme(experimentsDirectory, experiment.id));
  }
  return written;
}

/** Copies logs of accepted open-loop blocks while they fit; a block whose log stays behind no longer names it. */
function copyLogs(blocks: readonly BlockResult[], outDir: string, results: string): BlockResult[] {
  let bytes = 0;
  return blocks.map((block) => {
    const { hlog, ...rest } = block;
    if (hlog === undefined) return block;
    const source = path.join(outDir, hlog);
    const isLatency = block.metrics['latency-p999-us'] !== undefined;
    if (!block.accepted || !isLatency || !existsSync(source)) return rest;
    bytes += statSync(source).size;
    if (bytes > logBytesMax) return rest;
    copyFileSync(source, path.join(results, hlog));
    return block;
  });
}

/** `/home/me/evenkeel/src/main/evenkeel.ts` -> `src/main/evenkeel.ts`, `/usr/bin/redis-server` -> `redis-server`. */
function withoutMachinePath(argument: string): string {
  if (!path.isAbsolute(argument)) return argument;
  const inside = path.relative(projectDirectory, argument);
  return inside.startsWith('..') || inside.startsWith('node_modules') ? path.basename(argument) : inside;
}
