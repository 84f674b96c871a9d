/** Two servers' replies to the same commands, as they came off the wire, compared; and what RESTORE is given where no Redis is asked. */
import { CommandHarness } from '../../src/server/commands/commandHarness.ts';
import type { RandomCommand } from './grammar/production.ts';
import { disagreement } from './normaliser.ts';
import { readTree, replyEnd, treeText } from './replyTree.ts';

/** The first reply that is neither the same nor allowed to differ, as a text; undefined if there is none. */
export function firstDifference(
  commands: RandomCommand[],
  expected: Buffer,
  actual: Buffer,
): string | undefined {
  if (expected.equals(actual)) return undefined;
  let [a, b] = [0, 0];
  let before: Buffer | undefined;
  for (const command of commands) {
    const [endA, endB] = [replyEnd(expected, a), replyEnd(actual, b)];
    const [replyA, replyB] = [expected.subarray(a, endA), actual.subarray(b, endB)];
    if (!replyA.equals(replyB)) {
      const [theirs, ours] = [readTree(replyA), readTree(replyB)];
      const what = disagreement({ command, ours, theirs, before: before && readTree(before) });
      if (what !== undefined)
        return `${what}: ${JSON.stringify(command)}: ${treeText(theirs)} against ${treeText(ours)}`;
    }
    before = replyB;
    [a, b] = [endA, endB];
  }
  return b === actual.length ? undefined : 'more replies than commands';
}

/** Payloads of our own DUMP. */
export function harnessPayloads(): string[] {
  const maker = new CommandHarness();
  maker.run('SET', 'p', 'hello');
  maker.run('HSET', 'h', 'f0', 'v', 'f1', '1');
  maker.run('RPUSH', 'l', 'a', '1', 'x'.repeat(100));
  maker.run('SADD', 's', '1', '2', '70000');
  maker.run('ZADD', 'z', '1', 'a', '-2.5', 'b');
  return ['p', 'h', 'l', 's', 'z'].map((key) => maker.run('DUMP', key) as string);
}
