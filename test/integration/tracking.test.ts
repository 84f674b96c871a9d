/** Client-side caching, side by side with Redis: who is told of what, in which form, and where among the replies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool, type RunningServer, startEvenkeel } from '../requirements.ts';
import { needingReference, play, referenceSince, skipIds } from './sideBySide.ts';

const SINCE = '7.4.0';
const reference = referenceSince(SINCE, findTool('redis-server'));

const SCRIPTS: Record<string, string[]> = {
  'what was read once is invalidated once': [
    'a: HELLO 3 | CLIENT TRACKING ON',
    'a: GET k | MGET k j',
    'b: SET k 1',
    'b: SET k 2 | DEL j | DEL nosuch',
    'a: GET k',
    'b: EXPIRE k 100',
    'a: CLIENT TRACKING OFF | GET k',
    'b: SET k 3',
  ],
  'own changes follow their reply': [
    'a: HELLO 3 | CLIENT TRACKING ON',
    'a: GET k | GET j | SET k 1 | PING | SET k 2 | MSET k 3 j 4',
    'a: GET k | GET j | MULTI | SET k 1 | GET k | SET j 2 | SET k 5 | EXEC | PING',
    'a: GET k | GETDEL k | RPUSH l x | LRANGE l 0 -1 | LPOP l',
    'a: CLIENT TRACKING ON NOLOOP | GET k | SET k 1 | GET k',
    'b: SET k 2',
  ],
  'other databases count alike, flushes say nil': [
    'a: HELLO 3 | CLIENT TRACKING ON | GET k',
    'b: SELECT 3 | SET k 1',
    'a: GET k | GET j',
    'b: FLUSHDB',
    'b: SET k 1 | SET j 1',
    'a: GET k | FLUSHALL | PING',
    'a: MULTI | SET k 1 | GET k | FLUSHALL | SET k 2 | EXEC',
    'a: GET k | FLUSHDB ASYNC | GET k | FLUSHALL SYNC | PING',
    'a: GET k | SWAPDB 0 1 | PING',
  ],
  'RESP2 is told through another connection': [
    'a: PING',
    'b: CLIENT TRACKING ON REDIRECT $a | CLIENT GETREDIR | GET k | CLIENT TRACKINGINFO',
    'c: SET k 1',
    'a: SUBSCRIBE anything',
    'b: GET k',
    'c: SET k 2',
    'b: GET k | SET k 3 | PING',
    'c: FLUSHALL',
    'b: FLUSHALL | GET k',
    'a: UNSUBSCRIBE',
    'c: SET k 4',
    'a: HELLO 3',
    'b: GET k',
    'c: SET k 5 | FLUSHALL',
  ],
  'RESP3 to RESP2 and back': [
    'a: SUBSCRIBE __redis__:invalidate',
    'b: HELLO 3 | CLIENT TRACKING ON REDIRECT $a | GET k',
    'c: SET k 1 | FLUSHALL',
    'b: HELLO 2 | CLIENT TRACKING ON | GET k',
    'c: SET k 2',
    'b: HELLO 3 | GET k',
    'c: SET k 2',
    'b: CLIENT TRACKING ON REDIRECT $b | GET k | SET k 9',
    'b: SUBSCRIBE x | GET k',
    'c: SET k 4',
  ],
  'a redirection that broke': [
    'a: HELLO 3',
    'b: HELLO 3 | CLIENT TRACKING ON REDIRECT $a | GET k | GET j',
    'close a',
    'c: SET k 1',
    'b: CLIENT TRACKINGINFO | GET k | SET k 2 | PING',
    'c: FLUSHALL',
    'b: CLIENT TRACKING ON | CLIENT TRACKINGINFO',
    'd: PING',
    'b: HELLO 2 | CLIENT TRACKING ON REDIRECT $d | GET k',
    'd: QUIT',
    'c: SET k 3',
    'b: CLIENT TRACKINGINFO',
  ],
  'OPTIN and OPTOUT': [
    'a: HELLO 3 | CLIENT TRACKING ON OPTIN | GET k | CLIENT CACHING YES | CLIENT TRACKINGINFO | GET j | GET l',
    'b: MSET k 1 j 1 l 1',
    'a: CLIENT CACHING YES | MULTI | GET k | GET j | EXEC | GET l',
    'b: MSET k 1 j 1 l 1',
    'a: CLIENT CACHING YES | GET | GET k',
    'a: CLIENT CACHING YES | NOSUCH | GET j',
    'a: CLIENT CACHING YES | CLIENT ID | GET l',
    'a: MULTI | CLIENT CACHING YES | GET k | EXEC | GET j',
    'b: MSET k 1 j 1 l 1',
    'a: CLIENT TRACKING ON OPTOUT | CLIENT TRACKING OFF | CLIENT TRACKING ON OPTOUT',
    'a: GET k | CLIENT CACHING NO | CLIENT TRACKINGINFO | GET j | GET l | CLIENT CACHING YES',
    'b: MSET k 1 j 1 l 1',
  ],
  broadcasts: [
    'a: HELLO 3 | CLIENT TRACKING ON BCAST',
    'b: SET k 1 | SET j 2 | SET k 3 | GET x | DEL nosuch',
    'a: SET own 1 | SET also 2 | PING',
    'b: MULTI | SET z 1 | SET y 1 | EXEC',
    'c: HELLO 3 | CLIENT TRACKING ON BCAST PREFIX user: PREFIX object: NOLOOP | CLIENT TRACKINGINFO',
    'b: MSET user:1 a user:2 b object:1 c other d',
    'c: MSET user:1 a user:2 b object:1 c other d | PING',
    'c: CLIENT TRACKING ON BCAST PREFIX user:1 | CLIENT TRACKING ON BCAST PREFIX user | CLIENT TRACKINGINFO',
    'c: CLIENT TRACKING ON BCAST | CLIENT TRACKINGINFO',
    'b: SET user:1 x | FLUSHALL ASYNC | SET user:2 y',
    'c: RESET',
    'b: SET user:1 x',
    'c: CLIENT TRACKINGINFO',
  ],
  'broadcasts through another connection': [
    'a: SUBSCRIBE __redis__:invalidate',
    'b: CLIENT TRACKING ON REDIRECT $a BCAST PREFIX k',
    'c: SET k1 1 | SET j1 1',
    'b: SET k2 1',
    'c: FLUSHALL',
  ],
  'commands that wait, expiry, and what a read is': [
    'b: DEBUG SET-ACTIVE-EXPIRE 0',
    'a: HELLO 3 | CLIENT TRACKING ON',
    'a~ BLPOP list 0',
    'b: RPUSH list x y',
    'a: LRANGE list 0 -1 | LPOP list',
    'a~ XREAD BLOCK 0 STREAMS s $',
    'b: XADD s 1-1 f v',
    'b: XADD s 2-1 f v',
    'a: PING',
    'b: SET t 1 PX 30',
    'a: GET t | TTL t',
    'sleep 60',
    'b: GET t',
    'a: EXISTS e1 e2 | TYPE e3 | STRLEN e4 | HGET e5 f | SUNION e6 e7 | OBJECT ENCODING e8 | DUMP e9 | SCAN 0 | KEYS * | DBSIZE | SORT_RO e10',
    'a: LRANGE list 0 0 x | SET e11 1 GET | SINTERCARD 2 e12 e13 | ZUNION 2 e14 e15 | GETEX e16 | TOUCH e17',
    'b: MSET e1 1 e2 1 e3 1 e4 1 e5 1 e6 1 e7 1 e8 1 e9 1 e10 1 e11 1 e12 1 e13 1 e14 1 e15 1 e16 1 e17 1',
    'a: CLIENT TRACKING OFF | CLIENT TRACKING ON NOLOOP | SET t 1 PX 30 | GET t',
    'sleep 60',
    'a: PING',
    'a: GET t',
    'b: GET t',
    'b: DEBUG SET-ACTIVE-EXPIRE 1',
  ],
  'beside keyspace messages': [
    'b: CONFIG SET notify-keyspace-events KEA',
    'a: HELLO 3 | CLIENT TRACKING ON | SUBSCRIBE __keyspace@0__:k | GET k | SET k 1 | PING',
    'a: GET k | MULTI | SET k 1 | DEL k | EXEC | PING',
    'a: CLIENT TRACKING OFF | CLIENT TRACKING ON BCAST | SET k 1 | PING',
    "b: CONFIG SET notify-keyspace-events ''",
  ],
  'silenced replies': [
    'a: HELLO 3 | CLIENT TRACKING ON | GET k | CLIENT REPLY SKIP | SET k 1 | GET k',
    'a: CLIENT REPLY OFF | GET k | SET k 2 | CLIENT REPLY ON',
  ],
  refusals: [
    'a: CLIENT TRACKING | CLIENT TRACKING x | CLIENT TRACKING ON x | CLIENT TRACKING ON PREFIX | CLIENT TRACKING ON REDIRECT',
    'a: CLIENT TRACKING ON PREFIX a | CLIENT TRACKING ON BCAST OPTIN | CLIENT TRACKING ON BCAST OPTOUT | CLIENT TRACKING ON OPTIN OPTOUT',
    'a: CLIENT TRACKING ON REDIRECT x | CLIENT TRACKING ON REDIRECT 0 | CLIENT TRACKING ON REDIRECT -1 | CLIENT TRACKING ON REDIRECT 99999999',
    'a: CLIENT TRACKING ON REDIRECT $a REDIRECT $a | CLIENT TRACKING x REDIRECT 99999999 | CLIENT TRACKING OFF x',
    'a: CLIENT TRACKING ON BCAST PREFIX ab PREFIX abc | CLIENT TRACKING ON BCAST PREFIX abc PREFIX ab | CLIENT TRACKINGINFO',
    "a: CLIENT TRACKING ON BCAST PREFIX x PREFIX '' | CLIENT TRACKING ON BCAST PREFIX x | CLIENT TRACKING ON BCAST PREFIX xy",
    'a: CLIENT TRACKING ON | CLIENT TRACKING OFF | CLIENT TRACKING ON | CLIENT TRACKING ON BCAST | CLIENT TRACKING ON OPTIN',
    'a: CLIENT TRACKING ON OPTOUT | CLIENT TRACKING ON | CLIENT TRACKING ON OPTOUT | CLIENT TRACKINGINFO',
    'a: CLIENT CACHING | CLIENT CACHING YES | CLIENT CACHING NO | CLIENT CACHING x | CLIENT CACHING YES x',
    'a: CLIENT TRACKING OFF | CLIENT CACHING x | CLIENT GETREDIR | CLIENT GETREDIR x | CLIENT TRACKINGINFO x | CLIENT TRACKINGINFO',
    'a: MULTI | CLIENT TRACKING ON | GET k | SET k 1 | EXEC | HELLO 3 | CLIENT TRACKINGINFO',
  ],
};

describe.skipIf(reference === undefined)(
  needingReference('client-side caching as Redis has it', SINCE, reference),
  () => {
    let ours: RunningServer;
    let redis: RunningServer;
    beforeAll(async () => {
      [ours, redis] = await Promise.all([
        startEvenkeel({ arguments: ['--enable-debug-command', 'yes'] }),
        reference!.start(),
      ]);
      await Promise.all([skipIds(ours.port), skipIds(redis.port)]);
    });
    afterAll(() => Promise.all([ours.stop(), redis.stop()]));

    it.each(Object.entries(SCRIPTS))('%s', async (_name, script) => {
      const clean = ['z: FLUSHALL', ...script];
      const [mine, theirs] = await Promise.all([play(ours.port, clean), play(redis.port, clean)]);
      expect(mine).toEqual(theirs);
    });
  },
);
