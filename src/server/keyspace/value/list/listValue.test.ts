/** Lists against an array, under every kind of node limit. */
import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../../base/bytes.ts';
import { Prng } from '../../../../base/prng.ts';
import { SeededRng } from '../../../../ports/sim/seededRng.ts';
import { ByteWiseHash } from '../../hashing.ts';
import { createStorage } from '../../storageVariants.ts';
import { Probe } from '../listpack.ts';
import { ListValue } from './listValue.ts';

const probe = (text: string): Probe => new Probe(fromLatin1(text), 0, text.length);
const STEPS = 3000;

describe('a list', () => {
  it.each([
    { fill: -2, seed: 1 },
    { fill: -1, seed: 2 },
    { fill: 4, seed: 3 },
    { fill: 1, seed: 4 },
  ])('follows an array, list-max-listpack-size $fill', ({ fill, seed }) => {
    const random = new Prng(seed);
    const storage = createStorage('arena', new ByteWiseHash(new SeededRng(1)));
    const list = new ListValue(storage);
    list.adopt();
    const model: string[] = [];
    const draw = (): string => {
      const kind = random.below(20);
      if (kind < 12) return String(random.below(12));
      return kind < 19 ? 'e'.repeat(random.below(300)) : 'L'.repeat(9000);
    };
    for (let step = 0; step < STEPS; step++) {
      const text = draw();
      const index = random.below(model.length + 1);
      list.prepare(text.length, 1, fill);
      switch (random.below(10)) {
        case 0:
        case 1:
          list.pushHead(probe(text));
          model.unshift(text);
          break;
        case 2:
        case 3:
          list.pushTail(probe(text));
          model.push(text);
          break;
        case 4:
        case 5:
          if (model.length === 0) break;
          expect(toLatin1(list.pop(step % 2 === 0))).toBe(step % 2 === 0 ? model.shift() : model.pop());
          break;
        case 6: {
          const pivot = draw();
          const at = model.indexOf(pivot);
          expect(list.insertBeside(probe(pivot), probe(text), step % 2 === 0)).toBe(at >= 0);
          if (at >= 0) model.splice(step % 2 === 0 ? at + 1 : at, 0, text);
          break;
        }
        case 7:
          if (index === model.length) break;
          list.set(index, probe(text));
          model[index] = text;
          break;
        case 8: {
          const count = random.below(Math.min(6, model.length - index) + 1);
          list.removeRange(index, count);
          model.splice(index, count);
          break;
        }
        default: {
          const before = model.length;
          const kept = model.filter((each) => each !== text);
          const removed = list.removeEqual(probe(text), Number.POSITIVE_INFINITY, step % 2 === 0);
          expect(removed).toBe(before - kept.length);
          model.splice(0, before, ...kept);
        }
      }
      list.shrink(fill);
      list.settle();
      expect(list.length).toBe(model.length);
    }
    expect(list.elements(0, list.length, false).map((each) => toLatin1(each))).toEqual(model);
    expect(list.elements(0, list.length, true).map((each) => toLatin1(each))).toEqual(model.toReversed());
    for (let i = 0; i < model.length; i += 7) expect(toLatin1(list.at(i))).toBe(model[i]);
    expect(storage.collectionsBytes()).toBe(list.memoryBytes());
    expect(list.duplicate().elements(0, list.length, false)).toEqual(list.elements(0, list.length, false));
    list.release();
    expect(storage.collectionsBytes()).toBe(0);
  });

  it('is packed up to the limit, and again below half of it', () => {
    const storage = createStorage('arena', new ByteWiseHash(new SeededRng(1)));
    const list = new ListValue(storage);
    const push = (text: string): void => {
      list.prepare(text.length, 1, -2);
      list.pushTail(probe(text));
    };
    for (let i = 0; i < 8; i++) push('x'.repeat(1000));
    expect(list.encoding()).toBe('listpack');
    push('x'.repeat(1000));
    expect(list.encoding()).toBe('quicklist');
    while (list.length > 5) list.pop(false);
    list.shrink(-2);
    expect(list.encoding()).toBe('quicklist');
    while (list.length > 4) list.pop(false);
    list.shrink(-2);
    expect(list.encoding()).toBe('listpack');
  });
});
