/** Rates "right now" (INFO's instantaneous_*): the mean over the last samples, taken ten times a second by the shard's tick. */
const SAMPLES = 16;

export class InstantaneousRates {
  readonly #commandsPerSec = new Float64Array(SAMPLES);
  readonly #inputBytesPerSec = new Float64Array(SAMPLES);
  readonly #outputBytesPerSec = new Float64Array(SAMPLES);
  #next = 0;
  #lastMs = -1;
  #lastCommands = 0;
  #lastInputBytes = 0;
  #lastOutputBytes = 0;

  /** Takes the totals at `nowMs`; totals that fell (CONFIG RESETSTAT) begin anew. */
  sample(nowMs: number, commands: number, inputBytes: number, outputBytes: number): void {
    const elapsedSec = (nowMs - this.#lastMs) / 1000;
    const comparable = this.#lastMs >= 0 && elapsedSec > 0 && commands >= this.#lastCommands;
    if (comparable) {
      this.#commandsPerSec[this.#next] = (commands - this.#lastCommands) / elapsedSec;
      this.#inputBytesPerSec[this.#next] = Math.max(0, inputBytes - this.#lastInputBytes) / elapsedSec;
      this.#outputBytesPerSec[this.#next] = Math.max(0, outputBytes - this.#lastOutputBytes) / elapsedSec;
      this.#next = (this.#next + 1) % SAMPLES;
    }
    this.#lastMs = nowMs;
    this.#lastCommands = commands;
    this.#lastInputBytes = inputBytes;
    this.#lastOutputBytes = outputBytes;
  }

  commandsPerSec(): number {
    return mean(this.#commandsPerSec);
  }

  inputBytesPerSec(): number {
    return mean(this.#inputBytesPerSec);
  }

  outputBytesPerSec(): number {
    return mean(this.#outputBytesPerSec);
  }
}

function mean(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}
