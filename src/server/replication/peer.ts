/** What a node knows of one of its peers, and counts about it. */
import type { VersionVector } from './versionVector.ts';

/** A round of anti-entropy that this node has asked for. */
export interface AskedRound {
  readonly round: number;
  /** Of `Departures`, when it was asked. */
  readonly cycle: number;
  readonly received: Set<number>;
  progressMs: number;
}

/** A round that a peer has asked for: buckets still to be sent, and what this node had seen when it was asked. */
export interface AnswerInProgress {
  readonly asker: string;
  readonly round: number;
  readonly buckets: readonly number[];
  readonly seen: VersionVector;
  sent: number;
}

/** Parts received of the flush that a peer is sending. */
export interface FlushInProgress {
  readonly ticks: number;
  readonly parts: Set<number>;
}

export interface PeerCounters {
  deltasSent: number;
  deltasApplied: number;
  /** Deltas not sent because the peer's queue was full or the link down: anti-entropy brings them. */
  deltasDropped: number;
  messagesSent: number;
  bytesSent: number;
  bytesReceived: number;
  /** Buckets taken in because they differed. */
  bucketsRepaired: number;
  roundsDone: number;
  /** Links torn down for what came over them. */
  faults: number;
}

export class Peer {
  readonly name: string;
  connected = false;
  /** The replica that answers under this name at present, '' before the first link. */
  replica = '';
  seen: VersionVector | undefined;
  heardMs = 0;
  /** What the peer had seen when it was last looked at whether something of that is overdue here. */
  seenAtCheck: VersionVector | undefined;
  checkedMs = 0;
  /** Numbers of the last message sent to it by this process, and received from its. */
  sentNumber = 0;
  receivedNumber = 0;
  asked: AskedRound | undefined;
  askedMs = Number.NEGATIVE_INFINITY;
  answer: AnswerInProgress | undefined;
  flush: FlushInProgress | undefined;
  /** Revision of this node's vector when the peer was last told it. */
  toldRevision = -1;
  readonly counters: PeerCounters = {
    deltasSent: 0,
    deltasApplied: 0,
    deltasDropped: 0,
    messagesSent: 0,
    bytesSent: 0,
    bytesReceived: 0,
    bucketsRepaired: 0,
    roundsDone: 0,
    faults: 0,
  };

  constructor(name: string) {
    this.name = name;
  }
}
