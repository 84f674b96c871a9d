/**
 * A session on disk: `result.json`, replaced whole after every block, read again by `--resume`.
 *
 * The write goes to a draft beside the file and is renamed over it: a reader, or a machine that stops, finds the session before or after
 * the block, never half of one. What is read back is checked, because a file may have been edited, cut off or written by another version.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Effort } from './definition.ts';
import type { SessionResult } from './result.ts';

/** A session that cannot be continued; the text says why and what to do. */
export class ResumeError extends Error {
  override name = 'ResumeError';
  readonly code = 'RESUME';
}

const resumable = z.looseObject({
  schemaVersion: z.literal(1),
  effort: z.enum(['smoke', 'quick', 'full']),
  complete: z.boolean(),
  environment: z.looseObject({ seed: z.number(), durationSec: z.number() }),
  targets: z.array(z.looseObject({ id: z.string(), label: z.string() })),
  experiments: z.array(z.looseObject({ id: z.string() })),
  blocks: z.array(
    z.looseObject({
      id: z.string(),
      experimentId: z.string(),
      scenarioId: z.string(),
      targetId: z.string(),
      pair: z.number().int(),
      accepted: z.boolean(),
      metrics: z.record(z.string(), z.number().nullable()),
    }),
  ),
  generatorCeiling: z.array(z.looseObject({ pipeline: z.number(), opsPerSec: z.number() })),
  plan: z
    .looseObject({ cells: z.array(z.looseObject({ pairs: z.number() })), notes: z.array(z.string()) })
    .optional(),
});

export class SessionStore {
  readonly path: string;

  constructor(outDir: string) {
    this.path = path.join(outDir, 'result.json');
    mkdirSync(path.join(outDir, 'hlog'), { recursive: true });
  }

  write(session: SessionResult): void {
    const draft = `${this.path}.draft`;
    writeFileSync(draft, JSON.stringify(session));
    renameSync(draft, this.path);
  }

  /**
   * The session to continue. It must be of the same effort, seed and experiments, or the schedule would be another.
   * @throws ResumeError
   */
  read(expected: {
    effort: Effort;
    seed: number | undefined;
    experiments: readonly string[];
  }): SessionResult {
    const session = this.#parse();
    const ids = session.experiments.map(({ id }) => id);
    if (session.effort !== expected.effort) {
      throw new ResumeError(
        `${this.path} holds a ${session.effort} session: give --effort ${session.effort}`,
      );
    }
    if (expected.seed !== undefined && expected.seed !== session.environment.seed) {
      throw new ResumeError(
        `${this.path} was begun with seed ${session.environment.seed}: give that, or none`,
      );
    }
    if (ids.length > 0 && [...ids].sort().join() !== [...expected.experiments].sort().join()) {
      throw new ResumeError(`${this.path} holds the experiments ${ids.join(' ')}: name these`);
    }
    return session;
  }

  #parse(): SessionResult {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      throw new ResumeError(`nothing to resume: ${this.path} cannot be read; leave --resume out to begin`);
    }
    try {
      return resumable.parse(JSON.parse(text)) as unknown as SessionResult;
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
      throw new ResumeError(`${this.path} is not a session that can be continued: ${reason}`);
    }
  }
}
