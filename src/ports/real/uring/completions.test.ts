import { describe, expect, it } from 'vitest';
import { type CompletionOwner, Completions, slotAndOperation, UNOBSERVED } from './completions.ts';

class Owner implements CompletionOwner {
  readonly told: number[][] = [];

  onCompletion(operation: number, result: number, flags: number): void {
    this.told.push([operation, result, flags]);
  }
}

describe('the completion table', () => {
  it('tells the owner which of its operations completed', () => {
    const completions = new Completions();
    const [first, second] = [new Owner(), new Owner()];
    const [a, b] = [completions.add(first), completions.add(second)];
    completions.deliver(slotAndOperation(b, 15), completions.generation(b), -104, 2);
    completions.deliver(slotAndOperation(a, 0), completions.generation(a), 64, 0);
    expect(first.told).toEqual([[0, 64, 0]]);
    expect(second.told).toEqual([[15, -104, 2]]);
    expect(completions.count).toBe(2);
  });

  it('uses slots again, in a new generation, and stops at a completion of the old one', () => {
    const completions = new Completions();
    const slot = completions.add(new Owner());
    const old = completions.generation(slot);
    completions.release(slot);
    expect(() => completions.deliver(slotAndOperation(slot, 1), old, 0, 0)).toThrow('owner is gone');
    const next = new Owner();
    expect(completions.add(next)).toBe(slot);
    expect(() => completions.deliver(slotAndOperation(slot, 1), old, 0, 0)).toThrow('owner is gone');
    completions.deliver(slotAndOperation(slot, 1), completions.generation(slot), 5, 0);
    expect(next.told).toEqual([[1, 5, 0]]);
    expect(completions.count).toBe(1);
  });

  it('holds more slots than fit into 16 bits, and is silent about the unobserved', () => {
    const completions = new Completions();
    const owners = Array.from({ length: 70_000 }, () => new Owner());
    const slots = owners.map((owner) => completions.add(owner));
    completions.deliver(slotAndOperation(slots.at(-1)!, 3), 0, 1, 1);
    completions.deliver(UNOBSERVED, 0, -2, 0);
    expect(owners.filter(({ told }) => told.length > 0)).toEqual([owners.at(-1)]);
  });
});
