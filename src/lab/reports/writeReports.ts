/**
 * Puts a session's three files beside each other. Each is written whole under another name, flushed and renamed: a reader, or a
 * machine that loses power, finds the old report or the new one, never half of either. result.json comes first, since the other two
 * can be drawn again from it.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionResult } from '../experiments/result.ts';
import { renderHtml } from './htmlReport.ts';
import { renderMarkdown } from './markdownReport.ts';
import type { Flamegraph } from './sections/flamegraph.ts';

export interface WrittenReports {
  resultPath: string;
  htmlPath: string;
  markdownPath: string;
}

/** JSON has no infinity: an unbounded end of an interval is stored as null and reads `unbounded` again in a report. */
export async function writeReports(
  session: SessionResult,
  outDir: string,
  flamegraph?: Flamegraph,
): Promise<WrittenReports> {
  await mkdir(outDir, { recursive: true });
  const paths: WrittenReports = {
    resultPath: join(outDir, 'result.json'),
    htmlPath: join(outDir, 'report.html'),
    markdownPath: join(outDir, 'report.md'),
  };
  await writeAtomically(paths.resultPath, `${JSON.stringify(session, undefined, 1)}\n`);
  await writeAtomically(paths.htmlPath, renderHtml(session, flamegraph));
  await writeAtomically(paths.markdownPath, renderMarkdown(session));
  return paths;
}

async function writeAtomically(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
