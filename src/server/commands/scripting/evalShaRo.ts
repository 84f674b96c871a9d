import type { CommandSpec } from '../command.ts';

export const evalShaRo: CommandSpec = {
  name: 'evalsha_ro',
  arity: -3,
  flags: ['noscript', 'skip_monitor', 'no_mandatory_keys', 'stale', 'readonly'],
  categories: ['scripting'],
  keys: [
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Runs a Lua script that the server knows, by its SHA1; it must not write.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'Depends on the script that is executed.',
    arguments: [
      { name: 'sha1', type: 'string' },
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['optional', 'multiple'] },
      { name: 'arg', type: 'string', flags: ['optional', 'multiple'] },
    ],
  },
  execute(context, args) {
    context.server.scripting.evalSha(context, args, true);
  },
};
