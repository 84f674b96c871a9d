import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionResult } from '../lab/experiments/result.ts';
import { fixtureSession } from '../lab/reports/sessionFixture.ts';
import { makeRoom, newestFolder, publishedOccasions } from './publishedResults.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'evenkeel-published-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function sessionOf(day: number): SessionResult {
  const session = structuredClone(fixtureSession({ seed: 7 }));
  session.environment = { ...session.environment, startedAtIso: `2026-11-${day}T00:00:00Z`, seed: day };
  return session;
}

function publish(session: SessionResult): void {
  const folder = path.join(directory, 'whole');
  makeRoom(folder, session);
  mkdirSync(path.join(folder, newestFolder), { recursive: true });
  writeFileSync(path.join(folder, newestFolder, 'result.json'), JSON.stringify(session));
}

const days = () =>
  publishedOccasions(directory, 'whole').map(({ session, report }) => [session.environment.seed, report]);

describe('publishing', () => {
  it('keeps the occasion before, and only that one', () => {
    expect(days()).toEqual([]);
    for (const day of [11, 12, 13]) publish(sessionOf(day));
    expect(days()).toEqual([
      [13, 'whole/results/report'],
      [12, 'whole/results-before/report'],
    ]);
  });

  it('of the same session again replaces it and leaves the occasion before', () => {
    publish(sessionOf(11));
    publish(sessionOf(12));
    publish(sessionOf(12));
    expect(days().map(([seed]) => seed)).toEqual([12, 11]);
  });
});
