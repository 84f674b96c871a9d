/** A store as bytes and back: what a node may start from again, however old. Equal stores give equal bytes. */
import type { KeyState } from './keyState.ts';
import type { ReplicaStore } from './replicaStore.ts';
import { readState, readVector, writeState, writeVector } from './wire/stateCodec.ts';
import { WireReader, WireWriter } from './wire/wireBytes.ts';

/** The keys alone: what nodes agree on once they have exchanged everything. */
export function encodeStates(store: ReplicaStore): Uint8Array {
  const writer = new WireWriter();
  const keys = [...store.keys()].sort();
  writer.count(keys.length);
  for (const key of keys) {
    writer.latin1(key);
    writeState(writer, store.get(key)!);
  }
  return writer.written();
}

export function encodeSnapshot(store: ReplicaStore): Uint8Array {
  const writer = new WireWriter();
  writer.integer(store.clock.ticks);
  writeVector(writer, store.seen);
  writer.raw(encodeStates(store));
  return writer.written();
}

/** Fills an empty store. Throws WireError if the bytes are none of ours. */
export function restoreSnapshot(store: ReplicaStore, bytes: Uint8Array): void {
  const header = new WireReader(bytes);
  const ticks = header.integer();
  const seen = readVector(header);
  // The states name their replicas anew.
  const reader = new WireReader(bytes, bytes.length - header.left);
  const states: [string, KeyState][] = [];
  for (let left = reader.countOf(2); left > 0; left--) {
    const key = reader.latin1();
    states.push([key, readState(reader)]);
  }
  reader.end();
  store.restore(states, seen, ticks);
}
