/** A connected client's session, as commands see it. The transport owns the socket and hands in `link`. */

import type { User } from '../access/user.ts';
import type { Watch } from '../events/watchedKeys.ts';
import type { Subscriptions } from '../pubsub/channels.ts';
import type { BlockedClient, Dismissal } from './blockedClients.ts';
import type { TrackingSession } from './trackingSession.ts';
import type { Transaction } from './transaction.ts';

/** A command that may wait for a key of another shard. */
export interface RemoteWait {
  /** The client has gone. */
  cancel(): void;
  /** CLIENT UNBLOCK. */
  dismiss(how: Dismissal): void;
}

/** Keys watched on another shard, which keeps the account of them. */
export interface RemoteWatch {
  readonly shard: number;
  release(): void;
}

/** What a session may do to its connection. */
export interface ClientLink {
  /** Remote `ip:port` (or `path:0` for a unix socket). */
  readonly address: string;
  /** Local `ip:port`. */
  readonly localAddress: string;
  /** File descriptor, -1 if unknown. */
  readonly fd: number;
  /** Sends bytes that are no reply to a request, behind the replies so far. */
  send(bytes: Uint8Array): void;
  /** Closes after the replies written so far are flushed. */
  closeAfterReply(): void;
  /** Closes now, dropping what is not flushed. */
  closeNow(): void;
  /** Closes if more is unread than may be. */
  enforceOutputLimit(): void;
  /** Stops (true) or resumes (false) reading and executing this client's requests: CLIENT PAUSE. */
  setPaused(paused: boolean): void;
  /** Runs what has come while a command blocked the client. */
  resume(): void;
  /** Unparsed query bytes held, and their buffer's capacity; bytes of replies not yet taken by the kernel. */
  queryBufferBytes(): number;
  queryBufferCapacityBytes(): number;
  outputBufferBytes(): number;
}

/** CLIENT REPLY: `skip` mutes the next command only. */
export type ReplyMode = 'on' | 'off' | 'skip-next' | 'skip';

export class Client {
  /** Its commands come from an append-only file: they did what they say once, and are not judged again. */
  isObeyed = false;
  /** Where in the append-only file what this client wrote last ends. */
  writtenUpTo = 0;
  readonly id: number;
  readonly link: ClientLink;
  readonly createdMs: number;
  name = '';
  libraryName = '';
  libraryVersion = '';
  dbIndex = 0;
  protocol: 2 | 3 = 2;
  /** Never undefined: of the default user until another logs in. */
  user: User;
  /** True once AUTH succeeded, or if none was required when the client came. */
  hasLoggedIn = true;
  /** True also while none is required. */
  authenticated = true;
  /** Something must be checked before each command: whether the client has to log in first, or what its user may do. */
  isRestricted = false;
  replyMode: ReplyMode = 'on';
  noEvict = false;
  noTouch = false;
  /** MONITOR. */
  isMonitor = false;
  /** Between MULTI and EXEC. */
  transaction: Transaction | undefined;
  /** WATCH; kept from the first one on. */
  watch: Watch | undefined;
  /** Undefined without any. */
  subscriptions: Subscriptions | undefined;
  /** CLIENT TRACKING ON. */
  tracking: TrackingSession | undefined;
  /** While a command waits for a key. */
  blocked: BlockedClient | undefined;
  /** While a command that may wait runs on another shard. */
  remoteWait: RemoteWait | undefined;
  /** WATCH of keys on another shard. */
  remoteWatch: RemoteWatch | undefined;
  /** Messages that came while a command of this client's own ran: they go out behind its reply. */
  pushes: Uint8Array[] | undefined;
  lastInteractionMs: number;
  /** Full name of the last command (`client|list`), lower case; '' before the first. */
  lastCommand = '';
  bytesIn = 0;
  bytesOut = 0;
  commandsProcessed = 0;
  closing = false;

  constructor(id: number, link: ClientLink, user: User, nowMs: number) {
    this.id = id;
    this.link = link;
    this.user = user;
    this.createdMs = nowMs;
    this.lastInteractionMs = nowMs;
  }
}
