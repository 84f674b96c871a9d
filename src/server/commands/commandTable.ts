/** All commands by name, with a number each for the counters. Built once from the list of specs. */
import type { CommandSpec } from './command.ts';

const TRANSACTION_COMMANDS = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
const SCRIPTS_THAT_READ = new Set(['eval_ro', 'evalsha_ro', 'fcall_ro']);
const SUBSCRIBER_COMMANDS = new Set([
  'subscribe',
  'ssubscribe',
  'psubscribe',
  'unsubscribe',
  'sunsubscribe',
  'punsubscribe',
  'ping',
  'quit',
  'reset',
]);

export class CommandEntry {
  readonly spec: CommandSpec;
  /** `get`, `config|get`. */
  readonly fullName: string;
  /** Index into the per-command counters. */
  readonly number: number;
  readonly parent: CommandEntry | undefined;
  readonly subcommands: Map<string, CommandEntry> | undefined;
  readonly execute: CommandSpec['execute'];
  readonly arityMin: number;
  readonly arityMax: number;
  readonly isWrite: boolean;
  /** Held by CLIENT PAUSE WRITE: it writes, or what it does would be seen by replicas. */
  readonly isHeldAsWrite: boolean;
  /** What it reads is remembered for clients that cache: of scripts, their parts are. */
  readonly isTracked: boolean;
  readonly isReadonly: boolean;
  readonly deniesOutOfMemory: boolean;
  readonly allowedUnauthenticated: boolean;
  /** Constant or logarithmic time by its flags: too many and too short to be timed each. */
  readonly isFast: boolean;
  /** Runs at once between MULTI and EXEC, where others are queued. */
  readonly endsTransaction: boolean;
  readonly deniedInTransaction: boolean;
  /** Runs on a RESP2 connection that is subscribed to something. */
  readonly allowedSubscribed: boolean;
  /** No script may call it. */
  readonly deniedInScript: boolean;
  /** Does not write itself, but changes what others see (PUBLISH): to a script that must not write it is a write. */
  readonly mayReplicate: boolean;
  /** May wait for a key. */
  readonly mayBlock: boolean;
  /** Shown by MONITOR; what administrates the server is not. */
  readonly isMonitored: boolean;

  constructor(spec: CommandSpec, number: number, parent: CommandEntry | undefined) {
    this.spec = spec;
    this.number = number;
    this.parent = parent;
    this.fullName = parent === undefined ? spec.name : `${parent.fullName}|${spec.name}`;
    this.execute = spec.execute;
    this.arityMin = Math.abs(spec.arity);
    this.arityMax = spec.arity < 0 ? Number.MAX_SAFE_INTEGER : spec.arity;
    this.isWrite = spec.flags.includes('write');
    this.isHeldAsWrite = this.isWrite || spec.flags.includes('may_replicate');
    this.isTracked = spec.flags.includes('readonly') && !SCRIPTS_THAT_READ.has(spec.name);
    this.isReadonly = spec.flags.includes('readonly');
    this.deniesOutOfMemory = spec.flags.includes('denyoom');
    this.isFast = spec.flags.includes('fast');
    this.endsTransaction = parent === undefined && TRANSACTION_COMMANDS.has(spec.name);
    this.deniedInTransaction = spec.flags.includes('no_multi');
    this.allowedSubscribed = parent === undefined && SUBSCRIBER_COMMANDS.has(spec.name);
    this.deniedInScript = spec.flags.includes('noscript');
    this.mayReplicate = spec.flags.includes('may_replicate');
    this.mayBlock = spec.flags.includes('blocking');
    this.isMonitored = !spec.flags.includes('admin');
    this.allowedUnauthenticated = spec.flags.includes('no_auth');
    this.subcommands = spec.subcommands === undefined ? undefined : new Map();
  }
}

export class CommandTable {
  /** Commands and subcommands by number. */
  readonly entries: CommandEntry[] = [];
  readonly #byName = new Map<string, CommandEntry>();

  constructor(specs: readonly CommandSpec[]) {
    for (const spec of specs) this.#byName.set(spec.name, this.#add(spec, undefined));
  }

  #add(spec: CommandSpec, parent: CommandEntry | undefined): CommandEntry {
    const entry = new CommandEntry(spec, this.entries.length, parent);
    this.entries.push(entry);
    for (const subcommand of spec.subcommands ?? [])
      entry.subcommands!.set(subcommand.name, this.#add(subcommand, entry));
    return entry;
  }

  /** Top-level commands. */
  commands(): IterableIterator<CommandEntry> {
    return this.#byName.values();
  }

  get count(): number {
    return this.#byName.size;
  }

  /** `name` in lower case. */
  get(name: string): CommandEntry | undefined {
    return this.#byName.get(name);
  }

  /** `config|get` or `get`, lower case. */
  getFull(fullName: string): CommandEntry | undefined {
    const bar = fullName.indexOf('|');
    if (bar < 0) return this.#byName.get(fullName);
    return this.#byName.get(fullName.slice(0, bar))?.subcommands?.get(fullName.slice(bar + 1));
  }
}
