/** Flag `sso-strings`, baseline: each value a byte array of its own on the heap, what `Map<string, Buffer>` amounts to. */
import { copyBytes, copyOf, resizeBytes } from '../../../base/bytes.ts';
import { arrayBytes, viewBytes } from './heapBytes.ts';
import type { StoredString } from './storedValue.ts';
import type { StringStore } from './stringStore.ts';

export class HeapStrings implements StringStore {
  store(bytes: Uint8Array, start: number, end: number): Uint8Array {
    return copyOf(bytes, start, end);
  }

  /** A fresh array, not the old one written over: in Node small arrays cost little to make, and lengths mostly differ. */
  replace(_old: StoredString, bytes: Uint8Array, start: number, end: number): Uint8Array {
    return copyOf(bytes, start, end);
  }

  resize(old: StoredString, length: number): Uint8Array {
    return resizeBytes(old as Uint8Array, length);
  }

  release(): void {}

  length(string: StoredString): number {
    return (string as Uint8Array).length;
  }

  copy(string: StoredString, from: number, to: number, target: Uint8Array, at: number): void {
    copyBytes(string as Uint8Array, from, to, target, at);
  }

  write(string: StoredString, at: number, bytes: Uint8Array, start: number, end: number): void {
    copyBytes(bytes, start, end, string as Uint8Array, at);
  }

  view(string: StoredString): Uint8Array {
    return string as Uint8Array;
  }

  memoryBytes(string: StoredString): number {
    return heapStringBytes(string as Uint8Array);
  }

  clear(): void {}
}

/** An empty array of its own costs as much as a short one. */
export const heapStringBytes = (string: Uint8Array): number =>
  string.length === 0 ? arrayBytes(1) : viewBytes(string);
