/** Packed sequences against an array of texts: whatever is put in comes out, wherever it is put. */
import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { framedListpack, ListpackWriter } from '../serialization/listpack.ts';
import { Listpack, Probe } from './listpack.ts';

const TEXTS = [
  '',
  'a',
  '0',
  '127',
  '128',
  '-1',
  '4095',
  '-4096',
  '4096',
  '32767',
  '-32769',
  '8388607',
  '2147483648',
  '-9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '007',
  'x'.repeat(63),
  'x'.repeat(64),
  'y'.repeat(4095),
  'z'.repeat(4096),
  'w'.repeat(20_000),
];
const probe = (text: string): Probe => new Probe(fromLatin1(text), 0, text.length);

function texts(listpack: Listpack): string[] {
  const found: string[] = [];
  for (let at = listpack.first(); at >= 0; at = listpack.next(at)) found.push(toLatin1(listpack.text(at)));
  return found;
}

describe('a listpack', () => {
  it('holds every text in the encoding that Redis chooses', () => {
    const listpack = new Listpack();
    const writer = new ListpackWriter();
    for (const text of TEXTS) {
      listpack.append(probe(text));
      writer.append(fromLatin1(text), 0, text.length);
    }
    expect(texts(listpack)).toEqual(TEXTS);
    expect(Buffer.from(framedListpack(listpack)).equals(Buffer.from(writer.finish()))).toBe(true);
  });

  it.each([1, 2, 3])('follows an array through insertions, replacements and removals, seed %i', (seed) => {
    const random = new Prng(seed);
    const listpack = new Listpack();
    const model: string[] = [];
    const draw = (): string => TEXTS[random.below(TEXTS.length)]!;
    for (let step = 0; step < 600; step++) {
      const place = random.below(model.length + 1);
      const at = place === model.length ? listpack.used : listpack.nth(place);
      const text = draw();
      switch (random.below(5)) {
        case 0:
        case 1:
          listpack.insert(at, probe(text));
          model.splice(place, 0, text);
          break;
        case 2:
          if (place === model.length) break;
          listpack.replace(at, probe(text));
          model[place] = text;
          break;
        case 3: {
          const count = random.below(Math.min(3, model.length - place) + 1);
          listpack.removePlaces(place, count);
          model.splice(place, count);
          break;
        }
        default: {
          const backwards = random.below(2) === 1;
          const most = 1 + random.below(2);
          let left = most;
          const removed = listpack.removeEqual(probe(text), most, backwards);
          for (let i = backwards ? model.length - 1 : 0; i >= 0 && i < model.length && left > 0; ) {
            if (model[i] === text) {
              model.splice(i, 1);
              left--;
              if (backwards) i--;
            } else i += backwards ? -1 : 1;
          }
          expect(removed).toBe(most - left);
        }
      }
      expect(listpack.count).toBe(model.length);
    }
    expect(texts(listpack)).toEqual(model);
    const backwards: string[] = [];
    for (let at = listpack.last(); at >= 0; at = listpack.previous(at))
      backwards.push(toLatin1(listpack.view(at)));
    expect(backwards.reverse()).toEqual(model);
    for (const text of TEXTS) {
      const at = listpack.find(probe(text));
      expect(at < 0 ? -1 : toLatin1(listpack.text(at))).toBe(model.includes(text) ? text : -1);
    }
  });
});
