import type { CommandSpec } from '../command.ts';
import { pubsubChannels } from './pubsub/channels.ts';
import { pubsubHelp } from './pubsub/help.ts';
import { pubsubNumpat } from './pubsub/numpat.ts';
import { pubsubNumsub } from './pubsub/numsub.ts';
import { pubsubShardchannels } from './pubsub/shardchannels.ts';
import { pubsubShardnumsub } from './pubsub/shardnumsub.ts';

export const pubsub: CommandSpec = {
  name: 'pubsub',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Looks into the state of publish and subscribe.',
    since: '2.8.0',
    group: 'pubsub',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [
    pubsubChannels,
    pubsubHelp,
    pubsubNumpat,
    pubsubNumsub,
    pubsubShardchannels,
    pubsubShardnumsub,
  ],
};
