/**
 * A server that stores nothing and answers everything: the cost of protocol and transport alone. It tells how fast the load
 * generator can go (its ceiling), and what the floor of latency is on this machine.
 *
 *   node nullResponder.ts --port P [--value-bytes N]
 *
 * Replies: GET, GETEX, HGET a bulk of N bytes (64 by default); MGET and HMGET an array of such; HGETALL 10 fields; INCR,
 * DEL, EXPIRE, HSET ... :1; PING +PONG; INFO a few lines; everything else +OK. Arrays are skipped by their lengths;
 * arguments other than the command's name are never looked at.
 */
import net from 'node:net';
import { parseArgs } from 'node:util';

const readBufferBytes = 512 * 1024;
const { values: options } = parseArgs({
  options: { port: { type: 'string' }, 'value-bytes': { type: 'string', default: '64' } },
});
const port = Number(options.port);
const valueBytes = Number(options['value-bytes']);
if (!Number.isInteger(port) || !Number.isInteger(valueBytes) || valueBytes < 0) {
  process.stderr.write('nullResponder: give --port P and, if wanted, --value-bytes N (whole numbers)\n');
  process.exit(2);
}

function bulk(payload: string): string {
  return `$${payload.length}\r\n${payload}\r\n`;
}

const valueReply = bulk('v'.repeat(valueBytes));
const integerCommands =
  'INCR DECR INCRBY DECRBY HINCRBY DEL UNLINK EXISTS EXPIRE PEXPIRE PERSIST TTL HSET HDEL SADD SREM ZADD LPUSH RPUSH DBSIZE';
const fixedReplies = new Map<string, Buffer>();
const define = (names: string, reply: string): void => {
  for (const name of names.split(' ')) fixedReplies.set(name, Buffer.from(reply));
};
define('GET GETEX GETDEL HGET', valueReply);
define(integerCommands, ':1\r\n');
define('PING', '+PONG\r\n');
define('INFO', bulk(`# Server\r\nnull_responder:1\r\nprocess_id:${process.pid}\r\ntcp_port:${port}\r\n`));
const fields = Array.from({ length: 10 }, (_, i) => bulk(`field${i}`) + valueReply);
define('HGETALL', `*20\r\n${fields.join('')}`);
const okReply = Buffer.from('+OK\r\n');
const valueReplyBytes = Buffer.from(valueReply);

/** Replies to MGET and HMGET by number of values. */
const arrayReplies = new Map<number, Buffer>();
function arrayReply(count: number): Buffer {
  let reply = arrayReplies.get(count);
  if (!reply) {
    reply = Buffer.from(`*${count}\r\n${valueReply.repeat(count)}`);
    arrayReplies.set(count, reply);
  }
  return reply;
}

function replyTo(bytes: Buffer, from: number, length: number, argumentCount: number): Buffer {
  const name = bytes.toString('latin1', from, from + length).toUpperCase();
  if (name === 'MGET') return arrayReply(argumentCount - 1);
  if (name === 'HMGET') return arrayReply(argumentCount - 2);
  return fixedReplies.get(name) ?? okReply;
}

/** One client's stream: whole requests are answered at once, the rest waits for more bytes. */
class NullConnection {
  readonly #socket: net.Socket;
  #carry: Buffer = Buffer.alloc(0);
  #out: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
  #outLength = 0;
  /** Position after the last whole request of the chunk being read. */
  #at = 0;

  constructor(socket: net.Socket) {
    this.#socket = socket;
  }

  take(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#carry.length > 0) bytes = Buffer.concat([this.#carry, chunk]);
    this.#at = 0;
    while (this.#request(bytes));
    this.#carry =
      this.#at === bytes.length ? this.#carry.subarray(0, 0) : Buffer.from(bytes.subarray(this.#at));
    if (this.#outLength === 0) return;
    // The socket may keep what it cannot write at once, so a large reply gets memory of its own.
    const written = this.#socket.write(this.#out.subarray(0, this.#outLength));
    if (!written || this.#socket.writableLength > 0) this.#out = Buffer.allocUnsafeSlow(this.#out.length);
    this.#outLength = 0;
  }

  /** Answers the request at `#at` if all of it is there. */
  #request(bytes: Buffer): boolean {
    const length = bytes.length;
    let at = this.#at;
    if (at >= length) return false;
    if (bytes[at] !== 42) {
      this.#socket.end('-ERR the null responder takes arrays only\r\n');
      this.#at = length;
      return false;
    }
    let argumentCount = 0;
    for (at += 1; at < length && bytes[at] !== 13; at++) argumentCount = argumentCount * 10 + bytes[at]! - 48;
    at += 2;
    let nameFrom = 0;
    let nameLength = 0;
    for (let i = 0; i < argumentCount; i++) {
      let argumentLength = 0;
      for (at += 1; at < length && bytes[at] !== 13; at++)
        argumentLength = argumentLength * 10 + bytes[at]! - 48;
      at += 2;
      if (i === 0) {
        nameFrom = at;
        nameLength = argumentLength;
      }
      at += argumentLength + 2;
      if (at > length) return false;
    }
    if (at > length) return false;
    this.#at = at;
    this.#answer(bytes, nameFrom, nameLength, argumentCount);
    return true;
  }

  #answer(bytes: Buffer, nameFrom: number, nameLength: number, argumentCount: number): void {
    if (nameLength === 3) {
      const first = bytes[nameFrom]! | 32;
      const second = bytes[nameFrom + 1]! | 32;
      const third = bytes[nameFrom + 2]! | 32;
      // GET and SET without making a string of the name.
      if (second === 101 && third === 116) {
        if (first === 103 || first === 115) {
          this.#put(first === 103 ? valueReplyBytes : okReply);
          return;
        }
      }
    }
    this.#put(replyTo(bytes, nameFrom, nameLength, argumentCount));
  }

  #put(reply: Buffer): void {
    if (this.#outLength + reply.length > this.#out.length) {
      const larger = Buffer.allocUnsafeSlow(2 * (this.#out.length + reply.length));
      this.#out.copy(larger, 0, 0, this.#outLength);
      this.#out = larger;
    }
    reply.copy(this.#out, this.#outLength);
    this.#outLength += reply.length;
  }
}

const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);
const server = net.createServer({ pauseOnConnect: true, noDelay: true }, (accepted) => {
  // Accepted sockets cannot be given a shared read buffer, so the handle is wrapped anew.
  const { _handle: handle } = accepted as unknown as { _handle: object };
  const wrapped = {
    handle,
    onread: {
      buffer: readBuffer,
      callback: (length: number, buffer: Buffer): boolean => {
        connection.take(buffer.subarray(0, length));
        return true;
      },
    },
  };
  const socket = new net.Socket(wrapped as unknown as net.SocketConstructorOpts);
  const connection = new NullConnection(socket);
  socket.on('error', () => socket.destroy());
  socket.resume();
});
server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
