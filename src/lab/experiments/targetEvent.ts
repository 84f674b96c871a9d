/**
 * Carries out a scenario's event: prepares what it acts on, sends its command at its point of the measured part over a connection
 * of its own, and certifies that it happened there and had its effect.
 *
 * The load does not wait for it and knows nothing of it: what the command does to everybody else's latency is the question.
 *
 *   before -> prepared -> [ load: warm-up | measured part ..... command ..... ] -> proof
 */
import type { RunningTarget } from '../targets/target.ts';
import type { Workload } from '../workloads/workload.ts';
import type { TargetEvent } from './definition.ts';
import type { CertificateCheck } from './result.ts';

type Info = ReadonlyMap<string, string>;

/** Time as the bench has it. */
export interface EventTime {
  nowMs: () => number;
  pause: (ms: number) => Promise<void>;
}

export class EventRun {
  readonly #event: TargetEvent;
  readonly #running: RunningTarget;
  readonly #time: EventTime;
  #sent: Promise<{ answer: string; ok: boolean; tookMs: number }> | undefined;

  constructor(event: TargetEvent, running: RunningTarget, time: EventTime) {
    this.#event = event;
    this.#running = running;
    this.#time = time;
  }

  async prepare(keysMax: number, preload: (workload: Workload) => Promise<unknown>): Promise<void> {
    for (const words of this.#event.before ?? []) await this.#running.command(...words);
    const { prepared } = this.#event;
    if (prepared === undefined) return;
    const count = Math.min(prepared.keys.count, keysMax);
    await preload({ ...prepared, keys: { ...prepared.keys, count } });
  }

  /** The measured part has begun. */
  begin(measureSec: number): void {
    this.#sent = this.#send(this.#event.atShare * measureSec * 1000);
  }

  /** The load has ended: waits for the answer and compares. */
  async end(infoBefore: Info, infoAfter: () => Promise<Info>): Promise<CertificateCheck[]> {
    const sent = await this.#sent;
    const name = this.#event.command.join(' ');
    const check: CertificateCheck = {
      id: 'event',
      declared: `${name} at ${Math.round(this.#event.atShare * 100)} % of the measured part`,
      observed: sent === undefined ? 'not sent' : `${sent.answer} after ${sent.tookMs.toFixed(1)} ms`,
      ok: sent?.ok === true,
    };
    const field = this.#event.growingInfoField;
    if (field === undefined) return [check];
    const grown = Number((await infoAfter()).get(field)) - Number(infoBefore.get(field));
    return [
      check,
      { id: 'event-effect', declared: `${field} grows`, observed: `by ${grown}`, ok: grown > 0 },
    ];
  }

  async #send(afterMs: number): Promise<{ answer: string; ok: boolean; tookMs: number }> {
    await this.#time.pause(afterMs);
    const startedMs = this.#time.nowMs();
    const [answer, ok] = await this.#running.command(...this.#event.command).then(
      (reply): [string, boolean] => [String(reply), true],
      (error: Error): [string, boolean] => [error.message, false],
    );
    return { answer, ok, tookMs: this.#time.nowMs() - startedMs };
  }
}
