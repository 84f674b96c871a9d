import type { ClientLink } from './client.ts';

/** The connection of a client that has none: where the server itself acts. */
export const NO_LINK: ClientLink = {
  send() {},
  address: '',
  localAddress: '',
  fd: -1,
  closeAfterReply() {},
  closeNow() {},
  enforceOutputLimit() {},
  setPaused() {},
  resume() {},
  queryBufferBytes: () => 0,
  queryBufferCapacityBytes: () => 0,
  outputBufferBytes: () => 0,
};
