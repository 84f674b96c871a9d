import type { CommandSpec } from '../command.ts';

export const evalScript: CommandSpec = {
  name: 'eval',
  arity: -3,
  flags: ['noscript', 'skip_monitor', 'may_replicate', 'no_mandatory_keys', 'stale'],
  categories: ['scripting'],
  keys: [
    {
      flags: ['RW', 'access', 'update'],
      notes: 'We cannot tell how the keys will be used so we assume the worst, RW and UPDATE',
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Runs a Lua script on the server.',
    since: '2.6.0',
    group: 'scripting',
    complexity: 'Depends on the script that is executed.',
    arguments: [
      { name: 'script', type: 'string' },
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['optional', 'multiple'] },
      { name: 'arg', type: 'string', flags: ['optional', 'multiple'] },
    ],
  },
  execute(context, args) {
    context.server.scripting.eval(context, args, false);
  },
};
