/** What one client has asked of client-side caching: CLIENT TRACKING's options and what became of them. */

/** Which keys are remembered: those that are read, those that are read after CACHING YES, or without CACHING NO; or (broadcast) none, by prefix. */
export type TrackingMode = 'default' | 'optin' | 'optout' | 'bcast';

export class TrackingSession {
  mode: TrackingMode = 'default';
  /** NOLOOP: it is not told of its own changes. */
  skipsOwn = false;
  /** Who is told in its place, 0 for itself. */
  redirectId = 0;
  /** The client in its place has gone. */
  isRedirectBroken = false;
  /** CLIENT CACHING was said for the command (or transaction) that comes next. */
  isCachingSaid = false;
  /** Latin1; of broadcasts only. */
  readonly prefixes = new Set<string>();
  /** Invalidations by the command that it runs now, which follow the reply: key names, or undefined for all keys. */
  pending: (string | undefined)[] = [];

  /** Whether what the next read touches is to be remembered. */
  get remembers(): boolean {
    return this.mode === 'default' || (this.mode === 'optin' ? this.isCachingSaid : !this.isCachingSaid);
  }
}
