import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioWithRange } from './format.ts';
import { escapeMarkdown, renderMarkdown } from './markdownReport.ts';
import { emptySession, fixtureSession } from './sessionFixture.ts';

const session = fixtureSession({ seed: 7 });
const report = renderMarkdown(session);

describe('renderMarkdown', () => {
  it('shows every comparison with its ratio', () => {
    const rows = report.split('\n').filter((line) => / vs .* vs .*×/.test(line));
    const comparisons = session.experiments.flatMap((experiment) => experiment.comparisons);
    expect(rows.length).toBe(comparisons.length + session.noiseFloor.length);
    for (const { ratio } of comparisons) expect(report).toContain(ratioWithRange(ratio));
  });

  it('gives every table row as many cells as its head', () => {
    let columns = 0;
    for (const line of report.split('\n')) {
      if (!line.startsWith('|')) {
        columns = 0;
        continue;
      }
      const cells = line.replace(/\\\|/g, '').split('|').length;
      if (columns === 0) columns = cells;
      expect(cells).toBe(columns);
    }
  });

  it('opens with the state of the run, then the baseline, then the verdict', () => {
    const lines = report.split('\n').filter(Boolean);
    expect(lines[0]).toBe('# Evenkeel lab report');
    expect(lines[1]).toMatch(/^- \*\*Run complete\.\*\*/);
    expect(lines[2]).toMatch(/^- \*\*Baseline is Redis 7\.4\.1\.\*\*/);
    expect(lines[4]).toBe(
      '**Evenkeel with all flags is 1.32× Redis 7.4.1 at pipeline 64 (1.30 .. 1.34): better.**',
    );
    const missing = renderMarkdown({ ...session, baselineMissing: 'Install redis-server' });
    expect(missing.split('\n').filter(Boolean)[1]).toBe('- **Baseline missing.** Install redis-server.');
  });

  it('names the blocks that ran while somebody watched, by target', () => {
    expect(report).not.toContain('Watched');
    const blocks = session.blocks.map((block, index) =>
      index < 3 ? { ...block, watched: true as const } : block,
    );
    const of = (targetId: string): string => {
      const own = blocks.filter((block) => block.targetId === targetId);
      return `${own.filter((block) => 'watched' in block).length} of ${own.length} blocks`;
    };
    const line = renderMarkdown({ ...session, blocks })
      .split('\n')
      .find((each) => each.startsWith('- **Watched.**'));
    expect(line).toContain(`open during 3 of ${blocks.length} blocks (`);
    expect(line).toContain(`Redis 7.4.1 ${of('redis')}`);
  });

  it('closes every fold it opens', () => {
    expect(report.match(/<details>/g)?.length).toBe(report.match(/<\/details>/g)?.length);
    expect(report.match(/<summary>/g)?.length).toBe(report.match(/<\/summary>/g)?.length);
  });

  it('survives having nothing to show', () => {
    const empty = renderMarkdown(emptySession());
    expect(empty).toContain('there is no verdict yet');
    expect(empty).not.toMatch(/NaN|undefined|Infinity|\bnull\b/);
  });

  it('keeps hostile names inert in a table', () => {
    const hostile = fixtureSession({ seed: 1, pairs: 2, secondsPerBlock: 1 });
    for (const target of hostile.targets) target.label = 'a|b\n# c @everyone <img src=x> `x` [l](u)';
    hostile.environment.commandLine = 'echo ```` done';
    const text = renderMarkdown(hostile);
    expect(text).toContain('a\\|b # c &#64;everyone &lt;img src=x&gt; \\`x\\` \\[l\\](u)');
    expect(text).toContain('`````sh\necho ```` done\n`````');
    expect(text).not.toContain('<img');
  });
});

describe('escapeMarkdown', () => {
  it('leaves no tag, mention, link, column or line break', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/[<>@\r\n]/);
        expect(escaped.replace(/\\[\\`*_{}[\]|~]/g, '')).not.toMatch(/[`*_[\]|~]/);
      }),
    );
  });
});
