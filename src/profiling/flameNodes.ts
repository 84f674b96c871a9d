/**
 * What the flamegraph page is given: a tree of plain numbers, in one unit (share of the thread's time, or nanoseconds a request), for one
 * profile or for two beside each other.
 */
import type { Frame, FrameKind } from './cpuProfile.ts';
import { frameKey, type StackNode, type StackTree } from './stackTree.ts';

export interface FlameNode {
  readonly name: string;
  readonly location: string;
  readonly kind: FrameKind;
  /** Width: of two profiles the larger, and at least that of the children. */
  readonly width: number;
  /** Total and own value; of two profiles the candidate's. */
  readonly total: number;
  readonly self: number;
  /** Of two profiles the reference's. */
  readonly before?: { readonly total: number; readonly self: number };
  readonly children: readonly FlameNode[];
}

/** Frames narrower than this share of the whole are left out, with their children. */
const WIDTH_MIN_SHARE = 0.0005;

/** @param perUnit shown value of one unit of the tree. */
export function flameNodes({ root }: StackTree, perUnit: number): FlameNode {
  const least = root.total * WIDTH_MIN_SHARE;
  const convert = ({ frame, total, self, children }: StackNode): FlameNode => ({
    ...frame,
    width: total * perUnit,
    total: total * perUnit,
    self: self * perUnit,
    children: sorted([...children.values()].filter((child) => child.total >= least).map(convert)),
  });
  return convert(root);
}

/** A profile with the shown value of its unit: with nanoseconds a request, servers of different speed compare. */
export interface Measured {
  readonly tree: StackTree;
  readonly perUnit: number;
}

/** Frames of either; what has vanished keeps the width that it had. */
export function differentialNodes(reference: Measured, candidate: Measured): FlameNode {
  const least =
    Math.max(reference.tree.root.total * reference.perUnit, candidate.tree.root.total * candidate.perUnit) *
    WIDTH_MIN_SHARE;
  const merge = (before: StackNode | undefined, after: StackNode | undefined): FlameNode => {
    const keys = new Set([...(before?.children.keys() ?? []), ...(after?.children.keys() ?? [])]);
    const children = [...keys]
      .map((key) => merge(before?.children.get(key), after?.children.get(key)))
      .filter(({ width }) => width >= least);
    const value = (node: StackNode | undefined, perUnit: number) => ({
      total: (node?.total ?? 0) * perUnit,
      self: (node?.self ?? 0) * perUnit,
    });
    const [was, is] = [value(before, reference.perUnit), value(after, candidate.perUnit)];
    const own = Math.max(was.self, is.self);
    const inner = children.reduce((sum, child) => sum + child.width, 0);
    const frame: Frame = (after ?? before)!.frame;
    return {
      ...frame,
      width: Math.max(was.total, is.total, inner + own),
      ...is,
      before: was,
      children: sorted(children),
    };
  };
  return merge(reference.tree.root, candidate.tree.root);
}

/** By name, so that the same function stands at the same place in every graph. */
const sorted = (nodes: FlameNode[]): FlameNode[] =>
  nodes.sort((a, b) => (frameKey(a) < frameKey(b) ? -1 : 1));
