/** redis-cli and redis-benchmark, unmodified, against our server, or with TEST_AGAINST=redis against Redis's. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool, needing, type RunningServer } from '../requirements.ts';
import { monitored, runSession, SESSIONS, writtenSession } from './redisCliTranscript.ts';
import { startServerUnderTest } from './software/serverUnderTest.ts';
import { encode } from './wire.ts';

/** Long enough on a busy machine; a tool that has not ended by then hangs. */
const TOOL_TIMEOUT_MS = 30_000;
const cli = findTool('redis-cli');
const benchmark = findTool('redis-benchmark');

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(
  tool: string,
  args: string[],
  options: { input?: Buffer; endsWhen?: (stdout: string) => boolean } = {},
): Promise<Outcome> {
  const child = spawn(tool, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    outcome.stdout += chunk.toString('latin1');
    if (options.endsWhen?.(outcome.stdout)) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    outcome.stderr += chunk.toString('latin1');
  });
  child.stdin.end(options.input ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), TOOL_TIMEOUT_MS);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ ...outcome, code });
    });
  });
}

describe.each(['all', 'none'])('flags %s', (flags) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServerUnderTest(flags);
  });
  afterAll(() => server.stop());

  describe.skipIf(cli === undefined)(needing('redis-cli', 'redis-cli', cli), () => {
    const redisCli = (...args: string[]): Promise<Outcome> => run(cli!, ['-p', String(server.port), ...args]);

    it('runs commands and shows their replies', async () => {
      expect(await redisCli('SET', 'greeting', 'hello')).toEqual({ code: 0, stdout: 'OK\n', stderr: '' });
      expect((await redisCli('GET', 'greeting')).stdout).toBe('hello\n');
      expect((await redisCli('HSET', 'hash', 'a', '1', 'b', '2')).stdout).toBe('2\n');
      expect((await redisCli('--no-raw', 'HGETALL', 'hash')).stdout).toBe('1) "a"\n2) "1"\n3) "b"\n4) "2"\n');
      expect((await redisCli('-e', 'INCR', 'greeting')).code).toBe(1);
      expect((await redisCli('-n', '4', 'DBSIZE')).stdout).toBe('0\n');
      expect((await redisCli('INFO', 'server')).stdout).toMatch(/^redis_version:7\.4/m);
    });

    it('speaks RESP3 with -3', async () => {
      await redisCli('HSET', 'map', 'a', '1');
      expect((await redisCli('-3', '--no-raw', 'HGETALL', 'map')).stdout).toBe('1# "a" => "1"\n');
      expect((await redisCli('-3', '--no-raw', 'GET', 'absent')).stdout).toBe('(nil)\n');
      expect((await redisCli('-3', '--json', 'HGETALL', 'map')).stdout).toBe('{"a":"1"}\n');
    });

    it('runs lines from standard input, quotes and all', async () => {
      const input = Buffer.from('SET "two words" "a\\nb"\nSTRLEN "two words"\nNOSUCH\nGET "two words"\n');
      const { stdout } = await run(cli!, ['-p', String(server.port)], { input });
      expect(stdout).toMatch(/^OK\n3\nERR unknown command 'NOSUCH'.*\n\na\nb\n$/);
    });

    it('prints what docs/redis-cli.md shows (node test/integration/redisCliTranscript.ts)', async () => {
      await redisCli('FLUSHALL');
      for (const [title, lines] of SESSIONS)
        expect(await runSession(cli!, server.port, lines), title).toBe(writtenSession(title));
    });

    it('MONITOR shows the commands of others', async () => {
      const shown = await monitored(cli!, server.port, [
        ['SET', 'greeting', 'a "quoted"\nvalue'],
        ['-n', '3', 'HGET', 'absent', 'f'],
      ]);
      const lines = shown.split('\n');
      expect(lines[0]).toBe('OK');
      expect(lines[1]).toMatch(
        /^\d{10}\.\d{6} \[0 127\.0\.0\.1:\d+\] "SET" "greeting" "a \\"quoted\\"\\nvalue"$/,
      );
      expect(shown).toMatch(/^\d{10}\.\d{6} \[3 127\.0\.0\.1:\d+\] "HGET" "absent" "f"$/m);
    });

    it('--pipe loads 20,000 commands, --scan finds them, --bigkeys weighs them', async () => {
      const commands = Array.from({ length: 20_000 }, (_, i) => encode(['SET', `piped:${i}`, `value ${i}`]));
      commands.push(encode(['SET', 'piped:largest', 'x'.repeat(5000)]));
      const piped = await run(cli!, ['-p', String(server.port), '--pipe'], {
        input: Buffer.concat(commands),
      });
      expect(piped.stdout).toContain('errors: 0, replies: 20001');
      expect(piped.code).toBe(0);

      const { stdout } = await redisCli('--scan', '--pattern', 'piped:*');
      expect(new Set(stdout.trim().split('\n')).size).toBe(20_001);

      const big = await redisCli('--bigkeys');
      expect(big.code).toBe(0);
      expect(big.stdout).toMatch(/Biggest string found .*"piped:largest".* has 5000 bytes/);
      const memory = await redisCli('--memkeys');
      expect(memory.code).toBe(0);
      expect(memory.stdout).toMatch(/Biggest string found .*piped:largest/);
    });

    it('--latency measures', async () => {
      const { stdout } = await redisCli('--raw', '--latency', '-i', '1');
      const [min, max, avg, samples] = stdout.trim().split(/\s+/).map(Number);
      expect(samples).toBeGreaterThan(10);
      expect(min).toBeLessThanOrEqual(avg!);
      expect(avg).toBeLessThanOrEqual(max!);
    });

    it('--stat reads INFO', async () => {
      // It never ends by itself, and writes to a pipe only once its buffer of 4 KB is full.
      const args = ['-p', String(server.port), '--stat', '-i', '0.005'];
      const { stdout } = await run(cli!, args, { endsWhen: (text) => text.length > 1000 });
      expect(stdout).toMatch(/keys\s+mem\s+clients\s+blocked\s+requests\s+connections/);
      expect(stdout.split('\n')[3]).toMatch(/^\d+\s+[\d.]+[BKMG]\s+\d+\s+0\s+\d+ \(\+\d+\)\s+\d+/);
    });
  });

  describe.skipIf(benchmark === undefined)(needing('redis-benchmark', 'redis-benchmark', benchmark), () => {
    it.each([
      [1, 3000],
      [16, 20_000],
      [64, 40_000],
    ])('pipeline %i ends with 0 and without errors', async (pipeline, requests) => {
      const args = ['-p', String(server.port), '-q', '-t', 'set,get,incr,hset,mset', '-r', '1000'];
      const { code, stdout, stderr } = await run(benchmark!, [
        ...args,
        '-P',
        String(pipeline),
        '-n',
        String(requests),
      ]);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).not.toMatch(/error|warning/i);
      for (const name of ['SET', 'GET', 'INCR', 'HSET', 'MSET \\(10 keys\\)'])
        expect(stdout).toMatch(new RegExp(`(^|\\r|\\n)${name}: [\\d.]+ requests per second`));
    });

    it('RESP3 and a command of its own', async () => {
      const args = [
        '-p',
        String(server.port),
        '-q',
        '-3',
        '-n',
        '2000',
        '-r',
        '100',
        'HSET',
        'h:__rand_int__',
        'f',
        'v',
      ];
      const { code, stdout, stderr } = await run(benchmark!, args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/requests per second/);
    });
  });
});
