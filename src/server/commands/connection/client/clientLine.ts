/** A connection as CLIENT LIST prints it: `key=value` pairs in Redis 7.4's order. */

import type { Client } from '../../../clients/client.ts';
import { clientBytes } from '../../../clients/clientMemory.ts';
import type { ClientRegistry } from '../../../clients/registry.ts';

function flags(client: Client, isHeld: boolean): string {
  let letters = '';
  if (client.isMonitor) letters += 'O';
  if (client.subscriptions !== undefined) letters += 'P';
  if (client.transaction !== undefined) letters += 'x';
  if (client.blocked !== undefined || client.remoteWait !== undefined || isHeld) letters += 'b';
  if (client.tracking !== undefined) letters += 't';
  if (client.tracking?.isRedirectBroken === true) letters += 'R';
  if (client.tracking?.mode === 'bcast') letters += 'B';
  if (client.watch?.isTouched === true) letters += 'd';
  if (client.closing) letters += 'c';
  if (client.link.address.endsWith(':0')) letters += 'U';
  if (client.noEvict) letters += 'e';
  if (client.noTouch) letters += 'T';
  return letters === '' ? 'N' : letters;
}

/** @param clients among whom it is. */
export function clientLine(client: Client, clients: ClientRegistry, nowMs: number): string {
  const { link } = client;
  const nowSec = Math.floor(nowMs / 1000);
  const queryBytes = link.queryBufferBytes();
  const queryCapacityBytes = link.queryBufferCapacityBytes();
  const outputBytes = link.outputBufferBytes();
  return [
    `id=${client.id}`,
    `addr=${link.address}`,
    `laddr=${link.localAddress}`,
    `fd=${link.fd}`,
    `name=${client.name}`,
    `age=${nowSec - Math.floor(client.createdMs / 1000)}`,
    `idle=${nowSec - Math.floor(client.lastInteractionMs / 1000)}`,
    `flags=${flags(client, clients.held.has(client))}`,
    `db=${client.dbIndex}`,
    `sub=${client.subscriptions?.channel.size ?? 0}`,
    `psub=${client.subscriptions?.pattern.size ?? 0}`,
    `ssub=${client.subscriptions?.shard.size ?? 0}`,
    `multi=${client.transaction?.commands.length ?? -1}`,
    `watch=${client.watch?.keys.length ?? 0}`,
    `qbuf=${queryBytes}`,
    `qbuf-free=${queryCapacityBytes - queryBytes}`,
    // Arguments lie in the read buffer and replies in one that all connections share.
    'argv-mem=0',
    `multi-mem=${client.transaction?.memoryBytes ?? 0}`,
    'rbs=0',
    'rbp=0',
    'obl=0',
    `oll=${outputBytes > 0 ? 1 : 0}`,
    `omem=${outputBytes}`,
    `tot-mem=${clientBytes(client)}`,
    'events=r',
    `cmd=${client.lastCommand === '' ? 'NULL' : client.lastCommand}`,
    `user=${client.user.name}`,
    `redir=${client.tracking?.redirectId ?? -1}`,
    `resp=${client.protocol}`,
    `lib-name=${client.libraryName}`,
    `lib-ver=${client.libraryVersion}`,
  ].join(' ');
}
