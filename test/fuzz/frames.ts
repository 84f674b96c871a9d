/**
 * Hostile bytes, seeded: valid requests from the differential grammars, damaged in the ways in which parsers break: flipped bits,
 * cut ends, lengths that lie, halves of two requests joined, counts beyond all bounds, inline text in the middle of a multibulk.
 */
import { Prng } from '../../src/base/prng.ts';
import { encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { drawChunk } from '../differential/commandSource.ts';
import { Draw } from '../differential/universe.ts';

const POOL_FRAMES = 6000;

/** What the grammars leave out because its replies cannot be compared. None of them ends the server, or pauses it: a pause with a damaged length is a long one. */
const FURTHER_COMMANDS: string[][] = [
  ['QUIT'],
  ['RESET'],
  ['CLIENT', 'REPLY', 'OFF'],
  ['CLIENT', 'REPLY', 'SKIP'],
  ['CLIENT', 'REPLY', 'ON'],
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
  ['CLIENT', 'KILL', 'MAXAGE', '1'],
  ['CLIENT', 'TRACKING', 'ON', 'BCAST'],
  ['CLIENT', 'UNPAUSE'],
  ['CONFIG', 'SET', 'dir', '/nowhere'],
  ['CONFIG', 'GET', '*'],
  ['CONFIG', 'REWRITE'],
  ['DEBUG', 'RELOAD'],
  ['DEBUG', 'SLEEP', '0'],
  ['INFO', 'everything'],
  ['COMMAND'],
  ['COMMAND', 'DOCS'],
  ['MEMORY', 'STATS'],
  ['MONITOR'],
  ['SAVE'],
  ['BGSAVE'],
  ['HELLO', '3', 'AUTH', 'default', 'x'],
  ['AUTH', 'nobody', 'wrong'],
  ['SCAN', '123456789'],
  ['HSCAN', 'k5', '77'],
  ['SETRANGE', 'k1', '1000000', 'end'],
  ['SETRANGE', 'k2', '536870911', 'x'],
  ['HRANDFIELD', 'k5', '-1000'],
  ['KEYS', '*a*a*a*a*a*a*a*a*a*b'],
  ['SLOWLOG', 'GET', '-1'],
  ['LATENCY', 'HISTOGRAM'],
  ['WAIT', '0', '0'],
  ['EXPIRE', 'k1', '1'],
  ['PEXPIRE', 'k2', '1'],
  ['HPEXPIRE', 'k5', '1', 'FIELDS', '1', 'f1'],
  ['SET', 'k3', 'v', 'PX', '1'],
  ['OBJECT', 'FREQ', 'k1'],
  ['SWAPDB', '0', '1'],
  ['LOLWUT'],
  ['LOLWUT', 'VERSION', '5', '1000', '1000', '1000'],
];

const LYING_LENGTHS = [
  '0',
  '-1',
  '-2',
  '1',
  '2',
  '10',
  '100',
  '1023',
  '1024',
  '1025',
  '65535',
  '65536',
  '1048576',
  '1048577',
  '2147483647',
  '2147483648',
  '-2147483648',
  '536870911',
  '536870912',
  '536870913',
  '4294967296',
  '9223372036854775807',
  '9223372036854775808',
  '1e3',
  '0x10',
  '01',
  '+1',
  ' 1',
  '1 ',
  '',
  'a',
  '-',
  '--1',
  '1.0',
  '\x00',
  '99999999999999999999999999',
];

const WHOLE_FRAMES = [
  '*2147483647\r\n',
  '*1048577\r\n',
  '*1048576\r\n',
  '*1024\r\n',
  '*-1\r\n',
  '*0\r\n',
  '*\r\n',
  '\r\n',
  '\n',
  '\n\n\n',
  '\r',
  '*1\r\n+PING\r\n',
  '*2\r\nGET k1\r\n',
  '*1\r\n$536870912\r\n',
  '*1\r\n$536870911\r\n',
  '*2\r\n$3\r\nGET\r\n$-1\r\n',
  '*2\r\n$3\r\nGET\r\n:1\r\n',
  '%1\r\n+a\r\n+b\r\n',
  '_\r\n',
  '>1\r\n+x\r\n',
  '~1\r\n+x\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\n\r\n',
  'Host: x\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'set k1 "unbalanced\r\n',
  "set k1 'unbalanced\r\n",
  'set k1 "a"b\r\n',
  'set k1 "\\x0g\\n"\r\n',
  'ping\r',
  '*1\r\n$4\r\nPINGxx',
  '$4\r\nPING\r\n',
  '*1\r\n$0\r\n\r\n',
  '*2\r\n$0\r\n\r\n$0\r\n\r\n',
  '*1\r\n*1\r\n$4\r\nPING\r\n',
  '\x16\x03\x01\x02\x00\x01\x00',
  '*3\r\n$3\r\nSET\r\n$2\r\nk1\r\n$1048576\r\n',
];

const CR_LF = Buffer.from('\r\n');

export class FrameSource {
  readonly #prng: Prng;
  readonly #pool: Buffer[] = [];

  constructor(seed: number) {
    this.#prng = new Prng(seed);
    const draw = new Draw(seed, ['\x00\x05hello\x0c\x00', 'broken']);
    while (this.#pool.length < POOL_FRAMES)
      for (const command of drawChunk(draw, 100, true).commands) this.#pool.push(encodeRequest(command));
    for (let i = 0; i < 10; i++) this.#pool.push(...FURTHER_COMMANDS.map(encodeRequest));
  }

  below(bound: number): number {
    return this.#prng.below(bound);
  }

  #of<T>(items: readonly T[]): T {
    return items[this.#prng.below(items.length)]!;
  }

  /** One frame, valid or not, a copy of its own. */
  next(): Buffer {
    const frame = Buffer.from(this.#of(this.#pool));
    switch (this.below(16)) {
      case 0:
      case 1:
      case 2:
        return frame;
      case 3:
      case 4:
        return this.#flipBits(frame);
      case 5:
        return frame.subarray(0, this.below(frame.length));
      case 6:
      case 7:
      case 8:
        return this.#lie(frame);
      case 9:
        return this.#splice(frame);
      case 10:
        return this.#dropRange(frame);
      case 11:
        return this.#insert(frame);
      case 12:
        return this.#inline(frame);
      case 13:
        return Buffer.from(this.#of(WHOLE_FRAMES), 'latin1');
      case 14:
        return Buffer.concat([frame, this.#lie(Buffer.from(this.#of(this.#pool))), this.#of(this.#pool)]);
      default:
        return this.below(50) === 0 ? this.#longLine() : Buffer.concat([frame, this.#of(this.#pool), CR_LF]);
    }
  }

  #flipBits(frame: Buffer): Buffer {
    for (let flips = 1 + this.below(6); flips > 0; flips--)
      frame[this.below(frame.length)]! ^= 1 << this.below(8);
    return frame;
  }

  /** Another number behind one of the `*` or `$`. */
  #lie(frame: Buffer): Buffer {
    const headers: number[] = [];
    for (let at = 0; at >= 0 && at < frame.length && headers.length < 20; ) {
      headers.push(at);
      const next = frame.indexOf('\r\n$', at, 'latin1');
      at = next < 0 ? -1 : next + 2;
    }
    const at = this.#of(headers);
    const end = frame.indexOf('\r\n', at, 'latin1');
    if (end < 0) return frame;
    const honest = Number(frame.toString('latin1', at + 1, end));
    const lie = this.below(2) === 0 ? String(honest + this.below(5) - 2) : this.#of(LYING_LENGTHS);
    return Buffer.concat([frame.subarray(0, at + 1), Buffer.from(lie, 'latin1'), frame.subarray(end)]);
  }

  #splice(frame: Buffer): Buffer {
    const other = this.#of(this.#pool);
    return Buffer.concat([
      frame.subarray(0, this.below(frame.length)),
      other.subarray(this.below(other.length)),
    ]);
  }

  #dropRange(frame: Buffer): Buffer {
    const from = this.below(frame.length);
    return Buffer.concat([frame.subarray(0, from), frame.subarray(from + 1 + this.below(12))]);
  }

  #insert(frame: Buffer): Buffer {
    const at = this.below(frame.length);
    const piece = Buffer.from(
      this.#of(['\r\n', '\n', '\r', '\x00', '$', '*', '-', '"', ' ', '\xff\xff', '*1\r\n']),
      'latin1',
    );
    return Buffer.concat([frame.subarray(0, at), piece, frame.subarray(at)]);
  }

  /** The request's words on one line, at times quoted badly. */
  #inline(frame: Buffer): Buffer {
    const words = frame
      .toString('latin1')
      .split('\r\n')
      .filter((_, i) => i > 0 && i % 2 === 0);
    const line = words
      .map((word) => (this.below(4) === 0 ? `"${word}"` : this.below(6) === 0 ? `'${word}` : word))
      .join(this.#of([' ', '  ', '\t', '\x00']));
    return Buffer.from(line + this.#of(['\r\n', '\n', '', '\r']), 'latin1');
  }

  /** A line beyond what any line may have. */
  #longLine(): Buffer {
    return Buffer.alloc(60_000 + this.below(12_000), this.#of(['a', ' ', '"', '*1', '\x00']), 'latin1');
  }
}
