import type { Rng } from '../../../ports/rng.ts';
import { REDIS_VERSION_COMPATIBLE } from '../../serverState.ts';
import type { CommandSpec } from '../command.ts';
import { NOT_AN_INTEGER } from '../errors.ts';

const WIDTH = 40;
const HULL = [
  '              |\\',
  '              | \\',
  '              |__\\',
  '       _______|_______',
  '       \\     o  o   /',
  '        \\__________/',
];

/** A hull that never tilts above a sea that is never the same. */
function drawShip(rng: Rng): string {
  const sea = (): string => {
    let line = '';
    while (line.length < WIDTH) line += '~^~-'[Math.floor(rng.float() * 4)]!;
    return line;
  };
  return `${[...HULL, sea(), sea(), sea()].join('\n')}\n\n`;
}

export const lolwut: CommandSpec = {
  name: 'lolwut',
  arity: -1,
  flags: ['readonly', 'fast'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Draws a ship on an even keel, and names the version of Redis this server is compatible with.',
    since: '5.0.0',
    group: 'server',
    complexity: '',
    arguments: [{ name: 'version', type: 'integer', token: 'VERSION', flags: ['optional'] }],
  },
  execute(context, args) {
    if (args.count >= 3 && args.is(1, 'VERSION') && args.int64(2) === undefined) {
      return context.reply.error(NOT_AN_INTEGER);
    }
    context.reply.verbatim(`${drawShip(context.server.rng)}Redis ver. ${REDIS_VERSION_COMPATIBLE}\n`, 'txt');
  },
};
