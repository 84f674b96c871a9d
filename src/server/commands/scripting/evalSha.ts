import type { CommandSpec } from '../command.ts';

export const evalSha: CommandSpec = {
  name: 'evalsha',
  arity: -3,
  flags: ['noscript', 'skip_monitor', 'may_replicate', 'no_mandatory_keys', 'stale'],
  categories: ['scripting'],
  keys: [
    {
      flags: ['RW', 'access', 'update'],
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Runs a Lua script that the server knows, by its SHA1.',
    since: '2.6.0',
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
    context.server.scripting.evalSha(context, args, false);
  },
};
