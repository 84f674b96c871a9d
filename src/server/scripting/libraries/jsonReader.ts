/** JSON as Lua values, after lua-cjson: more forgiving than JSON with numbers, and with its words for what is wrong. */
import type { LuaMachine } from '../engine/luaMachine.ts';
import type { JsonSettings } from './cjson.ts';

/** What comes next in the text. Names are those that errors print. */
type Token =
  | {
      type:
        | 'T_OBJ_BEGIN'
        | 'T_OBJ_END'
        | 'T_ARR_BEGIN'
        | 'T_ARR_END'
        | 'T_COLON'
        | 'T_COMMA'
        | 'T_END'
        | 'T_NULL';
      at: number;
    }
  | { type: 'T_STRING'; at: number; text: string }
  | { type: 'T_NUMBER'; at: number; number: number }
  | { type: 'T_BOOLEAN'; at: number; boolean: boolean }
  | { type: 'error'; at: number; text: string };

const PUNCTUATION: Record<
  string,
  'T_OBJ_BEGIN' | 'T_OBJ_END' | 'T_ARR_BEGIN' | 'T_ARR_END' | 'T_COLON' | 'T_COMMA'
> = {
  '{': 'T_OBJ_BEGIN',
  '}': 'T_OBJ_END',
  '[': 'T_ARR_BEGIN',
  ']': 'T_ARR_END',
  ':': 'T_COLON',
  ',': 'T_COMMA',
};
const ESCAPED: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
};

/** What C's strtod takes for a number. */
const NUMBER =
  /[-+]?(?:(0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[-+]?\d+)?)|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|(inf(?:inity)?)|(nan(?:\(\w*\))?))/iy;
/** What strict JSON does not: a plus sign, hexadecimal digits, leading zeros, infinities and NaN. */
const INVALID_NUMBER = /\+|-?(?:0[x0-9]|inf|nan)/iy;
const PLAIN = /[^"\\\0]*/y;
const HEX4 = /[0-9a-f]{4}/iy;

export class JsonReader {
  readonly #machine: LuaMachine;
  readonly #settings: JsonSettings;
  /** Ends at the first NUL, as C sees it. */
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(machine: LuaMachine, settings: JsonSettings, text: string) {
    this.#machine = machine;
    this.#settings = settings;
    this.#text = text;
  }

  /** Pushes the value of the whole text. */
  read(L: number): void {
    const text = this.#text;
    if (text.length >= 2 && (text[0] === '\0' || text[1] === '\0'))
      this.#machine.raise(L, 'JSON parser does not support UTF-16 or UTF-32');
    this.#value(L, this.#next());
    const end = this.#next();
    if (end.type !== 'T_END') this.#fail(L, 'the end', end);
  }

  #fail(L: number, expected: string, found: Token): never {
    const what = found.type === 'error' ? found.text : found.type;
    return this.#machine.raise(L, `Expected ${expected} but found ${what} at character ${found.at + 1}`);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #next(): Token {
    const text = this.#text;
    let char = text[this.#at];
    while (char === ' ' || char === '\t' || char === '\n' || char === '\r') char = text[++this.#at];
    const at = this.#at;
    if (char === undefined || char === '\0') return { type: 'T_END', at };
    const mark = PUNCTUATION[char];
    if (mark !== undefined) {
      this.#at++;
      return { type: mark, at };
    }
    if (char === '"') return this.#string();
    if (char === '-' || (char >= '0' && char <= '9')) {
      if (!this.#settings.decodesInvalidNumbers && this.#match(INVALID_NUMBER) !== null)
        return { type: 'error', at, text: 'invalid number' };
      return this.#number();
    }
    return this.#word(at) ?? { type: 'error', at, text: 'invalid token' };
  }

  #word(at: number): Token | undefined {
    const text = this.#text;
    const isTrue = text.startsWith('true', at);
    if (isTrue || text.startsWith('false', at)) {
      this.#at += isTrue ? 4 : 5;
      return { type: 'T_BOOLEAN', at, boolean: isTrue };
    }
    if (text.startsWith('null', at)) {
      this.#at += 4;
      return { type: 'T_NULL', at };
    }
    const mayBeNumber = this.#settings.decodesInvalidNumbers && this.#match(INVALID_NUMBER) !== null;
    return mayBeNumber ? this.#number() : undefined;
  }

  #number(): Token {
    const at = this.#at;
    const match = this.#match(NUMBER);
    if (match === null) return { type: 'error', at, text: 'invalid number' };
    this.#at += match[0].length;
    const isNegative = match[0][0] === '-';
    let number: number;
    if (match[1] !== undefined) number = hexadecimal(match[1]);
    else if (match[2] !== undefined) number = Number.POSITIVE_INFINITY;
    else if (match[3] !== undefined) number = Number.NaN;
    else number = Math.abs(Number(match[0]));
    return { type: 'T_NUMBER', at, number: isNegative ? -number : number };
  }

  #string(): Token {
    const text = this.#text;
    const at = this.#at++;
    let value = '';
    for (;;) {
      const plain = this.#match(PLAIN)![0];
      value += plain;
      this.#at += plain.length;
      const char = text[this.#at];
      if (char === '"') break;
      if (char !== '\\') return { type: 'error', at: this.#at, text: 'unexpected end of string' };
      const letter = text[this.#at + 1] ?? '';
      if (letter === 'u') {
        const bytes = this.#unicode();
        if (bytes === undefined) return { type: 'error', at: this.#at, text: 'invalid unicode escape code' };
        value += bytes;
        continue;
      }
      const escaped = ESCAPED[letter];
      if (escaped === undefined) return { type: 'error', at: this.#at, text: 'invalid escape code' };
      value += escaped;
      this.#at += 2;
    }
    this.#at++;
    return { type: 'T_STRING', at, text: value };
  }

  /** A `\uXXXX`, or two that make one character, as bytes of UTF-8; undefined if it is none. */
  #unicode(): string | undefined {
    const high = this.#hex4(this.#at + 2);
    if (Number.isNaN(high)) return undefined;
    let code = high;
    let length = 6;
    if ((high & 0xf800) === 0xd800) {
      if ((high & 0x400) !== 0 || !this.#text.startsWith('\\u', this.#at + 6)) return undefined;
      const low = this.#hex4(this.#at + 8);
      if ((low & 0xfc00) !== 0xdc00) return undefined;
      code = 0x10000 + (((high & 0x3ff) << 10) | (low & 0x3ff));
      length = 12;
    }
    this.#at += length;
    return Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1');
  }

  #hex4(at: number): number {
    HEX4.lastIndex = at;
    const match = HEX4.exec(this.#text);
    return match === null ? Number.NaN : Number.parseInt(match[0], 16);
  }

  #value(L: number, token: Token): void {
    const { lua } = this.#machine;
    switch (token.type) {
      case 'T_STRING':
        return this.#machine.pushText(L, token.text);
      case 'T_NUMBER':
        return lua.lua_pushnumber(L, token.number);
      case 'T_BOOLEAN':
        return lua.lua_pushboolean(L, token.boolean ? 1 : 0);
      case 'T_NULL':
        // A nil would not stay in a table.
        return lua.lua_pushlightuserdata(L, 0);
      case 'T_OBJ_BEGIN':
        return this.#object(L);
      case 'T_ARR_BEGIN':
        return this.#array(L);
      default:
        return this.#fail(L, 'value', token);
    }
  }

  #descend(L: number): void {
    this.#depth++;
    if (this.#depth <= this.#settings.decodeDepthMax && this.#machine.lua.lua_checkstack(L, 3) !== 0) return;
    this.#machine.raise(L, `Found too many nested data structures (${this.#depth}) at character ${this.#at}`);
  }

  #object(L: number): void {
    const { lua } = this.#machine;
    this.#descend(L);
    lua.lua_createtable(L, 0, 0);
    let token = this.#next();
    while (token.type !== 'T_OBJ_END') {
      if (token.type !== 'T_STRING') this.#fail(L, 'object key string', token);
      this.#machine.pushText(L, token.text);
      const colon = this.#next();
      if (colon.type !== 'T_COLON') this.#fail(L, 'colon', colon);
      this.#value(L, this.#next());
      lua.lua_rawset(L, -3);
      token = this.#next();
      if (token.type === 'T_OBJ_END') break;
      if (token.type !== 'T_COMMA') this.#fail(L, 'comma or object end', token);
      token = this.#next();
      // After a comma there is another one to come.
      if (token.type === 'T_OBJ_END') this.#fail(L, 'object key string', token);
    }
    this.#depth--;
  }

  #array(L: number): void {
    const { lua } = this.#machine;
    this.#descend(L);
    lua.lua_createtable(L, 0, 0);
    let token = this.#next();
    for (let i = 1; token.type !== 'T_ARR_END'; i++) {
      this.#value(L, token);
      lua.lua_rawseti(L, -2, i);
      token = this.#next();
      if (token.type === 'T_ARR_END') break;
      if (token.type !== 'T_COMMA') this.#fail(L, 'comma or array end', token);
      token = this.#next();
      if (token.type === 'T_ARR_END') this.#fail(L, 'value', token);
    }
    this.#depth--;
  }
}

/** A C99 hexadecimal number, without its sign. */
function hexadecimal(text: string): number {
  const [digits = '', exponent = '0'] = text.slice(2).toLowerCase().split('p');
  const [whole = '', fraction = ''] = digits.split('.');
  // Digits beyond a double's are cut where they no longer count, but for ties: nobody writes those by accident.
  return Number(BigInt(`0x0${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
}
