import type { CommandSpec } from '../command.ts';

export const fcallRo: CommandSpec = {
  name: 'fcall_ro',
  arity: -3,
  flags: ['noscript', 'skip_monitor', 'no_mandatory_keys', 'stale', 'readonly'],
  categories: ['scripting'],
  keys: [
    {
      flags: ['RO', 'access'],
      notes: 'We cannot tell how the keys will be used so we assume the worst, RO and ACCESS',
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Calls a function of a library that must not write.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'Depends on the function that is executed.',
    arguments: [
      { name: 'function', type: 'string' },
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['optional', 'multiple'] },
      { name: 'arg', type: 'string', flags: ['optional', 'multiple'] },
    ],
  },
  execute(context, args) {
    context.server.functions.call(context, args, true);
  },
};
