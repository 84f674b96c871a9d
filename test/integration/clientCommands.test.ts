/** The commands about connections, side by side with Redis. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool, type RunningServer, startEvenkeel } from '../requirements.ts';
import { needingReference, play, referenceSince, skipIds } from './sideBySide.ts';

const SINCE = '7.4.0';
const reference = referenceSince(SINCE, findTool('redis-server'));

const SCRIPTS: Record<string, string[]> = {
  'PAUSE WRITE holds what writes, and transactions that write': [
    'a: SET k 1',
    'b: MULTI | GET k | EXEC',
    'a: CLIENT PAUSE 100000 WRITE',
    'b: GET k | MULTI | GET k | EXEC | PING',
    'b: SET k | SET | NOSUCH | MULTI | EXEC',
    'c~ MULTI | GET k',
    'd~ MULTI | GET k | INCR k | EXEC',
    'e~ SET k 9 | GET k',
    'f~ PUBLISH x y',
    'g~ PFCOUNT nosuch',
    'c: EXEC',
    'a: GET k | CLIENT UNPAUSE',
    'd: PING',
    'e: PING',
    'f: PING',
    'g: PING',
    'a: GET k',
  ],
  'a transaction that was queued before the pause': [
    'a: SET k 1',
    'b~ MULTI | INCR k | GET k',
    'a: CLIENT PAUSE 100000 WRITE',
    'b~ EXEC',
    'c: GET k | CLIENT LIST ID $b',
    'a: CLIENT UNPAUSE',
    'b: PING',
  ],
  'a pause in a transaction begins behind it': [
    'a: MULTI | CLIENT PAUSE 100000 WRITE | SET k 5 | EXEC | GET k',
    'b~ SET k 6',
    'a: GET k | CLIENT UNPAUSE',
    'b: GET k',
  ],
  'what has expired stays during a pause, unseen': [
    'a: SET k 1 PX 20 | SET stays 1',
    'a: CLIENT PAUSE 100000 WRITE',
    'sleep 300',
    'a: GET k | EXISTS k | DBSIZE | TTL k | KEYS * | RANDOMKEY | TYPE k | SCAN 0',
    'a: CLIENT UNPAUSE',
    'a: GET k | DBSIZE',
  ],
  'the stricter and the longer pause': [
    'b: PING',
    'a~ CLIENT PAUSE 500 ALL',
    'c~ CLIENT UNPAUSE',
    'b~ CLIENT PAUSE 1 WRITE | INFO nothing | PING',
    'a: PING',
    'b: PING',
    'c: PING',
    'a: CLIENT PAUSE | CLIENT PAUSE x | CLIENT PAUSE -1 | CLIENT PAUSE 1 x | CLIENT PAUSE 1 WRITE x | CLIENT PAUSE 9223372036854775807 | CLIENT PAUSE 0 | CLIENT UNPAUSE x',
  ],
  KILL: [
    'a: PING',
    'b: PING',
    'c: SUBSCRIBE x',
    'd: PING',
    'a: CLIENT KILL | CLIENT KILL x | CLIENT KILL ID | CLIENT KILL ID x | CLIENT KILL ID 0 | CLIENT KILL ID -1 | CLIENT KILL ID 999999',
    'a: CLIENT KILL ID 99999999999999999999 | CLIENT KILL MAXAGE x | CLIENT KILL MAXAGE 0 | CLIENT KILL MAXAGE -1 | CLIENT KILL MAXAGE 100000',
    'a: CLIENT KILL TYPE x | CLIENT KILL TYPE master | CLIENT KILL TYPE replica | CLIENT KILL TYPE slave | CLIENT KILL USER nosuch | CLIENT KILL SKIPME x',
    'a: CLIENT KILL USER default ADDR 1.2.3.4:5 | CLIENT KILL ADDR @b LADDR 1.2.3.4:5 | CLIENT KILL NOSUCH 1 | CLIENT KILL ID $b ID',
    'a: CLIENT KILL ADDR @b LADDR %b USER default TYPE normal ID $b MAXAGE 1000',
    'a: CLIENT KILL ADDR @b LADDR %b USER default TYPE normal ID $b SKIPME yes',
    'b: PING',
    'a: CLIENT KILL TYPE pubsub | CLIENT KILL TYPE pubsub',
    'c: PING',
    'a: CLIENT KILL ID $a | CLIENT KILL ID $d ID $a | CLIENT KILL ID $d TYPE pubsub TYPE normal',
    'd: PING',
    'e: CLIENT KILL @a | CLIENT KILL @a',
    'a: PING',
    'f: CLIENT KILL ID $f SKIPME no | PING',
    'g: CLIENT KILL LADDR %g SKIPME yes | CLIENT KILL USER default SKIPME no | PING',
  ],
  'LIST and INFO': [
    'a: CLIENT SETNAME first | CLIENT NO-EVICT on | CLIENT NO-TOUCH on | SELECT 3',
    'b: HELLO 3 SETNAME second | SUBSCRIBE x y | PSUBSCRIBE p* | SSUBSCRIBE s',
    'c~ WATCH k j | MULTI | GET k | CLIENT SETINFO lib-name mine',
    'd: CLIENT SETINFO LIB-NAME mine | CLIENT SETINFO lib-ver 1.0',
    'e~ BLPOP nothing 0',
    'f~ MONITOR',
    'a: CLIENT LIST | CLIENT INFO',
    'a: CLIENT LIST TYPE normal | CLIENT LIST TYPE pubsub | CLIENT LIST TYPE replica | CLIENT LIST TYPE master | CLIENT LIST TYPE NORMAL',
    'a: CLIENT LIST ID $b $a 999999 | CLIENT LIST ID 999999 | CLIENT LIST ID | CLIENT LIST ID x | CLIENT LIST ID -1 | CLIENT LIST TYPE',
    'a: CLIENT LIST x | CLIENT LIST TYPE x | CLIENT LIST TYPE normal ID $a | CLIENT LIST ID $a TYPE normal | CLIENT LIST ID 1.5 | CLIENT INFO x',
    'b: CLIENT LIST ID $b | CLIENT INFO',
    'a: SET k 1 | CLIENT LIST ID $c',
  ],
  'SETINFO, SETNAME and GETNAME': [
    "a: CLIENT SETINFO | CLIENT SETINFO x | CLIENT SETINFO x y | CLIENT SETINFO LIB-NAME '' | CLIENT SETINFO LIB-NAME a\nb | CLIENT SETINFO lib-ver a\x7fb",
    "a: CLIENT SETINFO LIB-NAME x | CLIENT SETINFO LIB-NAME y z | CLIENT SETINFO LIB-NAME '' | CLIENT INFO",
    "a: CLIENT GETNAME | CLIENT SETNAME x | CLIENT GETNAME | CLIENT SETNAME '' | CLIENT GETNAME | CLIENT SETNAME a\nb | CLIENT SETNAME | CLIENT GETNAME x",
    "a: HELLO 3 SETNAME a\nb | HELLO 2 SETNAME '' | CLIENT GETNAME | RESET | CLIENT INFO",
  ],
  'NO-TOUCH, NO-EVICT and REPLY': [
    'a: CLIENT NO-TOUCH | CLIENT NO-TOUCH x | CLIENT NO-TOUCH on x | CLIENT NO-TOUCH ON | CLIENT NO-TOUCH off | CLIENT NO-EVICT | CLIENT NO-EVICT x | CLIENT NO-EVICT ON | CLIENT NO-EVICT off',
    'a: CLIENT REPLY | CLIENT REPLY x | CLIENT REPLY on x | CLIENT REPLY SKIP | PING | PING',
    'a: CLIENT REPLY OFF | PING | CLIENT REPLY SKIP | PING | NOSUCH | CLIENT REPLY ON | PING',
    'a: CLIENT REPLY SKIP | CLIENT REPLY SKIP | PING | PING | CLIENT REPLY SKIP | CLIENT REPLY ON | PING',
    'a: CLIENT REPLY SKIP | CLIENT REPLY OFF | PING | CLIENT REPLY ON | PING',
    'a: CLIENT REPLY SKIP | CLIENT REPLY x | PING | CLIENT REPLY SKIP | NOSUCH | PING',
    'a: MULTI | CLIENT REPLY SKIP | PING | EXEC | PING | PING',
    'a: MULTI | CLIENT REPLY OFF | PING | EXEC | PING | CLIENT REPLY ON | PING',
    'a: CLIENT REPLY SKIP | MULTI | PING | EXEC',
    'a: CLIENT REPLY SKIP | SUBSCRIBE x | PING',
    'b: PUBLISH x message',
    'a: UNSUBSCRIBE | HELLO 3 | SUBSCRIBE x | CLIENT REPLY OFF | PUBLISH x message | CLIENT REPLY ON',
  ],
  'NO-TOUCH leaves access times alone': [
    'a: CONFIG SET maxmemory-policy allkeys-lfu | SET k text | OBJECT FREQ k | CLIENT NO-TOUCH on',
    'a: GET k | GET k | GET k | GET k | OBJECT FREQ k | TOUCH k | CLIENT NO-TOUCH off',
    'a: CONFIG SET maxmemory-policy noeviction',
  ],
  UNBLOCK: [
    'a~ BLPOP l 0',
    'b: CLIENT UNBLOCK $a | CLIENT UNBLOCK $a',
    'a: PING',
    'a~ BLMPOP 0 2 l k LEFT',
    'b: CLIENT UNBLOCK $a ERROR',
    'a: PING',
    'a~ XREAD BLOCK 0 STREAMS s $',
    'b: CLIENT UNBLOCK $a TIMEOUT',
    'a: HELLO 3',
    'a~ BRPOPLPUSH l k 0',
    'b: CLIENT UNBLOCK $a timeout',
    'a~ BZPOPMIN z 0',
    'b: MULTI | CLIENT UNBLOCK $a error | CLIENT UNBLOCK $a | EXEC',
    'a: PING',
    'b: CLIENT UNBLOCK | CLIENT UNBLOCK x | CLIENT UNBLOCK 999999 | CLIENT UNBLOCK $a x | CLIENT UNBLOCK $a error x | CLIENT UNBLOCK x x | CLIENT UNBLOCK -1',
  ],
  'of others': [
    'a: CLIENT | CLIENT NOSUCH | CLIENT ID x | CLIENT HELP x | CLIENT GETREDIR | CLIENT | CLIENT LIST a b c',
    'a: QUIT x',
    'b: RESET x | RESET | QUIT | PING',
  ],
};

describe.skipIf(reference === undefined)(
  needingReference('connections as Redis has them', SINCE, reference),
  () => {
    let ours: RunningServer;
    let redis: RunningServer;
    beforeAll(async () => {
      [ours, redis] = await Promise.all([startEvenkeel(), reference!.start()]);
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
