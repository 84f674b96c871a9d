/** Dashboards and rules: generated files are current, rules of good dashboards hold, every query parses and finds its metric. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { dashboards, type PanelDefinition } from '../../dashboards/definitions.ts';
import { generated } from '../../dashboards/generate.ts';
import { alertingRules, recordingRules } from '../../dashboards/rules.ts';
import { needing } from '../requirements.ts';

const directory = path.resolve(import.meta.dirname, '../../dashboards');
const panels: [string, PanelDefinition][] = dashboards.flatMap(({ uid, rows }) =>
  rows.flatMap((row) =>
    row.panels.map((panel): [string, PanelDefinition] => [`${uid}: ${panel.title}`, panel]),
  ),
);
const expressions = [
  ...panels.flatMap(([name, { queries }]) => queries.map(({ expr }): [string, string] => [name, expr])),
  ...recordingRules.map(({ record, expr }): [string, string] => [record, expr]),
  ...alertingRules.map(({ alert, expr }): [string, string] => [alert, expr]),
];
/** Grafana replaces these before it asks. */
const asked = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');

describe('generated files', () => {
  it.each([...generated()])('%s is current', (name, content) => {
    expect(readFileSync(path.join(directory, name), 'utf8')).toBe(content);
  });
});

describe('the rules of a good dashboard', () => {
  it('give each a stable identity of its own', () => {
    const uids = dashboards.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^evenkeel-[a-z]+$/);
  });

  it.each(panels)(
    '%s says what it shows, in a unit, of the chosen servers',
    (_name, { description, unit, queries }) => {
      expect(description).toMatch(/^[A-Z].{10,}\.$/);
      expect(unit).not.toBe('');
      for (const { expr } of queries) {
        expect(expr).toContain('instance=~"$instance"');
        // A counter means nothing but by its rate, over an interval that Grafana fits to the scrapes.
        for (const [, metric, range] of expr.matchAll(
          /\b(\w+_(?:total|bucket|sum|count))\{[^}]*\}(\[[^\]]*\])?/g,
        ))
          expect(range, metric).toBe('[$__rate_interval]');
        for (const [rate] of expr.matchAll(/\brate\((\w+)\{/g))
          expect(rate).toMatch(/(total|bucket|sum|count)\{$/);
      }
    },
  );

  it('leave the data source to whoever opens them', () => {
    for (const [name, content] of generated()) {
      if (!name.endsWith('.json')) continue;
      const uids = [...content.matchAll(/"datasource": \{\s*"type": "([^"]*)",\s*"uid": "([^"]*)"/g)];
      expect(uids.length).toBeGreaterThan(3);
      for (const [, type, uid] of uids) expect([type, uid]).toEqual(['prometheus', `\${datasource}`]);
    }
  });
});

describe('expressions', () => {
  it.each(expressions)('of %s parse: %s', (_name, expr) => {
    const errors: string[] = [];
    parser.parse(asked(expr)).iterate({
      enter: ({ type, from, to }) => {
        if (type.isError) errors.push(asked(expr).slice(from, Math.max(to, from + 10)));
      },
    });
    expect(errors).toEqual([]);
  });

  const promtool = ['/usr/bin/promtool', '/usr/local/bin/promtool'].find(existsSync);
  it.skipIf(promtool === undefined)(needing('pass promtool', 'promtool', promtool), () => {
    const said = execFileSync(promtool!, ['check', 'rules', path.join(directory, 'rules.yml')], {
      encoding: 'utf8',
    });
    expect(said).toContain(`SUCCESS: ${recordingRules.length + alertingRules.length} rules found`);
    execFileSync(promtool!, ['check', 'config', path.join(directory, 'prometheus.yml')]);
  });
});
