import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObservedRemoveSet } from './observedRemoveSet.ts';

const REPLICAS = ['a', 'b', 'c'];
const step = fc.record({
  who: fc.nat(2),
  adds: fc.boolean(),
  element: fc.constantFrom('x', 'y', 'z'),
});

describe('observed-remove set', () => {
  it('converges to the same elements whatever the order, repetition and batching of deltas', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.infiniteStream(fc.nat(1000)), (steps, choices) => {
        const choose = (bound: number): number => choices.next().value! % bound;
        const sets = REPLICAS.map(() => new ObservedRemoveSet());
        const deltas: ObservedRemoveSet[] = [];
        for (const { who, adds, element } of steps) {
          const set = sets[who]!;
          deltas.push(adds ? set.add(element, REPLICAS[who]!) : set.remove(element));
          if (deltas.length > 1 && choose(2) === 0) set.merge(deltas[choose(deltas.length)]!);
        }
        for (const set of sets) {
          const batch = new ObservedRemoveSet();
          const order = [...deltas].sort(() => choose(3) - 1);
          for (const delta of order) {
            (choose(2) === 0 ? set : batch).merge(delta);
            if (choose(4) === 0) set.merge(delta);
          }
          set.merge(batch);
        }
        expect(sets[1]!.elements()).toEqual(sets[0]!.elements());
        expect(sets[2]!.elements()).toEqual(sets[0]!.elements());
      }),
    );
  });

  it('keeps a removed element out when an older state is merged (a union of tags would bring it back)', () => {
    const a = new ObservedRemoveSet();
    const old = new ObservedRemoveSet();
    old.merge(a.add('x', 'a'));
    a.remove('x');
    a.merge(old);
    expect(a.has('x')).toBe(false);
    old.merge(a);
    expect(old.has('x')).toBe(false);
  });

  it('lets a concurrent add win over a remove', () => {
    const a = new ObservedRemoveSet();
    const b = new ObservedRemoveSet();
    b.merge(a.add('x', 'a'));
    const added = b.add('x', 'b');
    const removed = a.remove('x');
    a.merge(added);
    b.merge(removed);
    expect(a.has('x')).toBe(true);
    expect(b.has('x')).toBe(true);
  });
});
