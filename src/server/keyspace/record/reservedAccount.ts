/** Bytes that the typed arrays of all keyspaces of one factory hold, free parts included. */
export class ReservedAccount {
  bytes = 0;
}
