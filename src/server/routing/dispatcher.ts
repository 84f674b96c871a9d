/**
 * From a decoded request to its command: name lookup on bytes, the checks that come before every command in Redis's order
 * (existence, arity, authentication, rights, memory), counting, execution.
 */
import { toLatin1 } from '../../base/bytes.ts';
import type { BlockedClient } from '../clients/blockedClients.ts';
import type { Client } from '../clients/client.ts';
import { discardTransaction } from '../clients/endTransaction.ts';
import { pushBeforeReply } from '../clients/push.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import { wrongNumberOfArguments } from '../commands/errors.ts';
import type { Reply } from '../commands/reply.ts';
import { secretArguments } from '../commands/secretArguments.ts';
import { findKeys } from '../commands/server/command/keyExtraction.ts';
import type { ServerState } from '../serverState.ts';
import { CommandIndex } from './commandIndex.ts';

/** Two clock reads cost 90 ns, as much as a fast command: one in so many is timed, beginning with the first. */
export const FAST_SAMPLE_EVERY = 256;
/** How much of a foreign command's arguments its error repeats. */
const UNKNOWN_COMMAND_ECHO_BYTES = 128;

const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
const NOT_IN_TRANSACTION = 'ERR Command not allowed inside a transaction';
const onlySubscriptions = (fullName: string): string =>
  `ERR Can't execute '${fullName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`;

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

/** What is refused while writes are: those, transactions with one, and PING, which is asked whether all is well. */
const isRefused = ({ transaction }: Client, { fullName, isWrite }: CommandEntry): boolean =>
  isWrite || fullName === 'ping' || (fullName === 'exec' && transaction?.writes === true);

export class Dispatcher {
  readonly #server: ServerState;
  readonly #index: CommandIndex;
  readonly #reply: CountedReply;
  /** Called before a write that may need memory; false if there is none to be had. */
  readonly #makeRoom: () => boolean;
  /** Errors said before the command that runs, those of its parts included. */
  #errorsSeen = 0;

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
      return this.#refuse(`ERR unknown subcommand '${name}'. Try ${entry.fullName.toUpperCase()} HELP.`);
    }
    if (args.count < entry.arityMin || args.count > entry.arityMax) {
      return this.#reject(entry, wrongNumberOfArguments(entry.fullName));
    }
    if (client.isRestricted) {
      const refusal = this.#denied(client, entry, args);
      if (refusal !== undefined) return this.#reject(entry, refusal);
    }
    if ((entry.deniesOutOfMemory || client.transaction !== undefined) && !this.#hasRoomFor(client, entry)) {
      return this.#reject(entry, OUT_OF_MEMORY);
    }
    if (server.writeRefusal !== undefined && isRefused(client, entry)) {
      return this.#reject(entry, server.writeRefusal);
    }
    if (client.subscriptions !== undefined && client.protocol === 2 && !entry.allowedSubscribed) {
      return this.#reject(entry, onlySubscriptions(entry.fullName));
    }
    client.lastCommand = entry.fullName;
    if (client.transaction !== undefined && !entry.endsTransaction) {
      if (entry.deniedInTransaction) return this.#reject(entry, NOT_IN_TRANSACTION);
      // What will never run takes no memory.
      const isLost = client.transaction.isBroken || client.watch?.isTouched === true;
      if (!isLost) client.transaction.queue(entry, args.detached());
      return reply.simple('QUEUED');
    }
    this.#errorsSeen = reply.errorCount;
    this.#execute(entry, args);
  }

  /**
   * Runs a command for the context's client as a part of another: what EXEC does. Its reply is said like that of any command;
   * whatever comes before a command has been seen to.
   */
  call(entry: CommandEntry, args: Arguments): void {
    const { context } = this.#server;
    context.db = this.#server.databases[context.client.dbIndex]!;
    this.#reply.protocol = context.client.protocol;
    this.#execute(entry, args);
  }

  /** As call, for a script, into another reply; MONITOR shows it as Lua's. */
  callApart(entry: CommandEntry, args: Arguments, reply: CountedReply): void {
    const server = this.#server;
    const { context } = server;
    const { reply: outer } = context;
    const errorsBefore = reply.errorCount;
    context.db = server.databases[context.client.dbIndex]!;
    context.reply = reply;
    context.entry = entry;
    server.probe.called(entry.number);
    const { propagation } = server;
    if (propagation === undefined) this.#executeApart(entry, args);
    else propagation.run(entry, context, args, () => this.#executeApart(entry, args));
    if (reply.errorCount !== errorsBefore) server.stats.failedByCommand[entry.number]!++;
    context.reply = outer;
  }

  #executeApart(entry: CommandEntry, args: Arguments): void {
    const { context, stats, timeEvery } = this.#server;
    const calls = stats.callsByCommand[entry.number]!++;
    if (entry.isFast && calls % timeEvery !== 0) entry.execute!(context, args);
    else this.#executeTimed(entry, args, 'lua');
  }

  /** Runs a command again that had to wait: it was counted and shown when it came. */
  retry({ client, entry, args }: BlockedClient): void {
    const { context } = this.#server;
    context.client = client;
    context.db = this.#server.databases[client.dbIndex]!;
    this.#reply.protocol = client.protocol;
    this.#errorsSeen = this.#reply.errorCount;
    context.entry = entry;
    // What its user may do can have changed while it waited.
    const judgement = this.#server.access.refuse(client, entry, args, 'toplevel');
    if (judgement === undefined) {
      const { propagation } = this.#server;
      if (propagation === undefined) entry.execute!(context, args);
      else propagation.run(entry, context, args, () => entry.execute!(context, args));
      if (client.tracking !== undefined) this.#remember(client, entry, args);
    } else {
      this.#reject(entry, `NOPERM ${judgement.text}`);
    }
    this.#countFailure(entry);
  }

  /** What a session that is not free to do everything is told, if the command is not for it. */
  #denied(client: Client, entry: CommandEntry, args: Arguments): string | undefined {
    if (!client.authenticated && !entry.allowedUnauthenticated) return 'NOAUTH Authentication required.';
    client.lastCommand = entry.fullName;
    const context = client.transaction === undefined ? 'toplevel' : 'multi';
    const judgement = this.#server.access.refuse(client, entry, args, context);
    return judgement && `NOPERM ${judgement.text}`;
  }

  #execute(entry: CommandEntry, args: Arguments): void {
    const { context, propagation } = this.#server;
    if (propagation === undefined) this.#executeCounted(entry, args);
    else propagation.run(entry, context, args, () => this.#executeCounted(entry, args));
  }

  #executeCounted(entry: CommandEntry, args: Arguments): void {
    const server = this.#server;
    const { context } = server;
    server.probe.called(entry.number);
    const calls = server.stats.callsByCommand[entry.number]!++;
    context.entry = entry;
    if (entry.isFast && calls % server.timeEvery !== 0) entry.execute!(context, args);
    else this.#executeTimed(entry, args);
    if (context.client.tracking !== undefined) this.#remember(context.client, entry, args);
    this.#countFailure(entry);
  }

  /** What a client that caches has read. A part of a transaction or a script reads for its client. */
  #remember(client: Client, entry: CommandEntry, args: Arguments): void {
    if (!entry.isTracked || !client.tracking!.remembers) return;
    const keys = findKeys(entry, args).map(({ index }) => toLatin1(args.view(index)));
    if (keys.length > 0) this.#server.tracking.remember(client, keys);
  }

  /** A request of a client that caches is over: CLIENT CACHING was for it alone, or for its transaction. */
  endTracked(client: Client, args: Arguments): void {
    const { tracking } = this.#server;
    tracking.settle(client);
    const isOver = client.blocked === undefined && client.transaction === undefined;
    if (isOver && client.tracking!.isCachingSaid && this.find(args)?.fullName.split('|')[0] !== 'client')
      client.tracking!.isCachingSaid = false;
  }

  /** Errors of a command's parts have been counted as theirs. */
  #countFailure(entry: CommandEntry): void {
    const { errorCount } = this.#reply;
    if (errorCount === this.#errorsSeen) return;
    this.#errorsSeen = errorCount;
    this.#server.stats.failedByCommand[entry.number]!++;
  }

  /** What is queued takes memory, whatever it is; EXEC takes what its commands take. */
  #hasRoomFor(client: Client, entry: CommandEntry): boolean {
    const { transaction } = client;
    const isPlainEnd = transaction !== undefined && entry.endsTransaction && !entry.deniesOutOfMemory;
    if (isPlainEnd && !(entry.fullName === 'exec' && transaction.deniesOutOfMemory)) return true;
    const hasRoom = this.#makeRoom();
    // What had to go for that is told before the reply.
    if (client.tracking !== undefined) this.#server.tracking.settle(client);
    if (client.pushes !== undefined) pushBeforeReply(client, this.#reply);
    return hasRoom;
  }

  /** @param origin as MONITOR shows it in place of the client's address. */
  #executeTimed(entry: CommandEntry, args: Arguments, origin?: string): void {
    const { clock, context, latencyEvents, monitors, probe, slowLog, stats } = this.#server;
    if (monitors.count > 0 && entry.isMonitored)
      monitors.show(context.client, args, secretArguments(entry.fullName, args), clock.nowUs(), origin);
    const startUs = clock.monotonicUs();
    entry.execute!(context, args);
    const endUs = clock.monotonicUs();
    const durationUs = endUs - startUs;
    stats.countExecution(entry.number, durationUs);
    probe.executed(entry.number, startUs, endUs);
    slowLog.note(entry.fullName, context.client, args, durationUs, context.nowMs);
    latencyEvents.note(entry.isFast ? 'fast-command' : 'command', durationUs, context.nowMs);
  }

  /** A refused command breaks the transaction that it was meant for; a refused EXEC ends it, even where there is none. */
  #reject(entry: CommandEntry, error: string): void {
    const { client } = this.#server.context;
    this.#server.stats.rejectedByCommand[entry.number]!++;
    if (entry.fullName !== 'exec') return this.#refuse(error);
    discardTransaction(this.#server, client);
    const cause = error.startsWith('ERR ') ? error.slice(4) : error;
    this.#reply.error(`EXECABORT Transaction discarded because of: ${cause}`);
  }

  #refuse(error: string): void {
    const { transaction } = this.#server.context.client;
    if (transaction !== undefined) transaction.isBroken = true;
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
    this.#refuse(
      `ERR unknown command '${echoed(name, UNKNOWN_COMMAND_ECHO_BYTES)}', with args beginning with: ${echo}`,
    );
  }
}
