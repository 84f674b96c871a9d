/**
 * Commands over HTTP, by the REST convention that Redis HTTP clients know: POST / with a JSON array, POST /pipeline with an
 * array of them, GET /command/argument/... . Answers are {"result": ...} or {"error": "..."}.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { ControlEnv, Login } from './access.ts';

/** A reply as the client library gives it: bulks as Buffers, errors as Error. */
export type GatewayReply =
  | Buffer
  | string
  | number
  | bigint
  | boolean
  | null
  | Error
  | readonly GatewayReply[];

export interface CommandPort {
  /** Runs the commands in order, one after the other without others of this call between. Rejects if the server is not reachable. */
  run(commands: readonly (readonly string[])[], login: Login | undefined): Promise<GatewayReply[]>;
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;
const COMMANDS_MAX = 10_000;

const argument = z
  .union([z.string(), z.number(), z.boolean().transform(String), z.null().transform(() => 'null')])
  .transform(String);
const command = z.array(argument).min(1);
const pipeline = z.array(command).min(1).max(COMMANDS_MAX);

/** They change or occupy the connection, which requests share. */
const CONNECTION_COMMANDS = new Set(
  (
    'auth hello quit reset select monitor subscribe unsubscribe psubscribe punsubscribe ssubscribe sunsubscribe multi exec discard ' +
    'watch unwatch blpop brpop brpoplpush blmove blmpop bzpopmin bzpopmax bzmpop wait waitaof psync sync'
  ).split(' '),
);

function refusal(words: readonly string[]): string | undefined {
  const name = words[0]!.toLowerCase();
  const isReplyMode = name === 'client' && /^(reply|tracking|caching)$/i.test(words[1] ?? '');
  const isBlockingRead = /^xread(group)?$/.test(name) && words.some((word) => word.toLowerCase() === 'block');
  if (!CONNECTION_COMMANDS.has(name) && !isReplyMode && !isBlockingRead) return undefined;
  return `ERR ${name.toUpperCase()} belongs to a connection of its own; over HTTP there is none`;
}

interface Answer {
  result?: unknown;
  error?: string;
}

export function commandGateway(port: CommandPort): Hono<ControlEnv> {
  const app = new Hono<ControlEnv>();

  const run = async (
    commands: readonly (readonly string[])[],
    login: Login | undefined,
    asBase64: boolean,
  ): Promise<Answer[]> => {
    const allowed = commands.filter((words) => refusal(words) === undefined);
    const replies = allowed.length === 0 ? [] : await port.run(allowed, login);
    let next = 0;
    return commands.map((words) => {
      const error = refusal(words);
      return error === undefined ? answerOf(replies[next++]!, asBase64) : { error };
    });
  };

  const wantsBase64 = (header: string | undefined): boolean => header?.toLowerCase() === 'base64';
  const encodingHeader = 'upstash-encoding';

  app.post('/', async (context) => {
    const parsed = command.safeParse(await jsonBody(context.req.raw));
    if (!parsed.success)
      return context.json({ error: 'ERR the body must be a JSON array: a command and its arguments' }, 400);
    const [answer] = await run(
      [parsed.data],
      context.get('login'),
      wantsBase64(context.req.header(encodingHeader)),
    );
    return context.json(answer, answer!.error === undefined ? 200 : 400);
  });

  app.post('/pipeline', async (context) => {
    const parsed = pipeline.safeParse(await jsonBody(context.req.raw));
    if (!parsed.success)
      return context.json(
        { error: `ERR the body must be a JSON array of 1 to ${COMMANDS_MAX} commands, each an array` },
        400,
      );
    return context.json(
      await run(parsed.data, context.get('login'), wantsBase64(context.req.header(encodingHeader))),
    );
  });

  // The path's words, then those of the query (`/set/key/value?EX=10`).
  app.get('/:words{.+}', async (context) => {
    const url = new URL(context.req.url);
    const words = [
      ...url.pathname.slice(1).split('/').map(decodeURIComponent),
      ...[...url.searchParams].flatMap(([name, value]) => (value === '' ? [name] : [name, value])),
    ];
    const [answer] = await run(
      [words],
      context.get('login'),
      wantsBase64(context.req.header(encodingHeader)),
    );
    return context.json(answer, answer!.error === undefined ? 200 : 400);
  });
  return app;
}

/** Undefined if it is no JSON, or too much of it. */
async function jsonBody(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return undefined;
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answerOf(reply: GatewayReply, asBase64: boolean): Answer {
  return reply instanceof Error ? { error: reply.message } : { result: plain(reply, asBase64) };
}

function plain(reply: GatewayReply, asBase64: boolean): unknown {
  if (Array.isArray(reply)) return reply.map((item: GatewayReply) => plain(item, asBase64));
  if (reply instanceof Error) return { error: reply.message };
  if (Buffer.isBuffer(reply)) return reply.toString(asBase64 ? 'base64' : 'utf8');
  if (typeof reply === 'string' && asBase64 && reply !== 'OK') return Buffer.from(reply).toString('base64');
  // JSON has one kind of number; what it cannot hold exactly goes as text.
  return typeof reply === 'bigint'
    ? Number.isSafeInteger(Number(reply))
      ? Number(reply)
      : String(reply)
    : reply;
}
