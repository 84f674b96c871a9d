import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { optionExpireIndex, optionFlags, parseStringOptions, SET_OPTIONS } from './expiryOptions.ts';
import { storePlain, storeWithOptions } from './storeString.ts';

export const set: CommandSpec = {
  name: 'set',
  arity: -3,
  flags: ['write', 'denyoom'],
  categories: ['string'],
  keys: [
    {
      ...oneKey('RW', 'access', 'update', 'variable_flags')[0]!,
      notes: 'RW and ACCESS due to the optional `GET` argument',
    },
  ],
  docs: {
    summary: 'Sets a key to a string, whatever it held before.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    history: [
      ['2.6.12', 'The options `EX`, `PX`, `NX` and `XX`.'],
      ['6.0.0', 'The option `KEEPTTL`.'],
      ['6.2.0', 'The options `GET`, `EXAT` and `PXAT`.'],
      ['7.0.0', '`NX` and `GET` may be given together.'],
    ],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'value', type: 'string' },
      {
        name: 'condition',
        type: 'oneof',
        flags: ['optional'],
        since: '2.6.12',
        arguments: [
          { name: 'nx', type: 'pure-token', token: 'NX' },
          { name: 'xx', type: 'pure-token', token: 'XX' },
        ],
      },
      { name: 'get', type: 'pure-token', token: 'GET', flags: ['optional'], since: '6.2.0' },
      {
        name: 'expiration',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'seconds', type: 'integer', token: 'EX', since: '2.6.12' },
          { name: 'milliseconds', type: 'integer', token: 'PX', since: '2.6.12' },
          { name: 'unix-time-seconds', type: 'unix-time', token: 'EXAT', since: '6.2.0' },
          { name: 'unix-time-milliseconds', type: 'unix-time', token: 'PXAT', since: '6.2.0' },
          { name: 'keepttl', type: 'pure-token', token: 'KEEPTTL', since: '6.0.0' },
        ],
      },
    ],
  },
  execute(context, args) {
    if (args.count === 3) {
      storePlain(context, args, 1, 2);
      context.reply.ok();
      return;
    }
    const options = parseStringOptions(args, 3, SET_OPTIONS);
    if (options < 0) return context.reply.error(SYNTAX_ERROR);
    storeWithOptions(context, args, 2, optionFlags(options), optionExpireIndex(options), 'set');
  },
};
