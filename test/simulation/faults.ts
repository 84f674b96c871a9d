/** Everything that goes wrong in a simulated run, each counted: a fault that is listed and never fires fails the run. */

export const FAULTS = [
  'message lost',
  'message duplicated',
  'message overtaken',
  'message corrupted',
  'one-way partition',
  'two-way partition',
  'peer queue full',
  'clock skewed',
  'clock set back',
  'clock set forward',
  'crash, newest snapshot',
  'crash, old snapshot',
  'crash, nothing left',
] as const;

export type Fault = (typeof FAULTS)[number];

export class FaultCounts {
  readonly #counts = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]));

  count(fault: Fault): void {
    this.#counts.set(fault, this.#counts.get(fault)! + 1);
  }

  add(other: FaultCounts): void {
    for (const [fault, count] of other.#counts) this.#counts.set(fault, this.#counts.get(fault)! + count);
  }

  neverFired(): Fault[] {
    return FAULTS.filter((fault) => this.#counts.get(fault) === 0);
  }

  lines(): string[] {
    return FAULTS.map((fault) => `  ${fault.padEnd(24)} ${this.#counts.get(fault)}`);
  }
}
