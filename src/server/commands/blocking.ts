/** What commands share that have to wait for a key. */
import { parseDouble } from '../../base/double.ts';
import { BlockedClient, type WaitFor } from '../clients/blockedClients.ts';
import type { Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';

/** 2^63: what lies beyond is no instant in Redis. */
const INT64_LIMIT = 2 ** 63;

/** The instant that the limit of argument `index`, in seconds, makes: absolute ms, 0 for ever; undefined once the error has been sent. */
export function readDeadlineSec(
  { nowMs, reply }: CommandContext,
  args: Arguments,
  index: number,
): number | undefined {
  const seconds = parseDouble(args.buffer, args.starts[index]!, args.ends[index]!);
  const ms = Math.ceil(seconds * 1000);
  if (Number.isNaN(seconds)) reply.error('ERR timeout is not a float or out of range');
  else if (ms < 0) reply.error('ERR timeout is negative');
  else if (ms >= INT64_LIMIT - nowMs) reply.error('ERR timeout is out of range');
  else return ms === 0 ? 0 : nowMs + ms;
  return undefined;
}

/** As readDeadlineSec, in milliseconds. */
export function readDeadlineMs(
  { nowMs, reply }: CommandContext,
  args: Arguments,
  index: number,
): number | undefined {
  const ms = args.int64(index);
  if (ms === undefined) reply.error('ERR timeout is not an integer or out of range');
  else if (ms < 0n) reply.error('ERR timeout is negative');
  else if (Number(ms) >= INT64_LIMIT - nowMs) reply.error('ERR timeout is out of range');
  else return ms === 0n ? 0 : nowMs + Number(ms);
  return undefined;
}

/**
 * Lets the client wait until one of its keys is worth another try, or its time is up; the command says nothing then. Where nothing may wait
 * (`context.deniesBlocking`) the answer is that of time being up.
 */
export function waitForKeys(context: CommandContext, args: Arguments, wait: Omit<WaitFor, 'dbIndex'>): void {
  const { client, entry, reply, server } = context;
  if (context.deniesBlocking) return reply.nilArray();
  // Another try was in vain: the client keeps its place.
  if (client.blocked !== undefined) return;
  server.blocked.add(new BlockedClient(client, entry, args.detached(), { ...wait, dbIndex: client.dbIndex }));
}
