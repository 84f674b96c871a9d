/** Whose subscriptions are no longer allowed once a user may use fewer channels. */
import { fromLatin1 } from '../../base/bytes.ts';
import type { Client } from '../clients/client.ts';
import { channelIsAmong } from './selector.ts';
import type { User } from './user.ts';

/**
 * The channels that are left to the user; undefined if they are all there are, or if there were none to lose. As in Redis it is not asked
 * whether any was lost: who subscribed as one user and then became another is looked at when that one changes.
 */
export function channelsLeft(before: User, after: User): readonly string[] | undefined {
  if (after.selectors.some(({ allChannels }) => allChannels)) return undefined;
  const hadSome = before.selectors.some(({ allChannels, channels }) => allChannels || channels.length > 0);
  return hadSome ? after.selectors.flatMap(({ channels }) => channels) : undefined;
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
