/** MONITOR: clients that are shown every command as it is executed. With several shards, those of their own shard. */
import type { Arguments } from '../commands/arguments.ts';
import type { Client } from './client.ts';

export class Monitors {
  readonly #watching = new Set<Client>();
  /** Called when the first comes and when the last has left: commands in a fast lane are not shown. */
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get count(): number {
    return this.#watching.size;
  }

  add(client: Client): void {
    this.#watching.add(client);
    client.isMonitor = true;
    this.#onChange();
  }

  remove(client: Client): void {
    client.isMonitor = false;
    if (this.#watching.delete(client)) this.#onChange();
  }

  /**
   * @param isSecret tells which arguments are nobody's business.
   * @param origin whom it comes from: the client's address, or `lua`.
   */
  show(
    client: Client,
    args: Arguments,
    isSecret: (index: number) => boolean,
    nowUs: number,
    origin = client.link.address,
  ): void {
    const words: string[] = [];
    for (let i = 0; i < args.count; i++) words.push(isSecret(i) ? '"(redacted)"' : quoted(args, i));
    const line = `+${(nowUs / 1e6).toFixed(6)} [${client.dbIndex} ${origin}] ${words.join(' ')}\r\n`;
    const bytes = Buffer.from(line, 'latin1');
    for (const watcher of this.#watching) watcher.link.send(bytes);
  }
}

const NAMED_ESCAPES: Record<number, string> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

/** As Redis prints it: printable ASCII as it is, everything else escaped. */
function quoted(args: Arguments, index: number): string {
  let text = '"';
  for (let at = args.starts[index]!; at < args.ends[index]!; at++) {
    const byte = args.buffer[at]!;
    const named = NAMED_ESCAPES[byte];
    if (named !== undefined) text += named;
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${text}"`;
}
