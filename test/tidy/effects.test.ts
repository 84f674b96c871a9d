/** Effects live behind ports: nothing in the core reads a clock, a file or a random number by itself. */
import { describe, expect, it } from 'vitest';
import { readSources } from './sources.ts';

const EFFECTS: [RegExp, string][] = [
  [/\bDate\.now\b|\bnew Date\(\)/, 'the wall clock'],
  [/\bperformance\.(now|timeOrigin)\b|\bprocess\.hrtime\(/, 'the monotonic clock'],
  [/\bMath\.random\b|\brandomBytes\b|\brandomFillSync\b/, 'randomness'],
  [/\bset(Timeout|Interval|Immediate)\(/, 'timers'],
  [
    /from 'node:(fs|net|dgram|http|https|tls|child_process|worker_threads|os|dns)(\/promises)?'/,
    'the operating system',
  ],
  [/(?<![\w.])process\.(memoryUsage|cpuUsage|env|exit|stdout|stderr|pid|kill)\b/, 'the process'],
];

/** Scripts of pages: a browser's effects are their own. */
const IN_BROWSER = /\/page\//;

/**
 * In the lab, modules whose very job is an effect: they start processes, open sockets, read /proc or write reports. Everything else
 * there is pure.
 */
const LAB_EFFECT_FOLDERS = [/^src\/lab\/faults\//, /^src\/lab\/load\//, /^src\/lab\/targets\//];
const LAB_EFFECT_FILES = new Set<string>([
  'src/lab/measurement/procFiles.ts',
  'src/lab/reports/writeReports.ts',
  'src/lab/measurement/environment.ts',
  'src/lab/experiments/sessionStore.ts',
]);

describe('effects', () => {
  const sources = readSources('src/').filter((source) => !source.isTest);

  it('are behind ports/real, in main, or in the lab modules named for them', () => {
    const wrong: string[] = [];
    for (const source of sources) {
      if (/^src\/(ports\/real|main)\//.test(source.path) || IN_BROWSER.test(source.path)) continue;
      if (LAB_EFFECT_FILES.has(source.path) || LAB_EFFECT_FOLDERS.some((folder) => folder.test(source.path)))
        continue;
      for (const [pattern, what] of EFFECTS)
        if (pattern.test(source.code)) wrong.push(`${source.path} uses ${what}`);
    }
    expect(wrong).toEqual([]);
  });

  it('names only files that are there', () => {
    const paths = new Set(sources.map((source) => source.path));
    expect([...LAB_EFFECT_FILES].filter((path) => !paths.has(path))).toEqual([]);
  });
});
