import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionResult } from './result.ts';
import { ResumeError, SessionStore } from './sessionStore.ts';

const session = {
  schemaVersion: 1,
  effort: 'quick',
  complete: false,
  environment: { seed: 7, durationSec: 1 },
  targets: [],
  experiments: [{ id: 'headline' }],
  blocks: [],
  noiseFloor: [],
  generatorCeiling: [],
} as unknown as SessionResult;
const expected = { effort: 'quick' as const, seed: 7, experiments: ['headline'] };

describe('SessionStore', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'evenkeel-session-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('gives back what was written, and leaves no draft behind', () => {
    const file = new SessionStore(directory);
    file.write(session);
    expect(file.read(expected)).toEqual(session);
    expect(file.read({ ...expected, seed: undefined })).toEqual(session);
    expect(readdirSync(directory).sort()).toEqual(['hlog', 'result.json']);
  });

  it.each([
    ['effort', { effort: 'full' as const }, /holds a quick session/],
    ['seed', { seed: 8 }, /begun with seed 7/],
    ['experiments', { experiments: ['fast-path'] }, /holds the experiments headline/],
  ])('refuses another %s', (_what, change, message) => {
    const file = new SessionStore(directory);
    file.write(session);
    expect(() => file.read({ ...expected, ...change })).toThrow(message);
  });

  it('says so where there is nothing, half a file or something else', () => {
    const file = new SessionStore(directory);
    expect(() => file.read(expected)).toThrow(/nothing to resume/);
    file.write(session);
    writeFileSync(file.path, readFileSync(file.path, 'utf8').slice(0, 40));
    expect(() => file.read(expected)).toThrow(ResumeError);
    writeFileSync(file.path, '{"schemaVersion":2}');
    expect(() => file.read(expected)).toThrow(/not a session that can be continued/);
  });
});
