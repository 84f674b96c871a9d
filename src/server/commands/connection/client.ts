import type { CommandSpec } from '../command.ts';
import { clientCaching } from './client/caching.ts';
import { clientGetName } from './client/getName.ts';
import { clientGetRedir } from './client/getRedir.ts';
import { clientHelp } from './client/help.ts';
import { clientId } from './client/id.ts';
import { clientInfo } from './client/info.ts';
import { clientKill } from './client/kill.ts';
import { clientList } from './client/list.ts';
import { clientNoEvict } from './client/noEvict.ts';
import { clientNoTouch } from './client/noTouch.ts';
import { clientPause } from './client/pause.ts';
import { clientReply } from './client/reply.ts';
import { clientSetInfo } from './client/setInfo.ts';
import { clientSetName } from './client/setName.ts';
import { clientTracking } from './client/tracking.ts';
import { clientTrackingInfo } from './client/trackingInfo.ts';
import { clientUnblock } from './client/unblock.ts';
import { clientUnpause } from './client/unpause.ts';

export const client: CommandSpec = {
  name: 'client',
  arity: -2,
  flags: ['sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about client connections.',
    since: '2.4.0',
    group: 'connection',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [
    clientCaching,
    clientGetName,
    clientGetRedir,
    clientHelp,
    clientId,
    clientInfo,
    clientKill,
    clientList,
    clientNoEvict,
    clientNoTouch,
    clientPause,
    clientReply,
    clientSetInfo,
    clientSetName,
    clientTracking,
    clientTrackingInfo,
    clientUnblock,
    clientUnpause,
  ],
};
