import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../../server/helpReply.ts';

const LINES = [
  'CHANNELS [<pattern>]',
  "    Return the currently active channels matching a <pattern> (default: '*').",
  'NUMPAT',
  '    Return number of subscriptions to patterns.',
  'NUMSUB [<channel> ...]',
  '    Return the number of subscribers for the specified channels, excluding',
  '    pattern subscriptions(default: no channels).',
  'SHARDCHANNELS [<pattern>]',
  "    Return the currently active shard level channels matching a <pattern> (default: '*').",
  'SHARDNUMSUB [<shardchannel> ...]',
  '    Return the number of subscribers for the specified shard level channel(s)',
];

export const pubsubHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Shows what PUBSUB can do.',
    since: '6.2.0',
    group: 'pubsub',
    complexity: 'O(1)',
  },
  execute({ reply }) {
    sendHelp(reply, 'PUBSUB', LINES);
  },
};
