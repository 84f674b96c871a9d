import { fromLatin1 } from '../../../../base/bytes.ts';
import { globMatch } from '../../../../base/glob.ts';
import type { Library } from '../../../scripting/functions/library.ts';
import type { CommandSpec } from '../../command.ts';
import type { Reply } from '../../reply.ts';

export const functionList: CommandSpec = {
  name: 'list',
  arity: -2,
  flags: ['noscript'],
  categories: ['scripting'],
  keys: [],
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Tells of libraries and their functions.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(N) where N is the number of functions',
    arguments: [
      { name: 'library-name-pattern', type: 'string', token: 'LIBRARYNAME', flags: ['optional'] },
      { name: 'withcode', type: 'pure-token', token: 'WITHCODE', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { reply, server } = context;
    let withCode = false;
    let pattern: Uint8Array | undefined;
    for (let i = 2; i < args.count; i++) {
      if (!withCode && args.is(i, 'WITHCODE')) {
        withCode = true;
      } else if (pattern === undefined && args.is(i, 'LIBRARYNAME')) {
        if (i === args.count - 1) return reply.error('ERR library name argument was not given');
        pattern = args.view(++i);
      } else {
        return reply.error(`ERR Unknown argument ${args.text(i)}`);
      }
    }
    const libraries = [...server.functions.libraries()].filter(({ name }) => matches(pattern, name));
    reply.array(libraries.length);
    for (const library of libraries) sayLibrary(reply, library, withCode);
  },
};

function matches(pattern: Uint8Array | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const name = fromLatin1(text);
  return globMatch(pattern, 0, pattern.length, name, 0, name.length, true);
}

function sayLibrary(reply: Reply, { code, functions, name }: Library, withCode: boolean): void {
  reply.map(withCode ? 4 : 3);
  reply.bulkText('library_name');
  reply.bulkText(name);
  reply.bulkText('engine');
  reply.bulkText('LUA');
  reply.bulkText('functions');
  reply.array(functions.size);
  for (const listed of functions.values()) {
    reply.map(3);
    reply.bulkText('name');
    reply.bulkText(listed.name);
    reply.bulkText('description');
    if (listed.description === undefined) reply.nil();
    else reply.bulkText(listed.description);
    reply.bulkText('flags');
    reply.set(listed.flagNames.length);
    for (const flag of listed.flagNames) reply.simple(flag);
  }
  if (!withCode) return;
  reply.bulkText('library_code');
  reply.bulk(code);
}
