import { toLatin1 } from '../../../../base/bytes.ts';
import type { Client } from '../../../clients/client.ts';
import type { TrackingMode } from '../../../clients/trackingSession.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandContext, CommandSpec } from '../../command.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../../errors.ts';

const OPTIONS = ['BCAST', 'OPTIN', 'OPTOUT', 'NOLOOP'];
const NOT_SHARDED = 'ERR client-side caching needs a server with one shard in this version: --shards 1';

interface Options {
  readonly words: Set<string>;
  readonly prefixes: string[];
  redirectId: number;
}

/** What the arguments say, or the error. */
function readOptions({ server }: CommandContext, args: Arguments): Options | string {
  const options: Options = { words: new Set(), prefixes: [], redirectId: 0 };
  for (let i = 3; i < args.count; i++) {
    const hasNext = i + 1 < args.count;
    const word = OPTIONS.find((option) => args.is(i, option));
    if (args.is(i, 'REDIRECT') && hasNext) {
      if (options.redirectId !== 0) return 'ERR A client can only redirect to a single other client';
      const id = args.int64(++i);
      if (id === undefined) return NOT_AN_INTEGER;
      options.redirectId = Number(id);
      if (server.clients.get(options.redirectId)?.closing !== false)
        return 'ERR The client ID you want redirect to does not exist';
    } else if (args.is(i, 'PREFIX') && hasNext) {
      options.prefixes.push(toLatin1(args.view(++i)));
    } else if (word !== undefined) {
      options.words.add(word);
    } else {
      return SYNTAX_ERROR;
    }
  }
  return options;
}

const modeOf = ({ words }: Options): TrackingMode => {
  if (words.has('BCAST')) return 'bcast';
  if (words.has('OPTIN')) return 'optin';
  return words.has('OPTOUT') ? 'optout' : 'default';
};

/** What does not go together, with each other or with what is on already. */
function contradiction({ tracking }: Client, { words, prefixes }: Options): string | undefined {
  const isBroadcast = words.has('BCAST');
  const isOptIn = words.has('OPTIN');
  const isOptOut = words.has('OPTOUT');
  const before = tracking?.mode;
  if (!isBroadcast && prefixes.length > 0) return 'ERR PREFIX option requires BCAST mode to be enabled';
  if (before !== undefined && (before === 'bcast') !== isBroadcast)
    return `ERR You can't switch BCAST mode on/off ${FIRST_OFF}`;
  if (isBroadcast && (isOptIn || isOptOut)) return 'ERR OPTIN and OPTOUT are not compatible with BCAST';
  if (isOptIn && isOptOut) return "ERR You can't specify both OPTIN mode and OPTOUT mode";
  if ((isOptIn && before === 'optout') || (isOptOut && before === 'optin'))
    return `ERR You can't switch OPTIN/OPTOUT mode ${FIRST_OFF}`;
  return isBroadcast ? overlap([...(tracking?.prefixes ?? [])].sort(), prefixes) : undefined;
}
const FIRST_OFF = 'before disabling tracking for this client, and then re-enabling it with a different mode.';

/** Redis goes on, and answers twice, if prefixes behind the first of those given overlap; here that is refused as well. */
function overlap(existing: readonly string[], given: readonly string[]): string | undefined {
  const only = 'Prefixes for a single client must not overlap.';
  for (const [i, prefix] of given.entries()) {
    const old = existing.find((each) => overlaps(each, prefix));
    if (old !== undefined) return `ERR Prefix '${prefix}' overlaps with an existing prefix '${old}'. ${only}`;
    const other = given.slice(i + 1).find((each) => overlaps(prefix, each));
    if (other !== undefined)
      return `ERR Prefix '${prefix}' overlaps with another provided prefix '${other}'. ${only}`;
  }
  return undefined;
}
const overlaps = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

export const clientTracking: CommandSpec = {
  name: 'tracking',
  arity: -3,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Has the server tell this connection when keys that it may hold have changed, or no longer.',
    since: '6.0.0',
    group: 'connection',
    complexity: 'O(1). Some options may introduce additional complexity.',
    arguments: [
      {
        name: 'status',
        type: 'oneof',
        arguments: [
          { name: 'on', type: 'pure-token', token: 'ON' },
          { name: 'off', type: 'pure-token', token: 'OFF' },
        ],
      },
      { name: 'client-id', type: 'integer', token: 'REDIRECT', flags: ['optional'] },
      { name: 'prefix', type: 'string', token: 'PREFIX', flags: ['optional', 'multiple', 'multiple_token'] },
      { name: 'bcast', type: 'pure-token', token: 'BCAST', flags: ['optional'] },
      { name: 'optin', type: 'pure-token', token: 'OPTIN', flags: ['optional'] },
      { name: 'optout', type: 'pure-token', token: 'OPTOUT', flags: ['optional'] },
      { name: 'noloop', type: 'pure-token', token: 'NOLOOP', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { client, reply, server } = context;
    const options = readOptions(context, args);
    if (typeof options === 'string') return reply.error(options);
    if (args.is(2, 'OFF')) {
      server.tracking.stop(client);
      return reply.ok();
    }
    if (!args.is(2, 'ON')) return reply.error(SYNTAX_ERROR);
    if (server.shard.count > 1) return reply.error(NOT_SHARDED);
    const problem = contradiction(client, options);
    if (problem !== undefined) return reply.error(problem);
    server.tracking.start(client, {
      mode: modeOf(options),
      skipsOwn: options.words.has('NOLOOP'),
      redirectId: options.redirectId,
      prefixes: options.prefixes,
    });
    reply.ok();
  },
};
