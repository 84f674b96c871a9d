import { fromLatin1 } from '../../../../base/bytes.ts';
import { globMatch } from '../../../../base/glob.ts';
import type { CommandSpec } from '../../command.ts';

export const configGet: CommandSpec = {
  name: 'get',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns the configuration parameters that match the patterns.',
    since: '2.0.0',
    group: 'server',
    complexity: 'O(N) when N is the number of configuration parameters provided',
    history: [['7.0.0', 'Takes several patterns.']],
    arguments: [{ name: 'parameter', type: 'string', flags: ['multiple'] }],
  },
  execute(context, args) {
    const { reply } = context;
    const { configuration } = context.server;
    /** By name in lower case, in the order found. */
    const found = new Map<string, { name: string; text: string }>();
    for (let i = 2; i < args.count; i++) {
      const word = args.text(i);
      if (!/[[*?]/.test(word)) {
        // An exact name finds hidden parameters too, and is answered in the letters it was asked in.
        const lower = word.toLowerCase();
        if (configuration.parameter(lower) !== undefined && !found.has(lower)) {
          found.set(lower, { name: word, text: configuration.text(lower) });
        }
        continue;
      }
      const pattern = args.view(i);
      for (const listed of configuration.listed()) {
        if (found.has(listed.name)) continue;
        const name = fromLatin1(listed.name);
        if (globMatch(pattern, 0, pattern.length, name, 0, name.length, true)) found.set(listed.name, listed);
      }
    }
    reply.map(found.size);
    for (const { name, text } of found.values()) {
      reply.bulkText(name);
      reply.bulkText(text);
    }
  },
};
