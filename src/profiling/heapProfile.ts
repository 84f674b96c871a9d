/** A sampling heap profile as V8's inspector gives it, as stacks weighted by the bytes allocated there. */
import { type CallFrame, type Frame, frameOf } from './cpuProfile.ts';

export interface HeapProfileNode {
  readonly callFrame: CallFrame;
  /** Bytes allocated here itself, extrapolated from the samples. */
  readonly selfSize: number;
  readonly children: readonly HeapProfileNode[];
}

export interface HeapProfile {
  readonly head: HeapProfileNode;
}

export function* heapStacks(
  { head }: HeapProfile,
  projectUrl: string,
): Generator<{ readonly frames: readonly Frame[]; readonly weight: number }> {
  const pending: { node: HeapProfileNode; frames: readonly Frame[] }[] = [{ node: head, frames: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, frames } = next;
    if (node.selfSize > 0) yield { frames, weight: node.selfSize };
    for (const child of node.children)
      pending.push({ node: child, frames: [...frames, frameOf(child.callFrame, projectUrl)] });
  }
}
