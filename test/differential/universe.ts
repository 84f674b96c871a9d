/**
 * The small world in which random commands meet: few keys, few fields, values that sit on the edges of encodings and parsers.
 * Small, so that commands collide: wrong types, overwritten expiries, counters that hit text.
 */
import { Prng } from '../../src/base/prng.ts';

export const KEYS = [
  ...Array.from({ length: 8 }, (_, i) => `k${i}`),
  'k{tag}',
  'Köln',
  '\x00\xff\r\n',
  '',
  'l0',
  'l1',
  'l2',
  's0',
  's1',
  's2',
  'z0',
  'z1',
  'z2',
  'x0',
  'x1',
  'geo',
  'hll',
  'a-key-that-is-longer-than-sixty-four-bytes-so-that-nothing-packs-it-tightly',
];
export const FIELDS = ['f0', 'f1', 'f2', 'f3', 'f4', '1', '', '\x00\x01\xfe', 'field-of-a-middling-length'];
export const DATABASES = 3;

const VALUES = [
  '0',
  '1',
  '-1',
  '2',
  '10',
  '127',
  '-128',
  '32768',
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '18446744073709551615',
  '007',
  '+5',
  ' 5',
  '5 ',
  '-0',
  '3.0',
  '1e5',
  '0x10',
  '1.5',
  '-3.25e2',
  '0.1',
  '3.141592653589793238',
  '1e400',
  '-1e-400',
  'nan',
  'inf',
  '-inf',
  '',
  'hello',
  'foobar',
  'ohmytext',
  'mynewtext',
  'a'.repeat(44),
  'b'.repeat(45),
  'c'.repeat(64),
  'd'.repeat(65),
  '\x00\x01\x02',
  '\xff\xfe\r\n\x80',
  'x'.repeat(200),
];
const INTEGERS = [
  '0',
  '1',
  '-1',
  '2',
  '3',
  '5',
  '7',
  '-2',
  '-3',
  '10',
  '100',
  '-100',
  '1000',
  '2147483647',
  '2147483648',
  '-2147483649',
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '12abc',
  '',
  '1.0',
  ' 1',
  '01',
  '-',
];
const FLOATS = [
  '0',
  '1',
  '-1',
  '0.1',
  '-0.1',
  '1.5',
  '3.0e3',
  '1e-10',
  '1e17',
  '5.0e-324',
  '1e308',
  '1e4000',
  'inf',
  '-inf',
  'nan',
  '0x1p3',
  'abc',
  '',
  ' 1',
  '1 ',
  '9223372036854775807',
  '3.14159265358979323846',
  '200.000000001',
];
const MEMBERS = [
  'a',
  'b',
  'c',
  'd',
  'ab',
  'abc',
  '',
  '0',
  '1',
  '2',
  '-1',
  '100',
  '70000',
  '-5000000000',
  'f0',
];
const SCORES = [
  '0',
  '-0',
  '1',
  '1.5',
  '-1.5',
  '1e10',
  '3.14',
  'inf',
  '-inf',
  '+inf',
  '0.1',
  '1e-5',
  '100000000000000000',
];
const PATTERNS = [
  '*',
  'k*',
  'k?',
  'k[0-3]',
  'k[^0-3]',
  '[a-',
  '\\*',
  '*{*',
  '',
  'f*',
  '?',
  '**1',
  'k[3-0]',
  'nothing',
];

/** Anything that a command might take for an option, valid or not where it lands. */
export const WORDS = [
  'NX',
  'XX',
  'GT',
  'LT',
  'GET',
  'EX',
  'PX',
  'EXAT',
  'PXAT',
  'KEEPTTL',
  'PERSIST',
  'COUNT',
  'MATCH',
  'TYPE',
  'NOVALUES',
  'WITHVALUES',
  'FIELDS',
  'STORE',
  'LIMIT',
  'BY',
  'ASC',
  'DESC',
  'ALPHA',
  'REPLACE',
  'DB',
  'ABSTTL',
  'IDLETIME',
  'FREQ',
  'LEN',
  'IDX',
  'MINMATCHLEN',
  'WITHMATCHLEN',
  'ASYNC',
  'SYNC',
  'LEFT',
  'RIGHT',
  'BEFORE',
  'AFTER',
  'RANK',
  'MAXLEN',
  'MIN',
  'MAX',
  'WITHSCORES',
  'WITHSCORE',
  'BYSCORE',
  'BYLEX',
  'REV',
  'CH',
  'INCR',
  'WEIGHTS',
  'AGGREGATE',
  'string',
  'set',
  'zset',
  'hash',
  'list',
  'nosuch',
  '0',
  '1',
  '-1',
  'k0',
  'f0',
];

export class Draw {
  readonly #prng: Prng;
  /** Payloads made by the reference's own DUMP, for RESTORE. */
  readonly payloads: readonly string[];

  constructor(seed: number, payloads: readonly string[]) {
    this.#prng = new Prng(seed);
    this.payloads = payloads;
  }

  below(bound: number): number {
    return this.#prng.below(bound);
  }

  chance(probability: number): boolean {
    return this.#prng.float() < probability;
  }

  of<T>(items: readonly T[]): T {
    return items[this.#prng.below(items.length)]!;
  }

  /** Each item with its probability, in order. */
  some(probability: number, ...items: string[]): string[] {
    return this.chance(probability) ? items : [];
  }

  many<T>(min: number, max: number, draw: () => T): T[] {
    return Array.from({ length: min + this.below(max - min + 1) }, draw);
  }

  // Two thirds of all draws fall on the first few, so that keys live long enough to meet.
  key(): string {
    return this.chance(0.6) ? KEYS[this.below(5)]! : this.of(KEYS);
  }

  /** A key that more often than not was written as a hash. */
  hashKey(): string {
    return this.chance(0.8) ? this.of(['k3', 'k4', 'k5', 'k6', 'k7']) : this.key();
  }

  stringKey(): string {
    return this.chance(0.8) ? this.of(['k0', 'k1', 'k2', 'k3', 'k{tag}', '\x00\xff\r\n']) : this.key();
  }

  listKey(): string {
    return this.chance(0.85) ? this.of(['l0', 'l1', 'l2', 'k{tag}']) : this.key();
  }

  setKey(): string {
    return this.chance(0.85) ? this.of(['s0', 's1', 's2', 'Köln']) : this.key();
  }

  sortedSetKey(): string {
    return this.chance(0.85) ? this.of(['z0', 'z1', 'z2', 'k7']) : this.key();
  }

  /** Of a sorted set whose members all have the score 0: ranges of members are defined for those only. */
  memberOrderedKey(): string {
    return this.of(['lex0', 'lex1']);
  }

  streamKey(): string {
    return this.chance(0.9) ? this.of(['x0', 'x1']) : this.key();
  }

  geoKey(): string {
    return this.chance(0.85) ? this.of(['geo', 'geo', 'z2']) : this.key();
  }

  hyperLogLogKey(): string {
    return this.chance(0.9) ? this.of(['hll', 'hll', 'k2']) : this.key();
  }

  /** Of a list: few enough that they repeat. */
  element(): string {
    return this.chance(0.7) ? this.of(MEMBERS) : this.value();
  }

  /** Of a set: few enough that they meet, many enough for the large forms. */
  member(): string {
    const kind = this.below(10);
    if (kind < 5) return this.of(MEMBERS);
    return kind < 9 ? `m${this.below(60)}` : this.value();
  }

  score(): string {
    const kind = this.below(10);
    if (kind < 5) return String(this.below(12) - 4);
    return kind < 8 ? this.of(SCORES) : this.float();
  }

  field(): string {
    // A few dozen numbered fields take hashes over the (lowered) listpack limits.
    return this.chance(0.8) ? this.of(FIELDS) : `n${this.below(30)}`;
  }

  value(): string {
    const kind = this.below(20);
    if (kind < 14) return this.of(VALUES);
    if (kind < 17) return String(this.below(100_000) - 1000);
    if (kind < 19) return this.bytes(this.below(80));
    return this.bytes(this.below(20_000));
  }

  bytes(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.below(256));
    return text;
  }

  integer(): string {
    return this.chance(0.5) ? String(this.below(200) - 50) : this.of(INTEGERS);
  }

  float(): string {
    return this.chance(0.4) ? ((this.#prng.float() - 0.5) * 1000).toFixed(this.below(12)) : this.of(FLOATS);
  }

  pattern(): string {
    return this.of(PATTERNS);
  }

  database(): string {
    return this.chance(0.95) ? String(this.below(DATABASES)) : this.of(['-1', '16', 'x', '99999999999']);
  }

  /**
   * Seconds from now, far ahead: two servers never run a command in the same millisecond, so no amount may pass meanwhile, and
   * no two may be so near each other that GT or LT could tell the servers apart.
   */
  relativeSec(): string {
    if (this.chance(0.15))
      return this.of(['0', '-1', '-100', '9223372036854775807', '-9223372036854775808', 'x', '']);
    return String(1000 + this.below(1_000_000_000));
  }

  relativeMs(): string {
    if (this.chance(0.15))
      return this.of(['0', '-1', '-100', '9223372036854775807', '-9223372036854775808', 'x', '']);
    return String(1_000_000 + this.below(1_000_000_000_000));
  }

  /** Few absolute instants, so that GT and LT meet equal ones; one lies behind. */
  absoluteSec(): string {
    return this.of(['4000000000', '4000000001', '5000000000', '1', '0', '-1', '9223372036854775807', 'x']);
  }

  absoluteMs(): string {
    return this.of([
      '4000000000000',
      '4000000000001',
      '4000000000999',
      '5000000000000',
      '1',
      '0',
      '-5',
      '9223372036854775807',
      'x',
    ]);
  }
}
