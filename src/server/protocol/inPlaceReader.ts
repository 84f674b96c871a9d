/**
 * What readers share that execute a request where it lies in the read buffer: reading lengths, and what the dispatcher would have
 * counted. An abstract part of `fastPathReader.ts` and `hincrbyReader.ts`; by itself it is the general reader.
 *
 * The rule for all of them: look first, change nothing until it is certain that the request is plain and succeeds in a plain way; otherwise
 * the general way takes it from its first byte. So errors, and everything rare, have one implementation.
 */
import type { Client } from '../clients/client.ts';
import { GeneralRequestReader, type RequestSource } from './requestReader.ts';

const CR = 13;
const DOLLAR = 36;
const ZERO = 48;
/** Lengths of up to this many digits; longer arguments take the general way. */
const LENGTH_DIGITS_MAX = 5;

export class InPlaceRequestReader extends GeneralRequestReader {
  /** Behind the length line last read by `bulkLength`. */
  protected bulkStart = 0;

  /** Whether this connection's next request may run at once: nothing half read or held back, no transaction, replies wanted, nobody who listens to changes. */
  protected isPlain(source: RequestSource): boolean {
    const { client } = source;
    return (
      !client.isRestricted &&
      client.replyMode === 'on' &&
      source.decodeState.argumentsRemaining === 0 &&
      client.transaction === undefined &&
      client.subscriptions === undefined &&
      this.server.keyEvents.lanesOpen &&
      this.server.clients.pausedUntilMs === 0
    );
  }

  /** Reads `$digits\r\n` at `at`: the length, with `bulkStart` behind it; negative if it is not there whole or out of the ordinary. */
  protected bulkLength(buffer: Uint8Array, at: number, end: number): number {
    if (at + 4 > end || buffer[at] !== DOLLAR) return -1;
    let position = at + 1;
    let length = buffer[position]! - ZERO;
    if (length < 1 || length > 9) return -1;
    position++;
    const limit = Math.min(position + LENGTH_DIGITS_MAX, end);
    while (position < limit) {
      const digit = buffer[position]! - ZERO;
      if (digit < 0 || digit > 9) break;
      length = length * 10 + digit;
      position++;
    }
    if (position + 2 > end || buffer[position] !== CR) return -1;
    this.bulkStart = position + 2;
    return length;
  }

  /** Counts the command and opens its reply, as the dispatcher does. */
  protected begin(client: Client, commandNumber: number, name: string): void {
    const { context, probe, stats } = this.server;
    context.client = client;
    client.commandsProcessed++;
    client.lastCommand = name;
    stats.callsByCommand[commandNumber]!++;
    probe.called(commandNumber);
    this.encoder.beginReply();
    this.encoder.protocol = client.protocol;
  }
}
