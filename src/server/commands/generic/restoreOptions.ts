/** The options of RESTORE. */
import type { Arguments } from '../arguments.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../errors.ts';
import type { Reply } from '../reply.ts';

export interface RestoreOptions {
  replaces: boolean;
  /** The time to live is an instant. */
  absolute: boolean;
  /** Seconds since the last access, for LRU; undefined if not given. Up to 2^63. */
  idleSec: bigint | undefined;
  /** The access counter, 0..255, for LFU; undefined if not given. */
  frequency: number | undefined;
}

/** Parses from argument 4 on. Answers the error itself and returns undefined if they are wrong. */
export function parseRestoreOptions(args: Arguments, reply: Reply): RestoreOptions | undefined {
  const options: RestoreOptions = {
    replaces: false,
    absolute: false,
    idleSec: undefined,
    frequency: undefined,
  };
  for (let i = 4; i < args.count; i++) {
    const hasValue = i + 1 < args.count;
    if (args.is(i, 'REPLACE')) {
      options.replaces = true;
    } else if (args.is(i, 'ABSTTL')) {
      options.absolute = true;
    } else if (hasValue && options.frequency === undefined && args.is(i, 'IDLETIME')) {
      const idleSec = args.int64(++i);
      if (idleSec === undefined || idleSec < 0n) {
        reply.error(idleSec === undefined ? NOT_AN_INTEGER : 'ERR Invalid IDLETIME value, must be >= 0');
        return undefined;
      }
      options.idleSec = idleSec;
    } else if (hasValue && options.idleSec === undefined && args.is(i, 'FREQ')) {
      const frequency = args.int64(++i);
      if (frequency === undefined || frequency < 0n || frequency > 255n) {
        reply.error(
          frequency === undefined ? NOT_AN_INTEGER : 'ERR Invalid FREQ value, must be >= 0 and <= 255',
        );
        return undefined;
      }
      options.frequency = Number(frequency);
    } else {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
  }
  return options;
}
