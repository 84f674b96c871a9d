/**
 * One simulated run of a group of nodes, decided by its seed alone: clients write, everything that can go wrong does, then all
 * heals and the oracle judges. The trace's hash tells two runs apart that took a single different turn.
 */
import { Prng } from '../../src/base/prng.ts';
import { FaultCounts } from './faults.ts';
import { ReplicationOracle } from './replicationOracle.ts';
import { ReplicationWorkload } from './replicationWorkload.ts';
import { CALM, SimulatedNetwork } from './simulatedNetwork.ts';
import { SimulatedNode } from './simulatedNode.ts';

const STORM_MS = 15_000;
/** Longer than any message is under way, any round takes and any expiry lasts, several times over. */
const QUIET_MS = 35_000;
const STEP_MS = 20;
const SKEW_MS_MAX = 2000;
const RECONNECT_MS = 100;

export interface RunReport {
  seed: number;
  nodes: number;
  writes: number;
  messages: number;
  tombstonesCollected: number;
  faults: FaultCounts;
  traceHash: number;
  /** What the oracle found; empty if the run is good. */
  failures: string[];
}

export class ReplicationRun {
  readonly #seed: number;
  readonly #random: Prng;
  readonly #faults = new FaultCounts();
  readonly #oracle = new ReplicationOracle();
  readonly #network: SimulatedNetwork;
  readonly #workload: ReplicationWorkload;
  readonly #nodes: SimulatedNode[] = [];
  #nowMs = 0;
  #writes = 0;
  #messages = 0;
  #collectedBefore = 0;
  #traceHash = 0x811c9dc5;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Prng(seed);
    this.#network = new SimulatedNetwork(this.#random, this.#faults);
    this.#workload = new ReplicationWorkload(this.#random, (write) => {
      this.#writes++;
      this.#trace(write.stamp.ticks);
      this.#oracle.acknowledge(write);
    });
    const count = 3 + this.#random.below(3);
    const batches = this.#random.below(2) === 0;
    for (let index = 0; index < count; index++) {
      const node = new SimulatedNode(index, count, this.#network, batches);
      if (this.#random.below(2) === 0) {
        node.skewMs = this.#random.below(2 * SKEW_MS_MAX) - SKEW_MS_MAX;
        this.#faults.count('clock skewed');
      }
      this.#nodes.push(node);
    }
  }

  run(): RunReport {
    this.#network.hazards = {
      loss: this.#random.float() * 0.3,
      duplication: this.#random.float() * 0.2,
      overtaking: this.#random.float() * 0.2,
      corruption: this.#random.float() * 0.02,
    };
    while (this.#nowMs < STORM_MS) {
      if (this.#random.below(3) > 0) this.#workload.step(this.#anyNode());
      if (this.#random.below(10) === 0) this.#misfortune();
      this.#step();
    }
    this.#heal();
    while (this.#nowMs < STORM_MS + QUIET_MS) this.#step();
    const collected = this.#nodes.reduce((sum, each) => sum + each.node.store.tombstonesCollected, 0);
    return {
      seed: this.#seed,
      nodes: this.#nodes.length,
      writes: this.#writes,
      messages: this.#messages,
      tombstonesCollected: this.#collectedBefore + collected,
      faults: this.#faults,
      traceHash: this.#traceHash >>> 0,
      failures: this.#oracle.judge(this.#nodes),
    };
  }

  #anyNode(): SimulatedNode {
    return this.#nodes[this.#random.below(this.#nodes.length)]!;
  }

  #step(): void {
    this.#nowMs += STEP_MS;
    for (const node of this.#nodes) node.advanceTo(this.#nowMs);
    if (this.#nowMs % RECONNECT_MS === 0) this.#connect();
    for (const { from, to, frame } of this.#network.due(this.#nowMs)) {
      this.#messages++;
      this.#trace(to * 7 + from);
      this.#trace(frame.length);
      // An earlier frame of this step may have ended the link.
      if (this.#network.isLinked(from, to) && !this.#nodes[to]!.receive(from, frame))
        this.#disconnect(from, to);
    }
    for (const node of this.#nodes) node.node.tick(this.#nowMs);
  }

  /** Makes the links that are missing and can be made. */
  #connect(): void {
    for (const a of this.#nodes) {
      for (const b of this.#nodes.slice(a.index + 1)) {
        if (this.#network.isLinked(a.index, b.index) || !this.#network.connect(a.index, b.index)) continue;
        a.linkUp(b);
        b.linkUp(a);
      }
    }
  }

  #disconnect(a: number, b: number): void {
    this.#network.disconnect(a, b);
    this.#nodes[a]!.node.linkDown(String(b));
    this.#nodes[b]!.node.linkDown(String(a));
  }

  #misfortune(): void {
    const node = this.#anyNode();
    const [from, to] = [this.#anyNode().index, this.#anyNode().index];
    switch (this.#random.below(10)) {
      case 0:
        this.#network.blocked.add(`${from}>${to}`);
        return this.#faults.count('one-way partition');
      case 1:
        this.#network.blocked.add(`${from}>${to}`).add(`${to}>${from}`);
        return this.#faults.count('two-way partition');
      case 2:
      case 3:
        this.#network.blocked.clear();
        return this.#network.congested.clear();
      case 4:
        this.#network.congested.add(`${from}>${to}`);
        return this.#faults.count('peer queue full');
      case 5:
        node.skewMs -= this.#random.below(SKEW_MS_MAX);
        return this.#faults.count('clock set back');
      case 6:
        node.skewMs += this.#random.below(SKEW_MS_MAX);
        return this.#faults.count('clock set forward');
      case 7:
      case 8:
        return node.takeSnapshot();
      default:
        return this.#crash(node);
    }
  }

  #crash(node: SimulatedNode): void {
    const { snapshots } = node;
    const { replica, store } = node.node;
    const choice = this.#random.below(8);
    const isEmpty = choice === 0 || snapshots.length === 0;
    const isOld = choice < 4 && snapshots.length > 1;
    const snapshot = isEmpty
      ? undefined
      : isOld
        ? snapshots[this.#random.below(snapshots.length - 1)]
        : snapshots.at(-1);
    this.#faults.count(
      isEmpty ? 'crash, nothing left' : isOld ? 'crash, old snapshot' : 'crash, newest snapshot',
    );
    this.#collectedBefore += store.tombstonesCollected;
    for (const other of this.#nodes) if (other !== node) this.#disconnect(node.index, other.index);
    node.restart(snapshot);
    this.#oracle.died(replica, this.#nodes);
  }

  #heal(): void {
    this.#network.hazards = CALM;
    this.#network.blocked.clear();
    this.#network.congested.clear();
  }

  #trace(value: number): void {
    this.#traceHash = Math.imul(this.#traceHash ^ (value % 0x1_0000_0000), 0x01000193);
  }
}
