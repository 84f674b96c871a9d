/**
 * SLOWLOG: the latest commands whose execution took longer than a limit, newest first. What is kept of a command is bounded, as Redis
 * bounds it, and passwords are not kept.
 */
import { copyOf } from '../base/bytes.ts';
import type { Client } from './clients/client.ts';
import type { Arguments } from './commands/arguments.ts';
import { secretArguments } from './commands/secretArguments.ts';

const ARGUMENTS_MAX = 32;
const ARGUMENT_BYTES_MAX = 128;
const REDACTED = Buffer.from('(redacted)');

export interface SlowLogEntry {
  readonly id: number;
  readonly atMs: number;
  readonly durationUs: number;
  readonly arguments: readonly Uint8Array[];
  readonly address: string;
  readonly name: string;
}

export class SlowLog {
  /** Oldest first. */
  readonly #entries: SlowLogEntry[] = [];
  #nextId = 0;
  /** Executions at least as long are kept, microseconds; negative keeps none, 0 all. */
  slowerThanUs = -1;
  #lengthMax = 0;

  get length(): number {
    return this.#entries.length;
  }

  set lengthMax(lengthMax: number) {
    this.#lengthMax = lengthMax;
    this.#trim();
  }

  /** @param commandName its full name: some have arguments that are nobody's business. */
  note(commandName: string, client: Client, args: Arguments, durationUs: number, nowMs: number): void {
    if (this.slowerThanUs < 0 || durationUs < this.slowerThanUs || this.#lengthMax === 0) return;
    this.#entries.push({
      id: this.#nextId++,
      atMs: nowMs,
      durationUs: Math.floor(durationUs),
      arguments: keptArguments(commandName, args),
      address: client.link.address,
      name: client.name,
    });
    this.#trim();
  }

  /** Newest first. @param count negative: all. */
  latest(count: number): SlowLogEntry[] {
    return this.#entries.slice(count < 0 ? 0 : Math.max(0, this.#entries.length - count)).reverse();
  }

  reset(): void {
    this.#entries.length = 0;
  }

  #trim(): void {
    const surplus = this.#entries.length - this.#lengthMax;
    if (surplus > 0) this.#entries.splice(0, surplus);
  }
}

function keptArguments(commandName: string, args: Arguments): Uint8Array[] {
  const isShortened = args.count > ARGUMENTS_MAX;
  const kept = isShortened ? ARGUMENTS_MAX - 1 : args.count;
  const isSecret = secretArguments(commandName, args);
  const copies: Uint8Array[] = [];
  for (let i = 0; i < kept; i++) copies.push(isSecret(i) ? REDACTED : keptBytes(args, i));
  if (isShortened) copies.push(Buffer.from(`... (${args.count - kept} more arguments)`));
  return copies;
}

function keptBytes(args: Arguments, index: number): Uint8Array {
  const start = args.starts[index]!;
  const length = args.ends[index]! - start;
  if (length <= ARGUMENT_BYTES_MAX) return copyOf(args.buffer.subarray(start, start + length));
  return Buffer.concat([
    args.buffer.subarray(start, start + ARGUMENT_BYTES_MAX),
    Buffer.from(`... (${length - ARGUMENT_BYTES_MAX} more bytes)`),
  ]);
}
