/** What commands did to a group, as commands that have the same effect whenever they run: those that Redis uses. */
import { fromLatin1 } from '../../../base/bytes.ts';
import type { ConsumerGroup, Pending } from '../../keyspace/value/stream/consumerGroup.ts';
import { formatId, type StreamId } from '../../keyspace/value/stream/streamId.ts';
import type { Words } from '../../propagation/words.ts';

/** Names the group: its stream's key and its own name. */
export interface GroupNames {
  readonly key: Uint8Array;
  readonly group: Uint8Array;
}

/** The entry is pending as it is now; `lastId` is how far the group has read. */
export const claimed = (
  { key, group }: GroupNames,
  { consumer, deliveredMs, deliveries, id }: Pending,
  { lastId }: ConsumerGroup,
): Words => [
  ...['XCLAIM', key, group, fromLatin1(consumer.name), 0, formatId(id), 'TIME', deliveredMs],
  ...['RETRYCOUNT', deliveries, 'FORCE', 'JUSTID', 'LASTID', formatId(lastId)],
];

export const acknowledged = ({ key, group }: GroupNames, id: StreamId): Words => [
  'XACK',
  key,
  group,
  formatId(id),
];

export const consumerMade = ({ key, group }: GroupNames, name: Uint8Array): Words => [
  'XGROUP',
  'CREATECONSUMER',
  key,
  group,
  name,
];

export const readUpTo = ({ key, group }: GroupNames, { entriesRead, lastId }: ConsumerGroup): Words => [
  ...['XGROUP', 'SETID', key, group, formatId(lastId), 'ENTRIESREAD', entriesRead],
];
