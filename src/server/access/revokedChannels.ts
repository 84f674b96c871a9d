/** Whose subscriptions are no longer allowed once a user may use fewer channels. */
import { fromLatin1 } from '../../base/bytes.ts';
import type { Client } from '../clients/client.ts';
import { channelIsAmong } from './selector.ts';
import type { User } from './user.ts';

/** The channels that are left to the user, or undefined if none of those from before is lost. */
export function channelsLeft(before: User, after: User): readonly string[] | undefined {
  if (after.selectors.some(({ allChannels }) => allChannels)) return undefined;
  const left = after.selectors.flatMap(({ channels }) => channels);
  const isLost = before.selectors.some(
    ({ allChannels, channels }) => allChannels || channels.some((channel) => !left.includes(channel)),
  );
  return isLost ? left : undefined;
}

export function isSubscribedBeyond({ subscriptions }: Client, left: readonly string[]): boolean {
  if (subscriptions === undefined) return false;
  const isLost = (name: string, isPattern: boolean): boolean =>
    !channelIsAmong(left, fromLatin1(name), isPattern);
  return (
    [...subscriptions.pattern].some((name) => isLost(name, true)) ||
    [...subscriptions.channel, ...subscriptions.shard].some((name) => isLost(name, false))
  );
}
