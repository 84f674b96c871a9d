import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderHtml } from './htmlReport.ts';
import { renderMarkdown } from './markdownReport.ts';
import { fixtureSession } from './sessionFixture.ts';
import { writeReports } from './writeReports.ts';

describe('writeReports', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-reports-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const session = fixtureSession({ seed: 7, pairs: 2, secondsPerBlock: 1 });

  it('writes three files that agree, and replaces older ones', async () => {
    const outDir = join(folder, 'deep', 'er');
    await writeReports(fixtureSession({ seed: 8, pairs: 2, secondsPerBlock: 1 }), outDir);
    const paths = await writeReports(session, outDir);
    expect((await readdir(outDir)).sort()).toEqual(['report.html', 'report.md', 'result.json']);
    expect(JSON.parse(await readFile(paths.resultPath, 'utf8'))).toEqual(JSON.parse(JSON.stringify(session)));
    expect(await readFile(paths.htmlPath, 'utf8')).toBe(renderHtml(session));
    expect(await readFile(paths.markdownPath, 'utf8')).toBe(renderMarkdown(session));
  });

  it('leaves neither a draft nor a damaged file where it cannot write', async () => {
    const occupied = join(folder, 'file');
    await writeFile(occupied, 'kept');
    await expect(writeReports(session, occupied)).rejects.toThrow();
    expect(await readFile(occupied, 'utf8')).toBe('kept');
    expect(await readdir(folder)).toEqual(['file']);
  });
});
