/** What XGROUP's subcommands share. */
import { type ConsumerGroup, READ_UNKNOWN } from '../../../keyspace/value/stream/consumerGroup.ts';
import type { StreamValue } from '../../../keyspace/value/stream/streamValue.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandContext } from '../../command.ts';
import { readInteger } from '../../integers.ts';
import { unknownSubcommand } from '../../server/unknownSubcommand.ts';
import { nameAt, noGroup, writeStream } from '../streamLookup.ts';

export const NEEDS_STREAM =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';

interface GroupOptions {
  readonly makesStream: boolean;
  readonly entriesRead: number;
}

/** From argument 5 on; undefined once the error has been sent. */
export function readGroupOptions(
  context: CommandContext,
  args: Arguments,
  isCreate: boolean,
): GroupOptions | undefined {
  let makesStream = false;
  let entriesRead = READ_UNKNOWN;
  for (let i = 5; i < args.count; i++) {
    if (isCreate && args.is(i, 'MKSTREAM')) {
      makesStream = true;
    } else if (args.is(i, 'ENTRIESREAD') && i + 1 < args.count) {
      const given = readInteger(context, args, ++i);
      if (given === undefined) return undefined;
      if (given < 0 && given !== READ_UNKNOWN) {
        context.reply.error('ERR value for ENTRIESREAD must be positive or -1');
        return undefined;
      }
      entriesRead = given;
    } else {
      unknownSubcommand(context, args);
      return undefined;
    }
  }
  return { makesStream, entriesRead };
}

/** The stream at argument 2 and its group named by argument 3; undefined once the error has been sent. */
export function groupAt(
  context: CommandContext,
  args: Arguments,
): { stream: StreamValue; group: ConsumerGroup } | undefined {
  const stream = writeStream(context, args, 2);
  if (stream === null) return undefined;
  const group = stream?.groups.get(nameAt(args, 3));
  if (stream !== undefined && group !== undefined) return { stream, group };
  context.reply.error(
    stream === undefined
      ? NEEDS_STREAM
      : noGroup(args, 2, 3, (key, name) => `consumer group '${name}' for key name '${key}'`),
  );
  return undefined;
}
