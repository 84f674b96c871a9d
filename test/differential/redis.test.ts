/** 200,000 random commands, half with every optimisation and half with none, answered as Redis answers them. */
import { afterAll, describe, expect, it } from 'vitest';
import { encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { findTool, needing, type RunningServer, startEvenkeel, startRedis } from '../requirements.ts';
import { testSeed } from '../seed.ts';
import { payloadSources } from './commandSource.ts';
import { DifferentialRun, describeMismatch } from './differentialRun.ts';
import { readTree, treeText } from './replyTree.ts';
import { RespConnection } from './respConnection.ts';
import { shardGate } from './shardRules.ts';
import { gateFor } from './versionGates.ts';

const COMMANDS = Number(process.env.DIFFERENTIAL_COMMANDS ?? 200_000);
const EPISODE = Number(process.env.EPISODE ?? 0);
const redis = findTool('redis-server');
const started: RunningServer[] = [];
const start = async (server: Promise<RunningServer>): Promise<RunningServer> => {
  started.push(await server);
  return started.at(-1)!;
};

afterAll(() => Promise.all(started.map((server) => server.stop())));

describe.skipIf(redis === undefined)(needing('differential against Redis', 'redis-server', redis), () => {
  for (const { flags, threads, shards, commands } of [
    { flags: 'all', threads: 1, shards: 1, commands: COMMANDS / 2 },
    { flags: 'none', threads: 0, shards: 1, commands: COMMANDS / 2 },
    { flags: 'all', threads: 1, shards: 2, commands: COMMANDS / 10 },
    { flags: 'none', threads: 1, shards: 3, commands: COMMANDS / 10 },
  ] as const) {
    it(`agrees over ${commands} random commands, flags ${flags}, threads ${threads}, shards ${shards}`, async () => {
      const seed = testSeed();
      const [ours, theirs] = await Promise.all([
        start(startEvenkeel({ flags, threads, shards, arguments: ['--enable-debug-command', 'yes'] })),
        start(startRedis(redis!)),
      ]);
      console.log(`differential, flags ${flags}: SEED=${seed}`);
      const result = await DifferentialRun.run({
        oursPort: ours.port,
        theirsPort: theirs.port,
        seed,
        commands,
        firstEpisode: EPISODE,
        excludes: shardGate(shards),
      });
      console.log(
        `differential, flags ${flags}: ${result.commands} commands, Redis ${result.referenceVersion}`,
      );
      if (result.mismatch !== undefined) expect.fail(describeMismatch(seed, result.mismatch));
      expect(result.commands).toBeGreaterThanOrEqual(commands);
      await Promise.all([ours.stop(), theirs.stop()]);
    });
  }

  it('exchanges DUMP payloads both ways', async () => {
    const servers = await Promise.all([start(startEvenkeel()), start(startRedis(redis!))]);
    const [ours, theirs] = await Promise.all(servers.map((server) => RespConnection.open(server.port)));
    const ask = async (connection: RespConnection, ...command: string[]): Promise<Buffer> => {
      connection.send(encodeRequest(command));
      return (await connection.receive(1))[0]!;
    };
    const info = (await ask(theirs!, 'INFO', 'server')).toString('latin1');
    const gate = gateFor(/redis_version:(\S+)/.exec(info)![1]!);
    // A reader refuses what a newer writer wrote, so an old reference is only read from.
    const reads = info.includes('redis_version:7.4');
    const routes = reads
      ? [
          [ours!, theirs!],
          [theirs!, ours!],
        ]
      : [[theirs!, ours!]];
    const contents = async (connection: RespConnection, key: string): Promise<string> => {
      const all = readTree(await ask(connection, 'HGETALL', key));
      if (all.items === undefined) return treeText(readTree(await ask(connection, 'GET', key)));
      const names = all.items
        .filter((_, i) => i % 2 === 0)
        .map((item) => item.text)
        .toSorted();
      const count = String(names.length);
      const values = treeText(readTree(await ask(connection, 'HMGET', key, ...names)));
      if (!reads) return values;
      return (
        values + treeText(readTree(await ask(connection, 'HPEXPIRETIME', key, 'FIELDS', count, ...names)))
      );
    };
    let exchanged = 0;
    for (const [from, to] of routes) {
      for (const source of payloadSources()) {
        if (source.some(gate)) continue;
        await ask(from!, 'CONFIG', 'SET', 'hash-max-listpack-entries', '512');
        await ask(from!, 'DEL', 'p');
        for (const command of source) await ask(from!, ...command);
        const payload = readTree(await ask(from!, 'DUMP', 'p')).text;
        expect((await ask(to!, 'RESTORE', 'q', '0', payload, 'REPLACE')).toString()).toBe('+OK\r\n');
        expect(await contents(to!, 'q')).toBe(await contents(from!, 'p'));
        exchanged++;
      }
    }
    expect(exchanged).toBeGreaterThanOrEqual(9);
    ours!.close();
    theirs!.close();
  });
});
