/** Hundreds of scripts, answered byte for byte as Redis 7.4 answers them, in both protocols. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandHarness, encodeRequest } from '../../../src/server/commands/commandHarness.ts';
import { findTool, needing, type RunningServer, startRedis } from '../../requirements.ts';
import { RespConnection } from '../respConnection.ts';
import { isAtLeast } from '../versionGates.ts';
import { ARGUMENTS } from './commandCases.ts';
import { CONVERSIONS } from './conversionCases.ts';
import { ERRORS } from './errorCases.ts';
import { FUNCTIONS } from './functionCases.ts';
import { LIBRARIES } from './libraryCases.ts';
import { SANDBOX } from './sandboxCases.ts';
import type { ScriptCase } from './scriptCase.ts';

const redis = findTool('redis-server');
const recent = isAtLeast(redis, '7.4.0');

const FAMILIES: Record<string, readonly ScriptCase[]> = {
  conversions: CONVERSIONS,
  arguments: ARGUMENTS,
  errors: ERRORS,
  sandbox: SANDBOX,
  libraries: LIBRARIES,
  functions: FUNCTIONS,
};

/** Addresses of tables and functions, and of errors that print them. */
const withoutAddresses = (reply: Buffer): string =>
  reply.toString('latin1').replace(/\b(table|function|userdata): 0x[0-9a-f]+/g, '$1: ADDRESS');

describe.skipIf(!recent)(needing('scripts against Redis 7.4', 'redis-server', redis), () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startRedis(redis!, ['--enable-debug-command', 'yes']);
  });
  afterAll(() => server?.stop());

  for (const protocol of ['2', '3']) {
    it.each(Object.keys(FAMILIES))(`RESP${protocol}: %s`, async (family) => {
      const theirs = await RespConnection.open(server.port);
      const harness = new CommandHarness({ configuration: { 'enable-debug-command': 'yes' } });
      const ask = async (...command: (string | number)[]): Promise<Buffer> => {
        theirs.send(encodeRequest(command));
        return (await theirs.receive(1))[0]!;
      };
      await ask('FLUSHALL');
      await ask('SCRIPT', 'FLUSH');
      await ask('HELLO', protocol);
      harness.raw('HELLO', protocol);
      const differing: string[] = [];
      for (const script of FAMILIES[family]!) {
        const command = typeof script === 'string' ? ['EVAL', script, 0] : script;
        const expected = withoutAddresses(await ask(...command));
        const actual = withoutAddresses(harness.raw(...command));
        if (actual !== expected)
          differing.push(
            `${JSON.stringify(command)}\n  Redis ${JSON.stringify(expected)}\n  here  ${JSON.stringify(actual)}`,
          );
      }
      theirs.close();
      expect(differing.join('\n')).toBe('');
    });
  }

  it('exchanges FUNCTION DUMP payloads both ways', async () => {
    const theirs = await RespConnection.open(server.port);
    const harness = new CommandHarness();
    const ask = async (...command: (string | Buffer)[]): Promise<string> => {
      theirs.send(encodeRequest(command));
      return (await theirs.receive(1))[0]!.toString('latin1');
    };
    const answer = (...command: (string | Buffer)[]): string => harness.raw(...command).toString('latin1');
    await ask('FUNCTION', 'FLUSH');
    const code = `#!lua name=lib\nredis.register_function('f', function() return 5 end) --${'-'.repeat(100)}`;
    expect(answer('FUNCTION', 'LOAD', code)).toBe(await ask('FUNCTION', 'LOAD', code));
    const payload = (reply: string): Buffer =>
      Buffer.from(reply.slice(reply.indexOf('\r\n') + 2, -2), 'latin1');
    const ours = payload(answer('FUNCTION', 'DUMP'));
    expect(ours).toEqual(payload(await ask('FUNCTION', 'DUMP')));
    for (const policy of ['APPEND', 'REPLACE', 'FLUSH', 'APPEND']) {
      const restore = ['FUNCTION', 'RESTORE', ours, policy];
      expect(answer(...restore)).toBe(await ask(...restore));
      expect(answer('FCALL', 'f', '0')).toBe(':5\r\n');
    }
    const other = "#!lua name=other\nredis.register_function('f', function() return 6 end)";
    for (const command of [
      ['FUNCTION', 'FLUSH'],
      ['FUNCTION', 'LOAD', other],
      ['FUNCTION', 'RESTORE', ours],
      ['FUNCTION', 'RESTORE', ours, 'REPLACE'],
      ['FCALL', 'f', '0'],
      ['FUNCTION', 'RESTORE', ours, 'FLUSH'],
      ['FUNCTION', 'LIST'],
      ['FUNCTION', 'FLUSH'],
    ])
      expect(answer(...command)).toBe(await ask(...command));
    theirs.close();
  });
});
