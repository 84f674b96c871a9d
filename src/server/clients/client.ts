/** A connected client's session, as commands see it. The transport owns the socket and hands in `link`. */

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
  /** Stops (true) or resumes (false) reading and executing this client's requests: CLIENT PAUSE. */
  setPaused(paused: boolean): void;
  /** Unparsed query bytes held, and their buffer's capacity; bytes of replies not yet taken by the kernel. */
  queryBufferBytes(): number;
  queryBufferCapacityBytes(): number;
  outputBufferBytes(): number;
}

/** CLIENT REPLY: `skip` mutes the next command only. */
export type ReplyMode = 'on' | 'off' | 'skip-next' | 'skip';

export class Client {
  readonly id: number;
  readonly link: ClientLink;
  readonly createdMs: number;
  name = '';
  libraryName = '';
  libraryVersion = '';
  dbIndex = 0;
  protocol: 2 | 3 = 2;
  /** True once AUTH succeeded or where none is required. */
  authenticated: boolean;
  user = 'default';
  replyMode: ReplyMode = 'on';
  noEvict = false;
  noTouch = false;
  /** MONITOR. */
  isMonitor = false;
  lastInteractionMs: number;
  /** Full name of the last command (`client|list`), lower case; '' before the first. */
  lastCommand = '';
  bytesIn = 0;
  bytesOut = 0;
  commandsProcessed = 0;
  closing = false;

  constructor(id: number, link: ClientLink, authenticated: boolean, nowMs: number) {
    this.id = id;
    this.link = link;
    this.authenticated = authenticated;
    this.createdMs = nowMs;
    this.lastInteractionMs = nowMs;
  }
}
