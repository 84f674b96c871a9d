/** A request taken apart: what each shard is asked, and how the answers become one. */
import type { Arguments } from '../commands/arguments.ts';
import type { Combine } from './combine/keyReplies.ts';

export interface Part {
  readonly shard: number;
  /** The words to send: the arguments of `source` at `indices`. Not valid beyond the call that made them. */
  readonly source: Arguments;
  readonly indices: readonly number[];
}

export interface Split {
  readonly parts: readonly Part[];
  /**
   * True if the asked shard's own part comes first and its error is the answer to the whole: for commands that every shard checks alike,
   * so that what is refused changes nothing anywhere.
   */
  readonly isCheckedHere: boolean;
  readonly combine: Combine;
}

export const allIndices = (args: Arguments): number[] => Array.from({ length: args.count }, (_, i) => i);
