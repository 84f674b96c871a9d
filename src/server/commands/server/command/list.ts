import { fromLatin1 } from '../../../../base/bytes.ts';
import { globMatch } from '../../../../base/glob.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandSpec } from '../../command.ts';
import type { CommandEntry } from '../../commandTable.ts';
import { SYNTAX_ERROR } from '../../errors.ts';
import { categoriesOf } from './categories.ts';

/** What decides whether a command is listed; undefined for malformed arguments. The last filter given counts. */
function readFilter(args: Arguments): ((entry: CommandEntry) => boolean) | undefined {
  if (args.count === 2) return () => true;
  if (args.count !== 5 || !args.is(2, 'FILTERBY')) return undefined;
  // No command comes from a module.
  if (args.is(3, 'MODULE')) return () => false;
  if (args.is(3, 'ACLCAT')) {
    const category = args.text(4).toLowerCase();
    return (entry) => categoriesOf(entry).includes(category);
  }
  if (!args.is(3, 'PATTERN')) return undefined;
  const pattern = args.copy(4);
  return ({ fullName }) => {
    const name = fromLatin1(fullName);
    return globMatch(pattern, 0, pattern.length, name, 0, name.length, true);
  };
}

export const commandList: CommandSpec = {
  name: 'list',
  arity: -2,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Returns the names of the commands, filtered by category or pattern.',
    since: '7.0.0',
    group: 'server',
    complexity: 'O(N) where N is the total number of Redis commands',
    arguments: [
      {
        name: 'filterby',
        type: 'oneof',
        token: 'FILTERBY',
        flags: ['optional'],
        arguments: [
          { name: 'module-name', type: 'string', token: 'MODULE' },
          { name: 'category', type: 'string', token: 'ACLCAT' },
          { name: 'pattern', type: 'pattern', token: 'PATTERN' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const accepts = readFilter(args);
    if (accepts === undefined) return reply.error(SYNTAX_ERROR);
    const names = context.server.commands.entries.filter(accepts).map((entry) => entry.fullName);
    reply.array(names.length);
    for (const name of names) reply.bulkText(name);
  },
};
