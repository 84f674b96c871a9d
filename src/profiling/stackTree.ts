/** Stacks merged into a tree: what a flamegraph draws. Values are in the unit of the samples: microseconds of a thread, bytes allocated. */
import type { Frame, StackSample } from './cpuProfile.ts';

export interface StackNode {
  readonly frame: Frame;
  self: number;
  total: number;
  readonly children: Map<string, StackNode>;
}

const newNode = (frame: Frame): StackNode => ({ frame, self: 0, total: 0, children: new Map() });

/** Two frames are the same function if name and file agree: lines move between versions. */
export const frameKey = ({ name, location }: Frame): string => `${name} ${location.replace(/:\d+$/, '')}`;

export class StackTree {
  readonly root: StackNode;

  constructor(name: string) {
    this.root = newNode({ name, location: '', kind: 'engine' });
  }

  add({ frames, weight }: Pick<StackSample, 'frames' | 'weight'>): void {
    let node = this.root;
    node.total += weight;
    for (const frame of frames) {
      const key = frameKey(frame);
      let child = node.children.get(key);
      if (child === undefined) {
        child = newNode(frame);
        node.children.set(key, child);
      }
      child.total += weight;
      node = child;
    }
    node.self += weight;
  }

  /** Functions by their own time, wherever they were called from. */
  topFrames(count: number): { frame: Frame; self: number; share: number }[] {
    const byKey = new Map<string, { frame: Frame; self: number }>();
    const visit = (node: StackNode): void => {
      if (node.self > 0) {
        const key = frameKey(node.frame);
        const known = byKey.get(key);
        if (known === undefined) byKey.set(key, { frame: node.frame, self: node.self });
        else known.self += node.self;
      }
      for (const child of node.children.values()) visit(child);
    };
    visit(this.root);
    const total = this.root.total || 1;
    return [...byKey.values()]
      .sort((a, b) => b.self - a.self)
      .slice(0, count)
      .map((each) => ({ ...each, share: each.self / total }));
  }
}

export function treeOf(name: string, samples: Iterable<Pick<StackSample, 'frames' | 'weight'>>): StackTree {
  const tree = new StackTree(name);
  for (const sample of samples) tree.add(sample);
  return tree;
}
