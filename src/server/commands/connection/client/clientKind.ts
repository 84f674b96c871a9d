/** The kinds of connection that CLIENT LIST and CLIENT KILL tell apart. */
import type { Client } from '../../../clients/client.ts';

export type ClientKind = 'normal' | 'replica' | 'pubsub' | 'master';

export function clientKindNamed(name: string): ClientKind | undefined {
  const lower = name.toLowerCase();
  if (lower === 'slave') return 'replica';
  return lower === 'normal' || lower === 'replica' || lower === 'pubsub' || lower === 'master'
    ? lower
    : undefined;
}

/** No other server connects to this one, so a client is normal or listens to messages. */
export const clientKind = ({ subscriptions }: Client): ClientKind =>
  subscriptions === undefined ? 'normal' : 'pubsub';
