/** How far a group has come, as XINFO tells it. */
import { type ConsumerGroup, READ_UNKNOWN } from '../../../keyspace/value/stream/consumerGroup.ts';
import type { StreamValue } from '../../../keyspace/value/stream/streamValue.ts';
import type { Reply } from '../../reply.ts';

export function replyProgress(reply: Reply, stream: StreamValue, group: ConsumerGroup): void {
  reply.bulkText('entries-read');
  if (group.entriesRead === READ_UNKNOWN) reply.nil();
  else reply.integer(group.entriesRead);
  reply.bulkText('lag');
  const lag = stream.lagOf(group);
  if (lag === undefined) reply.nil();
  else reply.integer(lag);
}
