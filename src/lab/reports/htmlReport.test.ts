import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionResult } from '../experiments/result.ts';
import { ratioWithRange } from './format.ts';
import { renderHtml } from './htmlReport.ts';
import { emptySession, fixtureSession } from './sessionFixture.ts';
import { svgFaults } from './svgFaults.ts';

const HOSTILE = `<img src=x onerror=alert(1)>"'&\u202e]]>\u0000--><script>`;

/** What a reader reads: no styles, no tags. */
function visibleText(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<title>.*?<\/title>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&[a-z#0-9]+;/g, '&')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Base64 spells anything in time, `NaN` too. */
const withoutImages = (page: string) => page.replace(/data:image\/png;base64,[^"]*/g, '');

const svgsOf = (page: string) => page.match(/<svg[\s>](?:(?!<svg[\s>]).)*?<\/svg>|<svg.*?<\/svg>/gs) ?? [];

describe('renderHtml', () => {
  const session = fixtureSession({ seed: 7 });
  const page = renderHtml(session);
  const text = visibleText(page);

  it('shows every comparison with its ratio', () => {
    const shown = (page.match(/<td class="num ratio"/g) ?? []).length;
    const comparisons = session.experiments.flatMap((experiment) => experiment.comparisons);
    expect(shown).toBe(comparisons.length + session.noiseFloor.length);
    for (const { ratio } of comparisons)
      expect(page).toContain(`aria-label="Ratio ${ratioWithRange(ratio)}"`);
  });

  it('shows every experiment, budget, rejection and target', () => {
    for (const experiment of session.experiments) {
      if (experiment.flag) expect(page).toContain(`id="experiment-${experiment.flag}"`);
      for (const budget of experiment.budgets) expect(text).toContain(budget.label);
      for (const scenario of experiment.scenarios) expect(text).toContain(scenario.label);
    }
    for (const block of session.blocks.filter(({ accepted }) => !accepted)) {
      expect(text).toContain(block.id);
      for (const reason of block.rejections) expect(text).toContain(reason);
    }
    for (const target of session.targets) expect(text).toContain(target.label);
    expect(text).toContain(session.environment.commandLine);
  });

  it('opens with the state of the run, the baseline and the verdict in words', () => {
    expect(text).toMatch(/^Evenkeel lab report ✓ Run complete\. Full effort/);
    expect(text).toContain('Baseline is Redis 7.4.1. By what its INFO prints');
    expect(text.slice(0, 700)).toContain(
      'Evenkeel with all flags is 1.32× Redis 7.4.1 at pipeline 64 (1.30 .. 1.34)',
    );
    expect(text).toContain('Generator-bound. Evenkeel with all flags reached 93.9 % of the 98.0k ops/s');
  });

  it("keeps a flag's figures in its own fold", () => {
    const curves = page.match(/aria-label="Latency percentiles, [^"]*"/g) ?? [];
    expect(curves.length).toBe(3);
    const fold = page.slice(
      page.indexOf('id="experiment-ttl-heap"'),
      page.indexOf('id="experiment-fast-hash"'),
    );
    expect(fold).toContain('aria-label="Latency percentiles, The workload ttl-heap was made for"');
    const alone: SessionResult = {
      ...session,
      experiments: session.experiments.filter(({ flag }) => flag === 'ttl-heap'),
    };
    expect(renderHtml(alone)).toContain('id="experiment-ttl-heap" open>');
    expect(visibleText(renderHtml(alone)).slice(0, 500)).toContain(
      'Evenkeel with all flags has 1.21× the p99 latency of Redis 7.4.1',
    );
    expect(page).not.toContain('id="experiment-ttl-heap" open>');
  });

  it('draws the band of a percentile curve where it has intervals', () => {
    const bands = (html: string) => html.match(/<path class="ribbon/g)?.length ?? 0;
    const lines = page.match(/aria-label="Latency percentiles, .*?<\/figure>/gs)!;
    const curves = lines.reduce((sum, figure) => sum + figure.match(/<path class="line/g)!.length, 0);
    expect(bands(page)).toBe(curves);
    const bare = fixtureSession({ seed: 7 });
    for (const { percentileCurves } of bare.experiments)
      for (const { points } of percentileCurves) for (const point of points) delete point.intervalUs;
    expect(bands(renderHtml(bare))).toBe(0);
    expect(visibleText(renderHtml(bare))).not.toContain('Bands:');
  });

  it('says which budgets are met, missed and undecided', () => {
    expect(text).toContain('3 budgets met, 1 missed, 1 undecided.');
  });

  it('asks for nothing from outside and runs nothing', () => {
    expect(page).not.toMatch(/<(script|link|iframe|object|embed|base|form)\b/i);
    expect(page).not.toMatch(/\b(src|href|action|data|xlink:href)="(?!#|data:image\/png;base64,)/);
    expect(page).not.toMatch(/url\(|@import|https?:/);
    expect(page).not.toMatch(/\son[a-z]+="/i);
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  });

  it('draws well-formed SVG', () => {
    const svgs = svgsOf(page);
    expect(svgs.length).toBeGreaterThan(80);
    expect(svgFaults(page)).toEqual([]);
  });

  it('has unique anchors and no link into nothing', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  it('prints no NaN, undefined or null, whatever the seed and however few the pairs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 2, max: 7 }), (seed, pairs) => {
        const other = renderHtml(fixtureSession({ seed, pairs, secondsPerBlock: 3 }));
        expect(withoutImages(other)).not.toMatch(/NaN|undefined|\bnull\b|Infinity|\[object/);
        expect(svgFaults(other)).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  it('is the same for the same session, and for the session as read back from JSON', () => {
    expect(renderHtml(session)).toBe(page);
    expect(renderHtml(JSON.parse(JSON.stringify(session)) as SessionResult)).toBe(page);
  });

  it('stays small enough to hand round', () => {
    expect(page.length).toBeLessThan(600_000);
  });
});

describe('a flamegraph in the report', () => {
  const session = fixtureSession({ seed: 7, pairs: 2, secondsPerBlock: 1 });
  const script = 'draw();';
  const document = `<!doctype html><script type="module">${script}</script>"></iframe>${HOSTILE}`;
  const page = renderHtml(session, { page: document, script });

  it('is one frame that cannot leave its attribute, and the only thing that may run', () => {
    expect(page.match(/<iframe\b/g)).toHaveLength(1);
    expect(page).not.toMatch(/<script|<img/);
    const srcdoc = / sandbox="allow-scripts" srcdoc="([^"]*)"><\/iframe>/.exec(page)![1]!;
    expect(srcdoc).toContain(
      '&lt;script type=&quot;module&quot;&gt;draw();&lt;/script&gt;&quot;&gt;&lt;/iframe',
    );
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    // printf 'draw();' | openssl dgst -sha256 -binary | base64
    expect(policy).toMatch(
      /^default-src 'none'; .*; script-src 'sha256-Nrzt\+Ak9TKllQ0f6KxPbgRgME4RTzfjVUaOmcylYOV8='$/,
    );
  });

  it('is named among the sections, and said to stand nowhere else', () => {
    expect(page).toContain('<a href="#flamegraph">');
    expect(visibleText(page)).toContain('Everything drawn here but the flamegraph stands in result.json.');
  });

  it('that could not be had is a sentence, and nothing may run', () => {
    const without = renderHtml(session, {
      missing: 'No flamegraph could be had: the server took no profile',
    });
    expect(visibleText(without)).toContain('No flamegraph could be had: the server took no profile');
    expect(without).not.toMatch(/<iframe|script-src/);
  });
});

describe('a session that is not as it should be', () => {
  it('says first that the baseline is missing and how to get one', () => {
    const session: SessionResult = {
      ...fixtureSession({ seed: 1 }),
      baselineMissing:
        'No redis-server was found; install one with `make redis` or give REDIS=redis://host:port',
    };
    expect(visibleText(renderHtml(session))).toMatch(
      /^Evenkeel lab report ✕ Baseline missing\. No redis-server was found; install one with `make redis`/,
    );
  });

  it('names the baseline by its INFO, never by what the label claims', () => {
    const session = fixtureSession({ seed: 1, redisVersion: '7.0.15' });
    session.targets[0]!.label = 'Redis 7.4';
    const text = visibleText(renderHtml(session));
    expect(text).toContain('Baseline is Redis 7.0.15.');
    expect(text).toContain('not the 7.4 the budgets are stated against');
    expect(text).not.toContain('Redis 7.4');
    expect(text).toContain('Evenkeel with all flags is 1.32× Redis 7.0.15');
  });

  it('says that it was interrupted and draws what there is', () => {
    const session: SessionResult = {
      ...fixtureSession({ seed: 2 }),
      complete: false,
      interruption: 'Ctrl-C after 12 min',
    };
    expect(visibleText(renderHtml(session))).toMatch(
      /^Evenkeel lab report ! Run interrupted\. Ctrl-C after 12 min\./,
    );
  });

  it('survives having nothing to show', () => {
    for (const session of [
      emptySession(),
      {
        ...emptySession(),
        experiments: fixtureSession({ seed: 3 }).experiments.map((e) => ({ ...e, comparisons: [] })),
      },
    ]) {
      const page = renderHtml(session);
      expect(visibleText(page)).toContain('No comparison has been finished');
      expect(withoutImages(page)).not.toMatch(/NaN|undefined|Infinity/);
      expect(svgFaults(page)).toEqual([]);
    }
  });

  it('draws intervals and measurements that are not finite, or null after JSON, without NaN', () => {
    const session = fixtureSession({ seed: 4, pairs: 2 });
    for (const experiment of session.experiments) {
      for (const [i, comparison] of experiment.comparisons.entries()) {
        comparison.ratio.low = i % 3 === 0 ? 0 : comparison.ratio.low;
        comparison.ratio.high = i % 2 === 0 ? Number.POSITIVE_INFINITY : comparison.ratio.high;
        if (i % 5 === 0) comparison.ratio.estimate = Number.NaN;
        if (i % 4 === 0) comparison.medianA = Number.NaN;
        comparison.pValueHolm = Number.NaN;
      }
      for (const fit of experiment.memory) fit.overheadBytesPerKey = -3;
      for (const curve of experiment.percentileCurves) {
        curve.points[2]!.valueUs = Number.NaN;
        curve.points[3]!.intervalUs = { low: Number.NaN, high: Number.POSITIVE_INFINITY };
      }
      for (const point of experiment.curve) point.p999Us = Number.NaN;
    }
    for (const block of session.blocks) block.metrics['cpu-user-us-per-request'] = Number.NaN;
    for (const version of [session, JSON.parse(JSON.stringify(session)) as SessionResult]) {
      const page = renderHtml(version);
      expect(withoutImages(page)).not.toMatch(/NaN|undefined|\bnull\b|Infinity/);
      expect(page).toContain('unbounded');
      expect(svgFaults(page)).toEqual([]);
    }
  });

  it('keeps hostile names inert', () => {
    const session = fixtureSession({ seed: 5, pairs: 2, secondsPerBlock: 2 });
    for (const target of session.targets) target.label = HOSTILE;
    session.targets[0]!.redisVersion = HOSTILE;
    session.environment.commandLine = HOSTILE;
    session.environment.startedAtIso = HOSTILE;
    session.blocks[5]!.rejections = [HOSTILE];
    for (const experiment of session.experiments) {
      experiment.id = `${experiment.id}${HOSTILE}`;
      experiment.title = HOSTILE;
      experiment.question = HOSTILE;
      if (experiment.flag) experiment.flag = HOSTILE;
      if (experiment.claim) experiment.claim.text = HOSTILE;
      for (const scenario of experiment.scenarios) scenario.label = HOSTILE;
      for (const comparison of experiment.comparisons) comparison.summary = HOSTILE;
      for (const fit of experiment.memory) fit.label = HOSTILE;
    }
    const page = renderHtml(session);
    expect(page).not.toMatch(/<img|<script|\u202e|\u0000/);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(svgFaults(page)).toEqual([]);
  });
});
