/**
 * One script played to two servers, byte for byte: what each of several connections is told, pushes and their place among the replies
 * included. A script is lines of `who: COMMAND word word | COMMAND word` (one write each); `who~ ...` does not wait for an answer, `close who`
 * ends a connection and `sleep ms` lets time pass. `$who` is a connection's id, `@who` its address, `%who` the server's.
 *
 * After each line every connection that owes nothing is asked for a PING of its own, so that what belongs to a line is seen behind it.
 */

import { isAtLeast } from '../differential/versionGates.ts';
import { needing, pause, type RunningServer, startRedis } from '../requirements.ts';
import { encode, Wire } from './wire.ts';

/** What came on each connection after each line. */
export type Transcript = string[];

/** What has not come by then is not going to. */
const REPLY_TIMEOUT_MS = 2000;

class Player {
  readonly #open: () => Promise<Wire>;
  readonly #wires = new Map<string, Wire>();
  readonly #ids = new Map<string, string>();
  /** Remote and local. */
  readonly #addresses = new Map<string, [string, string]>();
  /** Connections that have not answered yet: a fence behind an open question would wait with it. */
  readonly #silent = new Set<string>();
  readonly #transcript: Transcript = [];
  #fences = 0;

  constructor(open: () => Promise<Wire>) {
    this.#open = open;
  }

  async play(script: readonly string[]): Promise<Transcript> {
    try {
      for (const line of script) await this.#line(line);
    } finally {
      for (const wire of this.#wires.values()) wire.close();
    }
    return this.#transcript;
  }

  async #line(line: string): Promise<void> {
    const [first, rest] = line.split(/ (.*)/s) as [string, string];
    if (first === 'sleep') {
      await pause(Number(rest));
    } else if (first === 'close') {
      (await this.#wire(rest)).close();
      this.#wires.delete(rest);
      // That it has gone is seen by the server in its own time.
      await pause(50);
    } else {
      const who = first.slice(0, -1);
      const wire = await this.#wire(who);
      const requests = rest.split(' | ').map((request) => encode(this.#words(request)));
      wire.sendBytes(Buffer.concat(requests));
      if (first.endsWith('~')) this.#silent.add(who);
      else this.#silent.delete(who);
      // The fences of the others must not overtake.
      if (first.endsWith('~')) await pause(50);
      else await this.#fence(who, line, true);
    }
    for (const who of [...this.#wires.keys()].sort()) {
      if (who === first.slice(0, -1) || this.#silent.has(who)) continue;
      await this.#fence(who, line);
    }
  }

  #words(request: string): string[] {
    return request.split(' ').map((word) => {
      if (word === "''") return '';
      const address = this.#addresses.get(word.slice(1));
      if (word.startsWith('@')) return address![0]!;
      if (word.startsWith('%')) return address![1]!;
      return word.startsWith('$') ? (this.#ids.get(word.slice(1)) ?? word) : word;
    });
  }

  async #wire(who: string): Promise<Wire> {
    const known = this.#wires.get(who);
    if (known !== undefined) return known;
    const wire = await this.#open();
    this.#wires.set(who, wire);
    const [, id, remote, local] = /id=(\d+) addr=(\S+) laddr=(\S+) /.exec(await wire.ask('CLIENT', 'INFO'))!;
    this.#ids.set(who, id!);
    this.#addresses.set(who, [remote!, local!]);
    return wire;
  }

  /** Reads until the PING is answered; what came before it is noted. */
  async #fence(who: string, line: string, isAsker = false): Promise<void> {
    const wire = this.#wires.get(who);
    if (wire === undefined) return;
    this.#fences++;
    const word = `fence-${this.#fences}`;
    // A turn's first reply means that its requests have all been run: what follows a turn comes before the next one.
    let text = isAsker ? await wire.reply(REPLY_TIMEOUT_MS).catch(() => '') : '';
    if (!wire.closed) wire.send('PING', word);
    while (!text.includes(word)) {
      const reply = await wire.reply(REPLY_TIMEOUT_MS).catch(() => undefined);
      if (reply === undefined) {
        text += '(closed)';
        break;
      }
      text += reply;
    }
    text = text.replace(/(\*2\r\n\$4\r\npong\r\n)?\$\d+\r\nfence-\d+\r\n/, '');
    text = text.replace(/[$=]\d+\r\n(txt:)?id=.*?\r\n/gs, masked);
    for (const [name, id] of this.#ids) text = text.replaceAll(`:${id}\r\n`, `:$${name}\r\n`);
    if (text !== '') this.#transcript.push(`${line} => ${who} ${text}`);
  }
}

/** CLIENT LIST without what differs from server to server, or from moment to moment. */
const masked = (list: string): string =>
  list
    .replace(/^.*\r\n/, '')
    .split('\n')
    .sort()
    .join('\n')
    .replace(/^\S*id=(\d+)/gm, 'id :$1\r\n')
    .replace(
      / (l?addr|fd|age|idle|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|obl|oll|omem|tot-mem|events)=\S*/g,
      '',
    );

/** Plays to a server that listens on `port`. */
export async function play(port: number, script: readonly string[]): Promise<Transcript> {
  return new Player(() => Wire.open(port)).play(script);
}

/** So many connections first, that a small integer in a reply is nobody's id. */
const IDS_SKIPPED = 50;

export async function skipIds(port: number): Promise<void> {
  for (let i = 0; i < IDS_SKIPPED; i++) (await Wire.open(port)).close();
}

/** A Redis to compare with, if there is one that behaves as ours does. */
export interface Reference {
  readonly path: string;
  readonly start: (args?: string[]) => Promise<RunningServer>;
}

/** @param since the first version of Redis that does as ours. */
export function referenceSince(since: string, path: string | undefined): Reference | undefined {
  if (path === undefined || !isAtLeast(path, since)) return undefined;
  return { path, start: (args) => startRedis(path, args) };
}

export const needingReference = (name: string, since: string, reference: Reference | undefined): string =>
  needing(name, `redis-server ${since}`, reference?.path);
