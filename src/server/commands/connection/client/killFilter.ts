/** The conditions of CLIENT KILL, all of which a connection must meet. */
import type { User } from '../../../access/user.ts';
import type { Users } from '../../../access/users.ts';
import type { Client } from '../../../clients/client.ts';
import type { Arguments } from '../../arguments.ts';
import { SYNTAX_ERROR } from '../../errors.ts';
import { type ClientKind, clientKind, clientKindNamed } from './clientKind.ts';

export interface KillFilter {
  address?: string;
  localAddress?: string;
  kind?: ClientKind;
  user?: User | undefined;
  id?: bigint;
  ageSecMin?: bigint;
  sparesSelf: boolean;
}

/** Reads both forms of the command; the error text if it is malformed. */
export function readKillFilter(args: Arguments, users: Users): KillFilter | string {
  // With the old form one may kill oneself.
  if (args.count === 3) return { address: args.text(2), sparesSelf: false };
  const filter: KillFilter = { sparesSelf: true };
  for (let i = 2; i < args.count; i += 2) {
    if (i + 1 >= args.count) return SYNTAX_ERROR;
    const problem = readOption(filter, args, i, users);
    if (problem !== undefined) return problem;
  }
  return filter;
}

function readOption(filter: KillFilter, args: Arguments, at: number, users: Users): string | undefined {
  const value = args.text(at + 1);
  if (args.is(at, 'ID')) {
    const id = args.int64(at + 1);
    if (id === undefined || id < 1n) return 'ERR client-id should be greater than 0';
    filter.id = id;
  } else if (args.is(at, 'MAXAGE')) {
    const ageSec = args.int64(at + 1);
    if (ageSec === undefined) return 'ERR maxage is not an integer or out of range';
    if (ageSec <= 0n) return 'ERR maxage should be greater than 0';
    filter.ageSecMin = ageSec;
  } else if (args.is(at, 'TYPE')) {
    const kind = clientKindNamed(value);
    if (kind === undefined) return `ERR Unknown client type '${value}'`;
    filter.kind = kind;
  } else if (args.is(at, 'ADDR')) {
    filter.address = value;
  } else if (args.is(at, 'LADDR')) {
    filter.localAddress = value;
  } else if (args.is(at, 'USER')) {
    filter.user = users.get(value);
    if (filter.user === undefined) return `ERR No such user '${value}'`;
  } else if (args.is(at, 'SKIPME')) {
    filter.sparesSelf = args.is(at + 1, 'YES');
    if (!filter.sparesSelf && !args.is(at + 1, 'NO')) return SYNTAX_ERROR;
  } else {
    return SYNTAX_ERROR;
  }
  return undefined;
}

export function matchesKillFilter(filter: KillFilter, client: Client, self: Client, nowMs: number): boolean {
  if (filter.address !== undefined && client.link.address !== filter.address) return false;
  if (filter.localAddress !== undefined && client.link.localAddress !== filter.localAddress) return false;
  if (filter.kind !== undefined && clientKind(client) !== filter.kind) return false;
  if (filter.id !== undefined && BigInt(client.id) !== filter.id) return false;
  if (filter.user !== undefined && client.user !== filter.user) return false;
  if (client === self && filter.sparesSelf) return false;
  const ageSec = Math.floor(nowMs / 1000) - Math.floor(client.createdMs / 1000);
  return filter.ageSecMin === undefined || BigInt(ageSec) >= filter.ageSecMin;
}
