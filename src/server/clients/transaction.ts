/** What MULTI gathers until EXEC. */
import type { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';

export interface QueuedCommand {
  readonly entry: CommandEntry;
  /** A copy: the read buffer has moved on. */
  readonly args: Arguments;
}

/** A queued command's record and array slots, beside its arguments' bytes. */
const COMMAND_BYTES = 160;

export class Transaction {
  readonly commands: QueuedCommand[] = [];
  /** A command was refused when it was to be queued: EXEC will refuse the whole. */
  isBroken = false;
  /** The shard that owns the keys of the commands so far; undefined without any, and with one shard. */
  shard: number | undefined;
  /** Some command needs memory. */
  deniesOutOfMemory = false;
  /** Some command is held by CLIENT PAUSE WRITE. */
  isHeldAsWrite = false;
  /** Some command writes. */
  writes = false;
  /** Held by the commands, for CLIENT LIST. */
  memoryBytes = 0;

  queue(entry: CommandEntry, args: Arguments): void {
    this.commands.push({ entry, args });
    this.deniesOutOfMemory ||= entry.deniesOutOfMemory;
    this.isHeldAsWrite ||= entry.isHeldAsWrite;
    this.writes ||= entry.isWrite;
    this.memoryBytes += COMMAND_BYTES + args.buffer.length;
  }
}
