import type { CommandSpec } from '../../command.ts';
import { CATEGORIES, categoriesOf } from '../command/categories.ts';
import { unknownSubcommand } from '../unknownSubcommand.ts';

const ECHO_BYTES_MAX = 128;

export const aclCat: CommandSpec = {
  name: 'cat',
  arity: -2,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns the categories of commands, or the commands of one category.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(1) since the categories and commands are a fixed set.',
    arguments: [{ name: 'category', type: 'string', flags: ['optional'] }],
  },
  execute(context, args) {
    const { reply } = context;
    if (args.count > 3) return unknownSubcommand(context, args);
    if (args.count === 2) {
      reply.array(CATEGORIES.length);
      for (const category of CATEGORIES) reply.bulkText(category);
      return;
    }
    const category = args.text(2).toLowerCase();
    if (!CATEGORIES.includes(category)) {
      return reply.error(`ERR Unknown category '${args.text(2).slice(0, ECHO_BYTES_MAX)}'`);
    }
    const entries = context.server.commands.entries.filter((entry) => categoriesOf(entry).includes(category));
    reply.array(entries.length);
    for (const entry of entries) reply.bulkText(entry.fullName);
  },
};
