import { BUCKET_COUNT, bucketOf } from '../../../../base/latencyBuckets.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandSpec } from '../../command.ts';
import type { CommandEntry, CommandTable } from '../../commandTable.ts';

/** Those of a container stand for all its subcommands; what is no command is passed over. */
function namedCommands(table: CommandTable, args: Arguments): CommandEntry[] {
  const entries: CommandEntry[] = [];
  for (let i = 2; i < args.count; i++) {
    const name = args.text(i).toLowerCase();
    const [container, subcommand] = name.split('|');
    const entry = table.get(container!);
    if (entry === undefined) continue;
    if (entry.subcommands === undefined) entries.push(entry);
    else if (subcommand === undefined) entries.push(...entry.subcommands.values());
    else entries.push(...[entry.subcommands.get(subcommand)].filter((each) => each !== undefined));
  }
  return entries;
}

/**
 * Powers of two of a microsecond at which the number of shorter executions rises, with that number. Of fast commands some are timed:
 * they stand for all `calls`.
 */
function cumulativeOctaves(counts: Float64Array, calls: number): [number, number][] {
  let timed = 0;
  for (const count of counts) timed += count;
  const octaves: [number, number][] = [];
  let below = 0;
  for (let bucket = 0, upToUs = 1; bucket < BUCKET_COUNT; upToUs *= 2) {
    const before = below;
    const end = Math.max(bucket + 1, Math.min(BUCKET_COUNT, bucketOf(upToUs)));
    for (; bucket < end; bucket++) below += counts[bucket]!;
    if (below > before) octaves.push([upToUs, Math.round((below / timed) * calls)]);
  }
  return octaves;
}

export const latencyHistogram: CommandSpec = {
  name: 'histogram',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  docs: {
    summary: "Returns the distribution of commands' execution times.",
    since: '7.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of commands with latency information being retrieved.',
    arguments: [{ name: 'command', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute({ reply, server }, args) {
    const wanted = args.count === 2 ? server.commands.entries : namedCommands(server.commands, args);
    const called = wanted.filter(({ number }) => server.stats.timedByCommand[number]! > 0);
    reply.map(called.length);
    for (const { fullName, number } of called) {
      const calls = server.stats.callsByCommand[number]!;
      const octaves = cumulativeOctaves(server.stats.executionCounts(number), calls);
      reply.bulkText(fullName);
      reply.map(2);
      reply.bulkText('calls');
      reply.integer(calls);
      reply.bulkText('histogram_usec');
      reply.map(octaves.length);
      for (const [upToUs, count] of octaves) {
        reply.integer(upToUs);
        reply.integer(count);
      }
    }
  },
};
