/**
 * Writes docs/redis-cli.md: the real redis-cli against a server started for it, every line as it was printed.
 *
 *     node test/integration/redisCliTranscript.ts
 *
 * Lines of a session go to a redis-cli of their own each, by standard input and with --no-raw, which is how it prints on a terminal;
 * the port (the server's is a free one) is left out of what is shown. redisTools.test.ts runs the sessions again and compares.
 */
import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, findTool, startEvenkeel } from '../requirements.ts';

const TRANSCRIPT_PATH = join(import.meta.dirname, '../../docs/redis-cli.md');
const TOOL_TIMEOUT_MS = 30_000;

/** What is typed, by what it shows; the replies depend on nothing but the lines before. */
export const SESSIONS: readonly (readonly [title: string, lines: readonly string[]])[] = [
  [
    'Strings and numbers',
    [
      'SET greeting "hello, \\"world\\""',
      'GET greeting',
      'APPEND greeting "!"',
      'SET counter 41 EX 100 NX',
      'INCR counter',
      'SETBIT bits 7 1',
      'BITCOUNT bits',
      'GET absent',
      'INCR greeting',
    ],
  ],
  [
    'Hashes, lists, sets',
    [
      'HSET user:1 name Ada born 1815',
      'HGETALL user:1',
      'HEXPIRE user:1 100 FIELDS 1 born',
      'RPUSH queue a b c d',
      'LRANGE queue 0 -1',
      'LMOVE queue done LEFT RIGHT',
      'SADD odd 1 3 5',
      'SINTERCARD 1 odd',
      'LPUSH odd 7',
    ],
  ],
  [
    'Sorted sets, geography, counting',
    [
      'ZADD board 10 ann 20.5 bob 15 cyd',
      'ZRANGE board 0 -1 REV WITHSCORES',
      'ZRANK board cyd WITHSCORE',
      'GEOADD cities 13.361389 38.115556 Palermo 15.087269 37.502669 Catania',
      'GEODIST cities Palermo Catania km',
      'PFADD visitors a b c a',
      'PFCOUNT visitors',
    ],
  ],
  [
    'Streams',
    [
      'XADD log 1-1 level info text begun',
      'XADD log 1-* level warn',
      'XGROUP CREATE log crew 0',
      'XREADGROUP GROUP crew ann COUNT 1 STREAMS log >',
      'XPENDING log crew',
    ],
  ],
  [
    'Scripts',
    [
      'EVAL "return {KEYS[1], redis.call(\'INCRBY\', KEYS[1], ARGV[1])}" 1 counter 8',
      'EVAL "return redis.call(\'NOSUCH\')" 0',
    ],
  ],
  [
    'Keys',
    ['TYPE board', 'OBJECT ENCODING board', 'EXISTS greeting absent', 'DBSIZE', 'DEL bits', 'NOSUCH command'],
  ],
];
const INTERACTIVE_PROMPT = 'redis>';

/** Runs the lines of a session one by one and shows them as on a terminal. */
export async function runSession(cli: string, port: number, lines: readonly string[]): Promise<string> {
  let shown = '';
  for (const line of lines) {
    const printed = await output(cli, ['-p', String(port), '--no-raw'], `${line}\n`);
    shown += `${INTERACTIVE_PROMPT} ${line}\n${printed.trimEnd()}\n`;
  }
  return shown;
}

/** The block that the document shows under a title. @throws where there is none. */
export function writtenSession(title: string): string {
  const text = readFileSync(TRANSCRIPT_PATH, 'utf8');
  const start = text.indexOf(`\n## ${title}\n`);
  const block = /```\n([\s\S]*?)```/.exec(text.slice(start));
  if (start < 0 || block === null) throw new Error(`docs/redis-cli.md shows no session ${title}`);
  return block[1]!;
}

/** What MONITOR prints while `commands` run one after the other, each in a redis-cli of its own. */
export async function monitored(cli: string, port: number, commands: readonly string[][]): Promise<string> {
  const child = spawn(cli, ['-p', String(port), 'MONITOR'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
  try {
    await eventually('MONITOR has begun', () => printed.startsWith('OK\n'));
    for (const command of commands) await output(cli, ['-p', String(port), ...command]);
    const lastWord = `"${commands.at(-1)!.at(-1)}"\n`;
    await eventually('all is shown', () => printed.endsWith(lastWord));
  } finally {
    child.kill('SIGTERM');
  }
  return printed;
}

/** Standard output of a tool that must end with 0. */
function output(tool: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(tool, args, { timeout: TOOL_TIMEOUT_MS }, (error, stdout, stderr) =>
      error === null && stderr === '' ? resolve(stdout) : reject(error ?? new Error(stderr)),
    );
    child.stdin!.end(input);
  });
}

async function transcript(cli: string): Promise<string> {
  const version = (await output(cli, ['--version'])).trim();
  const server = await startEvenkeel();
  const parts = [
    '# redis-cli against Evenkeel',
    `The unmodified ${version} against \`make server\`. Written by \`node test/integration/redisCliTranscript.ts\`; nothing below is typed by hand. Times and sizes are of that run, on whatever machine it was.`,
  ];
  const show = (title: string, text: string): unknown => parts.push(`## ${title}`, `\`\`\`\n${text}\`\`\``);
  try {
    for (const [title, lines] of SESSIONS) show(title, await runSession(cli, server.port, lines));
    /** A line for a shell in which redis-cli is `cli`. */
    const shell = async (words: string): Promise<string> =>
      `$ redis-cli ${words}\n${await output('sh', ['-c', `"$0" -p ${server.port} ${words}`, cli])}`;
    show('--bigkeys', await shell('--bigkeys'));
    show('--memkeys', await shell('--memkeys'));
    show('--latency', await shell('--latency --raw -i 1'));
    parts.push(
      'The least, the largest and the mean time of a PING in milliseconds, and how many there were in one second.',
    );
    show('--stat', await shell('--stat -i 0.05 | head -6'));
    const commands = [
      ['SET', 'greeting', 'a "quoted" value'],
      ['HGET', 'user:1', 'name'],
      ['EVAL', "return redis.call('GET', KEYS[1])", '1', 'greeting'],
    ];
    const typed = commands.map((words) =>
      words.map((word) => (/[\s"]/.test(word) ? JSON.stringify(word) : word)).join(' '),
    );
    const shown = await monitored(cli, server.port, commands);
    show('MONITOR', `$ redis-cli MONITOR\n${shown}`);
    parts.push(`while another redis-cli ran ${typed.map((line) => `\`${line}\``).join(', ')}.`);
  } finally {
    await server.stop();
  }
  return `${parts.join('\n\n')}\n`;
}

if (import.meta.main) {
  const cli = findTool('redis-cli');
  if (cli === undefined)
    throw new Error('redis-cli is missing: set REDIS_SERVER to the redis-server beside it');
  writeFileSync(TRANSCRIPT_PATH, await transcript(cli));
}
