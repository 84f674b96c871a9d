/**
 * What the server says about itself, held against a Redis 7.4 server's own words: COMMAND INFO and COMMAND DOCS of every command, the
 * fields of INFO, the names of CONFIG GET. Older servers describe other commands, so 7.4 it must be.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCommands } from '../../src/server/commands/allCommands.ts';
import { encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { type ReplyTree, readTree, treeText } from '../differential/replyTree.ts';
import { RespConnection } from '../differential/respConnection.ts';
import { isAtLeast } from '../differential/versionGates.ts';
import { findTool, type RunningServer, startEvenkeel, startRedis } from '../requirements.ts';

const redis = findTool('redis-server');
const recent = isAtLeast(redis, '7.4.0');
const NAME = recent ? 'facts about commands' : 'facts about commands [needs redis-server 7.4]';

/** Members of sets and arrays of flags have no order. */
function unordered(tree: ReplyTree): string {
  if (tree.items === undefined) return treeText(tree);
  const texts = tree.items.map(unordered);
  return `${tree.type}[${(tree.type === '~' ? texts.toSorted() : texts).join(' ')}]`;
}

/** Texts of our own that stand where Redis has its own. */
const OWN_WORDS = new Set(['summary', 'complexity']);

/** A map of documentation without what is ours to word. */
function withoutOwnWords(tree: ReplyTree): string {
  if (tree.items === undefined) return treeText(tree);
  const nameAt = (i: number): string => (tree.type === '%' ? tree.items![i - (i % 2)]!.text : '');
  const kept = tree.items.map((item, i) => {
    if (OWN_WORDS.has(nameAt(i))) return '';
    // Of the history only the versions are facts.
    if (nameAt(i) === 'history' && i % 2 === 1)
      return item.items!.map((change) => treeText(change.items![0]!)).join(' ');
    return withoutOwnWords(item);
  });
  return `${tree.type}[${kept.join(' ')}]`;
}

describe.skipIf(!recent)(NAME, () => {
  const servers: RunningServer[] = [];
  let ours: RespConnection;
  let theirs: RespConnection;

  const ask = async (connection: RespConnection, ...command: string[]): Promise<ReplyTree> => {
    connection.send(encodeRequest(command));
    return readTree((await connection.receive(1))[0]!);
  };

  beforeAll(async () => {
    servers.push(...(await Promise.all([startEvenkeel(), startRedis(redis!)])));
    [ours, theirs] = await Promise.all([
      RespConnection.open(servers[0]!.port),
      RespConnection.open(servers[1]!.port),
    ]);
    await Promise.all([ask(ours, 'HELLO', '3'), ask(theirs, 'HELLO', '3')]);
  });
  afterAll(async () => {
    ours?.close();
    theirs?.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it.each(allCommands.map((spec) => spec.name))('COMMAND INFO %s', async (name) => {
    const info = async (connection: RespConnection): Promise<ReplyTree> =>
      (await ask(connection, 'COMMAND', 'INFO', name)).items![0]!;
    const [a, b] = [await info(ours), await info(theirs)];
    // Everything but the subcommands, of which there may be fewer.
    expect(a.items!.slice(0, 9).map(unordered)).toEqual(b.items!.slice(0, 9).map(unordered));
    const known = new Map(b.items![9]!.items!.map((sub) => [sub.items![0]!.text, unordered(sub)]));
    for (const sub of a.items![9]!.items!) expect(unordered(sub)).toBe(known.get(sub.items![0]!.text));
  });

  it.each(allCommands.map((spec) => spec.name))('COMMAND DOCS %s', async (name) => {
    const docs = async (connection: RespConnection): Promise<Map<string, string>> => {
      const entries = new Map<string, string>();
      const collect = (map: ReplyTree): void => {
        for (let i = 0; i < map.items!.length; i += 2) {
          const [key, value] = [map.items![i]!.text, map.items![i + 1]!];
          const at = value.items!.findIndex((item, j) => j % 2 === 0 && item.text === 'subcommands');
          if (at >= 0) collect(value.items![at + 1]!);
          const own = at < 0 ? value.items! : value.items!.toSpliced(at, 2);
          entries.set(key, withoutOwnWords({ ...value, items: own }));
        }
      };
      collect(await ask(connection, 'COMMAND', 'DOCS', name));
      return entries;
    };
    const [a, b] = [await docs(ours), await docs(theirs)];
    expect(a.size).toBeGreaterThan(0);
    for (const [key, text] of a) expect(text).toBe(b.get(key));
  });

  it('INFO has every section and field that Redis has there', async () => {
    const fields = (text: string): Set<string> =>
      new Set([...text.matchAll(/^(# \w+|\w+):?/gm)].map((m) => m[1]!));
    const a = fields((await ask(ours, 'INFO')).text);
    const b = fields((await ask(theirs, 'INFO')).text);
    expect([...b].filter((name) => !a.has(name))).toEqual([]);
  });

  it('CONFIG GET * names the same parameters', async () => {
    const names = async (connection: RespConnection): Promise<string[]> => {
      const map = await ask(connection, 'CONFIG', 'GET', '*');
      return map.items!.filter((_, i) => i % 2 === 0).map((item) => item.text);
    };
    const a = new Set(await names(ours));
    expect((await names(theirs)).filter((name) => !a.has(name))).toEqual([]);
  });
});
