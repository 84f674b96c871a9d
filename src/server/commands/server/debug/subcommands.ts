/**
 * DEBUG's subcommands. To the command table DEBUG is one command, as in Redis, so these are no specs; each names how
 * many arguments it takes, both names included.
 */
import { AssertionError } from '../../../../base/assert.ts';
import { globMatch } from '../../../../base/glob.ts';
import { parseMemory } from '../../../configuration/numericKinds.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandContext } from '../../command.ts';
import { NO_SUCH_KEY } from '../../errors.ts';
import { sendHelp } from '../helpReply.ts';
import {
  digestOfDatabases,
  digestOfValue,
  digestsOfDatabases,
  hexadecimal,
  NotDigestibleError,
} from './digest.ts';
import { DEBUG_HELP } from './help.ts';
import { describeObject } from './object.ts';
import { populate } from './populate.ts';
import { sendProtocolSample } from './protocolSample.ts';
import { loadAppendOnly, reload } from './reload.ts';

export interface DebugSubcommand {
  readonly countMin: number;
  readonly countMax: number;
  readonly execute: (context: CommandContext, args: Arguments) => void;
}

const ANY = Number.MAX_SAFE_INTEGER;
const QUICKLIST_THRESHOLD_MAX = 4n * 1024n ** 3n;

/** C's atoi: leading digits, 0 if there are none. */
const leadingInteger = (text: string): number => Number(/^\s*[+-]?\d+/.exec(text)?.[0] ?? '0');
/** C's strtod, likewise. */
const leadingNumber = (text: string): number =>
  Number(/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(text)?.[0] ?? '0');

function digestOrError({ reply }: CommandContext, send: () => void): void {
  try {
    send();
  } catch (problem) {
    if (!(problem instanceof NotDigestibleError)) throw problem;
    reply.error(`ERR ${problem.message}`);
  }
}

function digestValues(context: CommandContext, args: Arguments): void {
  const { db, reply } = context;
  const digests: string[] = [];
  digestOrError(context, () => {
    for (let i = 2; i < args.count; i++) {
      // Entries past their expiry count: the command looks at what is really there.
      const ref = db.keyspace.find(args.buffer, args.starts[i]!, args.ends[i]!);
      digests.push(digestOfValue(db.keyspace, ref));
    }
    reply.array(digests.length);
    for (const digest of digests) reply.simple(digest);
  });
}

export const debugSubcommands: ReadonlyMap<string, DebugSubcommand> = new Map<string, DebugSubcommand>([
  ['help', { countMin: 2, countMax: 2, execute: ({ reply }) => sendHelp(reply, 'DEBUG', DEBUG_HELP) }],
  [
    'sleep',
    {
      countMin: 3,
      countMax: 3,
      execute({ reply, server }, args) {
        server.sleepBlocking(Math.max(0, leadingNumber(args.text(2)) * 1000));
        reply.ok();
      },
    },
  ],
  [
    'slow-fsync',
    {
      countMin: 3,
      countMax: 3,
      execute({ reply, server }, args) {
        server.fsyncDelayMs = Math.max(0, leadingNumber(args.text(2)) * 1000);
        reply.ok();
      },
    },
  ],
  [
    'set-active-expire',
    {
      countMin: 3,
      countMax: 3,
      execute({ reply, server }, args) {
        server.activeExpiry = leadingInteger(args.text(2)) !== 0;
        reply.ok();
      },
    },
  ],
  [
    'digest',
    {
      countMin: 2,
      countMax: 2,
      execute: (context) =>
        digestOrError(context, () =>
          context.reply.simple(digestOfDatabases(digestsOfDatabases(context.server))),
        ),
    },
  ],
  [
    'digest-parts',
    {
      countMin: 2,
      countMax: 2,
      execute: (context) =>
        digestOrError(context, () => {
          const parts = digestsOfDatabases(context.server);
          context.reply.array(parts.length);
          for (const { index, xored } of parts) context.reply.simple(`${index} ${hexadecimal(xored)}`);
        }),
    },
  ],
  [
    // The globs that clients are subscribed to: what shards ask each other for PUBSUB NUMPAT.
    'patterns',
    {
      countMin: 2,
      countMax: 2,
      execute({ reply, server }) {
        const patterns = server.channels.names('pattern');
        reply.array(patterns.length);
        for (const pattern of patterns) reply.bulkText(pattern);
      },
    },
  ],
  ['digest-value', { countMin: 2, countMax: ANY, execute: digestValues }],
  [
    'object',
    {
      countMin: 3,
      countMax: 3,
      execute({ db, reply }, args) {
        const ref = db.keyspace.find(args.buffer, args.starts[2]!, args.ends[2]!);
        if (ref === 0) reply.error(NO_SUCH_KEY);
        else reply.simple(describeObject(db, ref));
      },
    },
  ],
  [
    'panic',
    {
      countMin: 2,
      countMax: 2,
      execute() {
        throw new AssertionError('DEBUG PANIC: asked for by a client');
      },
    },
  ],
  ['populate', { countMin: 3, countMax: 5, execute: populate }],
  ['protocol', { countMin: 3, countMax: 3, execute: sendProtocolSample }],
  [
    'quicklist-packed-threshold',
    {
      countMin: 3,
      countMax: 3,
      execute({ reply }, args) {
        // Lists here have no node size to set; the value is checked so that tests made for Redis run.
        const bytes = parseMemory(args.text(2));
        if (bytes === undefined || bytes > QUICKLIST_THRESHOLD_MAX) {
          reply.error('ERR argument must be a memory value bigger than 1 and smaller than 4gb');
        } else {
          reply.ok();
        }
      },
    },
  ],
  [
    'stringmatch-len',
    {
      countMin: 4,
      countMax: 4,
      execute({ reply }, args) {
        const matches = globMatch(
          args.buffer,
          args.starts[3]!,
          args.ends[3]!,
          args.buffer,
          args.starts[2]!,
          args.ends[2]!,
          false,
        );
        reply.integer(matches ? 1 : 0);
      },
    },
  ],
  ['reload', { countMin: 2, countMax: ANY, execute: reload }],
  ['loadaof', { countMin: 2, countMax: ANY, execute: loadAppendOnly }],
  ['change-repl-id', { countMin: 2, countMax: 2, execute: ({ reply }) => reply.ok() }],
  [
    'log',
    {
      countMin: 3,
      countMax: 3,
      execute({ reply, server }, args) {
        server.log.write('warning', `DEBUG LOG: ${args.text(2)}`);
        reply.ok();
      },
    },
  ],
  [
    'error',
    {
      countMin: 3,
      countMax: 3,
      execute: ({ reply }, args) => reply.error(args.text(2).replace(/[\r\n]/g, ' ')),
    },
  ],
  ['set-disable-deny-scripts', { countMin: 3, countMax: 3, execute: ({ reply }) => reply.ok() }],
  ['dict-resizing', { countMin: 3, countMax: 3, execute: ({ reply }) => reply.ok() }],
]);
