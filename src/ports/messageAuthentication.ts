/** Proof that whoever made a message knows a secret. */
export interface MessageAuthentication {
  /** 32 bytes that only the secret's holders can make for these bytes. */
  tag(secret: string, bytes: Uint8Array): Uint8Array;
  /** Compares in a time that tells nothing about where they differ. */
  areEqual(a: Uint8Array, b: Uint8Array): boolean;
}
