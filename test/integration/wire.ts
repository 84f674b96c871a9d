/** A connection that speaks RESP without a client library: what goes out and what comes back are bytes. */
import { RespConnection } from '../differential/respConnection.ts';

export type Word = string | number | Buffer;

/** `*N $len word ...` of one command. */
export function encode(words: readonly Word[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = typeof word === 'object' ? word : Buffer.from(String(word));
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

export class Wire {
  readonly connection: RespConnection;

  constructor(connection: RespConnection) {
    this.connection = connection;
  }

  static async open(port: number, host?: string): Promise<Wire> {
    return new Wire(await RespConnection.open(port, host));
  }

  /** One command, its reply as it came, latin1. */
  async ask(...words: Word[]): Promise<string> {
    this.connection.send(encode(words));
    return this.reply();
  }

  send(...words: Word[]): void {
    this.connection.send(encode(words));
  }

  sendBytes(bytes: string | Buffer): void {
    this.connection.send(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  async reply(timeoutMs?: number): Promise<string> {
    return (await this.connection.receive(1, timeoutMs))[0]!.toString('latin1');
  }

  /** A field of INFO. */
  async info(field: string): Promise<string> {
    const text = await this.ask('INFO', 'everything');
    const value = new RegExp(`^${field}:(.*)\r$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`INFO has no field ${field}`);
    return value;
  }

  get closed(): boolean {
    return this.connection.closed;
  }

  close(): void {
    this.connection.close();
  }
}

/** Runs `use` with a connection that is closed afterwards. */
export async function withWire<T>(port: number, use: (wire: Wire) => Promise<T>): Promise<T> {
  const wire = await Wire.open(port);
  try {
    return await use(wire);
  } finally {
    wire.close();
  }
}
