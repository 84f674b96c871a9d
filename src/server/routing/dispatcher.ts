/**
 * From a decoded request to its command: name lookup on bytes, the checks that come before every command in Redis's order
 * (existence, arity, protection, authentication, memory), counting, execution.
 */
import type { Client } from '../clients/client.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import { wrongNumberOfArguments } from '../commands/errors.ts';
import type { Reply } from '../commands/reply.ts';
import { secretArguments } from '../commands/secretArguments.ts';
import type { ServerState } from '../serverState.ts';
import { CommandIndex } from './commandIndex.ts';

/** Two clock reads cost 90 ns, as much as a fast command: one in so many is timed, beginning with the first. */
export const FAST_SAMPLE_EVERY = 256;
/** How much of a foreign command's arguments its error repeats. */
const UNKNOWN_COMMAND_ECHO_BYTES = 128;

/** As much of a text as Redis repeats of it: C strings end at the first NUL. */
function echoed(text: string, bytesMax: number): string {
  const end = text.indexOf('\0');
  return text.slice(0, Math.min(bytesMax, end < 0 ? text.length : end));
}

/** What the dispatcher needs of the encoder beyond the commands' view. */
export interface CountedReply extends Reply {
  protocol: number;
  errorCount: number;
}

export class Dispatcher {
  readonly #server: ServerState;
  readonly #index: CommandIndex;
  readonly #reply: CountedReply;
  /** Called before a write that may need memory; false if there is none to be had. */
  readonly #makeRoom: () => boolean;

  constructor(server: ServerState, reply: CountedReply, makeRoom: () => boolean) {
    this.#server = server;
    this.#index = new CommandIndex(server.commands);
    this.#reply = reply;
    this.#makeRoom = makeRoom;
  }

  /** The command that `args` names, or undefined. */
  find(args: Arguments): CommandEntry | undefined {
    const entry = this.#index.find(args.buffer, args.starts[0]!, args.ends[0]!);
    if (entry?.subcommands === undefined || args.count < 2) return entry;
    return entry.subcommands.get(args.text(1).toLowerCase()) ?? entry;
  }

  /** Runs one request for `client`. The reply is written to the encoder. */
  dispatch(client: Client, args: Arguments): void {
    const server = this.#server;
    const reply = this.#reply;
    const context = server.context;
    context.client = client;
    context.db = server.databases[client.dbIndex]!;
    reply.protocol = client.protocol;
    client.commandsProcessed++;

    const entry = this.find(args);
    if (entry === undefined) return this.#unknownCommand(args);
    const unknownSubcommand = entry.subcommands !== undefined && args.count >= 2;
    if (unknownSubcommand) {
      const name = echoed(args.text(1), UNKNOWN_COMMAND_ECHO_BYTES);
      return reply.error(`ERR unknown subcommand '${name}'. Try ${entry.fullName.toUpperCase()} HELP.`);
    }
    if (args.count < entry.arityMin || args.count > entry.arityMax) {
      return this.#reject(entry, wrongNumberOfArguments(entry.fullName));
    }
    if (!client.authenticated && !entry.allowedUnauthenticated) {
      return this.#reject(entry, 'NOAUTH Authentication required.');
    }
    if (entry.deniesOutOfMemory && !this.#makeRoom()) {
      return this.#reject(entry, "OOM command not allowed when used memory > 'maxmemory'.");
    }
    client.lastCommand = entry.fullName;
    server.probe.called(entry.number);
    const errorsBefore = reply.errorCount;
    const calls = server.stats.callsByCommand[entry.number]!++;
    if (entry.isFast && calls % server.timeEvery !== 0) entry.execute!(context, args);
    else this.#executeTimed(entry, args);
    if (reply.errorCount !== errorsBefore) server.stats.failedByCommand[entry.number]!++;
  }

  #executeTimed(entry: CommandEntry, args: Arguments): void {
    const { clock, context, latencyEvents, monitors, probe, slowLog, stats } = this.#server;
    if (monitors.count > 0 && entry.isMonitored)
      monitors.show(context.client, args, secretArguments(entry.fullName, args), clock.nowUs());
    const startUs = clock.monotonicUs();
    entry.execute!(context, args);
    const endUs = clock.monotonicUs();
    const durationUs = endUs - startUs;
    stats.countExecution(entry.number, durationUs);
    probe.executed(entry.number, startUs, endUs);
    slowLog.note(entry.fullName, context.client, args, durationUs, context.nowMs);
    latencyEvents.note(entry.isFast ? 'fast-command' : 'command', durationUs, context.nowMs);
  }

  #reject(entry: CommandEntry, error: string): void {
    this.#server.stats.rejectedByCommand[entry.number]!++;
    this.#reply.error(error);
  }

  #unknownCommand(args: Arguments): void {
    const name = args.text(0);
    const lower = name.toLowerCase();
    if (lower === 'post' || lower === 'host:') {
      // A browser or an HTTP client was pointed here, perhaps by a hostile page: no word back, and the connection ends.
      this.#server.log.write(
        'warning',
        `Possible cross-protocol attack: ${this.#server.context.client.link.address} sent ${name}. Connection closed.`,
      );
      this.#server.context.client.link.closeNow();
      return;
    }
    let echo = '';
    for (let i = 1; i < args.count && echo.length < UNKNOWN_COMMAND_ECHO_BYTES; i++) {
      echo += `'${echoed(args.text(i), UNKNOWN_COMMAND_ECHO_BYTES - echo.length)}' `;
    }
    this.#reply.error(
      `ERR unknown command '${echoed(name, UNKNOWN_COMMAND_ECHO_BYTES)}', with args beginning with: ${echo}`,
    );
  }
}
