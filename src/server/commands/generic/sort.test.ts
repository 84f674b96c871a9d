import { beforeEach, describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../../base/bytes.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import { ErrorReply } from '../../protocol/respReader.ts';
import { Arguments } from '../arguments.ts';
import { type Argument, CommandHarness } from '../commandHarness.ts';
import { sortKeys } from './sortOptions.ts';
import type { ElementSource } from './sortSource.ts';

/** The least that SORT needs of a list or set. */
class Elements implements ElementSource {
  readonly type = ValueType.list;
  readonly #elements: Uint8Array[];
  readonly ordered: boolean;

  constructor(texts: readonly string[], ordered = true) {
    this.#elements = texts.map(fromLatin1);
    this.ordered = ordered;
  }

  get elementCount(): number {
    return this.#elements.length;
  }

  elements(from: number, to: number, backwards: boolean): Uint8Array[] {
    return (backwards ? this.#elements.toReversed() : this.#elements).slice(from, to);
  }

  encoding(): string {
    return 'listpack';
  }

  memoryBytes(): number {
    return 0;
  }

  duplicate(): Elements {
    return this;
  }

  adopt(): void {}
  disown(): void {}
  release(): void {}
}

let h: CommandHarness;
const put = (...texts: string[]): void => {
  h.server.databases[0]!.keyspace.putCollection(fromLatin1('l'), 0, 1, new Elements(texts), NO_EXPIRY);
};
const error = (...args: Argument[]): string => {
  const reply = h.run(...args);
  expect(reply).toBeInstanceOf(ErrorReply);
  return (reply as ErrorReply).message;
};

beforeEach(() => {
  h = new CommandHarness();
});

describe('SORT', () => {
  it('sorts numbers, equal ones by their text', () => {
    put('10', '9', '-1', '1.5', '1e3', '9.0', '+2', ' 3', '');
    expect(h.run('SORT', 'l')).toEqual(['-1', '', '1.5', '+2', ' 3', '9', '9.0', '10', '1e3']);
    expect(h.run('SORT_RO', 'l', 'DESC', 'LIMIT', 0, 2)).toEqual(['1e3', '10']);
    put('1', 'x');
    expect(error('SORT', 'l')).toBe("ERR One or more scores can't be converted into double");
  });

  it('sorts bytes with ALPHA', () => {
    put('b', 'B', 'a', 'ab', '\xff');
    expect(h.run('SORT', 'l', 'ALPHA')).toEqual(['B', 'a', 'ab', 'b', '\xff']);
    expect(h.run('SORT', 'l', 'alpha', 'desc', 'limit', -5, 2)).toEqual(['\xff', 'b']);
  });

  it('takes any LIMIT', () => {
    put('3', '1', '2');
    expect(h.run('SORT', 'l', 'LIMIT', 1, -1)).toEqual(['2', '3']);
    expect(h.run('SORT', 'l', 'LIMIT', 1, 1)).toEqual(['2']);
    expect(h.run('SORT', 'l', 'LIMIT', 3, 5)).toEqual([]);
    expect(h.run('SORT', 'l', 'LIMIT', '9223372036854775807', '9223372036854775807')).toEqual([]);
    expect(h.run('SORT', 'l', 'LIMIT', 0, 0)).toEqual([]);
  });

  it('weighs BY keys and hash fields, and keeps the order without a star', () => {
    put('1', '2', '3');
    h.run('MSET', 'w1', 30, 'w2', 20, 'w3', 10);
    expect(h.run('SORT', 'l', 'BY', 'w*')).toEqual(['3', '2', '1']);
    h.run('HSET', 'h1', 'f', 2);
    h.run('HSET', 'h2', 'f', 3);
    // What has no weight weighs nothing.
    expect(h.run('SORT', 'l', 'BY', 'h*->f')).toEqual(['3', '1', '2']);
    expect(h.run('SORT', 'l', 'BY', 'h*->f', 'ALPHA')).toEqual(['3', '1', '2']);
    expect(h.run('SORT', 'l', 'BY', 'nosort', 'DESC', 'LIMIT', 0, 2)).toEqual(['3', '2']);
  });

  it('gets keys, fields and the element itself', () => {
    put('1', '2');
    h.run('SET', 'o1', 'one');
    h.run('HSET', 'h2', 'f->x', 'two');
    h.run('HSET', 'h2->', 'f', 'v');
    h.run('HSET', 'o2', 'f', 'v');
    expect(h.run('SORT', 'l', 'GET', '#', 'GET', 'o*', 'GET', 'h*->f->x', 'GET', 'constant')).toEqual([
      '1',
      'one',
      null,
      null,
      '2',
      null,
      'two',
      null,
    ]);
    // Nothing behind the arrow: it belongs to the name.
    h.run('SET', 'k1->', 'arrow');
    expect(h.run('SORT', 'l', 'GET', 'k*->')).toEqual(['arrow', null]);
    h.run('HPEXPIRE', 'h2', 5, 'FIELDS', 1, 'f->x');
    h.clock.advanceMs(6);
    expect(h.run('SORT', 'l', 'GET', 'h*->f->x')).toEqual([null, null]);
  });

  it('treats an absent key as empty, and STORE then deletes', () => {
    h.run('SET', 'dst', 1);
    expect(h.run('SORT', 'absent')).toEqual([]);
    expect(h.run('SORT', 'absent', 'STORE', 'dst')).toBe(0);
    expect(h.run('EXISTS', 'dst')).toBe(0);
  });

  it('fails as Redis does', () => {
    h.run('SET', 's', 1);
    h.run('HSET', 'h', 'f', 'v');
    const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';
    expect(error('SORT', 's')).toBe(wrongType);
    expect(error('SORT', 'h', 'STORE', 's')).toBe(wrongType);
    expect(error('SORT', 's', 'nope')).toBe('ERR syntax error');
    expect(error('SORT', 's', 'LIMIT', 1)).toBe('ERR syntax error');
    expect(error('SORT', 's', 'LIMIT', 1, 'x')).toBe('ERR value is not an integer or out of range');
    expect(error('SORT_RO', 's', 'STORE', 'x')).toBe('ERR syntax error');
  });

  it('names its keys: the one to sort and the last destination', () => {
    const keys = (...words: string[]): number[] => {
      const args = new Arguments();
      args.buffer = fromLatin1(words.join(''));
      let at = 0;
      for (const word of words) {
        args.push(at, at + word.length);
        at += word.length;
      }
      return sortKeys(args);
    };
    expect(keys('SORT', 'k')).toEqual([1]);
    expect(keys('SORT', 'k', 'BY', 'STORE', 'store', 'a', 'LIMIT', '1', '2', 'STORE', 'b')).toEqual([1, 10]);
    expect(keys('SORT', 'k', 'STORE')).toEqual([1]);
  });
});
