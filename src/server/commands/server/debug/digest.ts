/**
 * DEBUG DIGEST and DIGEST-VALUE: 20 bytes that two servers with the same data agree on, Redis among them.
 *
 * Ordered parts feed SHA-1 one after another (`mix`), parts without order are xored (`xor`), so that neither the order of
 * keys nor that of a hash's fields shows.
 */

import { createHash } from 'node:crypto';
import { fromLatin1, toLatin1 } from '../../../../base/bytes.ts';
import { formatShortest } from '../../../../base/double.ts';
import {
  type Keyspace,
  NO_EXPIRY,
  type Ref,
  VALUE_TYPE_NAMES,
  ValueType,
} from '../../../keyspace/keyspace.ts';
import { collectionAt } from '../../../keyspace/value/collectionAt.ts';
import type { ServerState } from '../../../serverState.ts';
import { asDigestible, type Digestible } from './digestible.ts';

const DIGEST_BYTES = 20;
const KEY_EXPIRES = fromLatin1('!!expire!!');
const FIELD_EXPIRES = fromLatin1('!!hexpire!!');
/** Redis's numbers of the types: a stream's is 6, 5 being a module's. */
const TYPE_NUMBERS = [0, 1, 2, 3, 4, 6];

/** The value's type cannot be walked through. */
export class NotDigestibleError extends Error {
  override name = 'NotDigestibleError';
}

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();

function xor(digest: Uint8Array, bytes: Uint8Array): void {
  for (let i = 0; i < DIGEST_BYTES; i++) digest[i]! ^= bytes[i]!;
}

const xorHashOf = (digest: Uint8Array, bytes: Uint8Array): void => xor(digest, sha1(bytes));

function mix(digest: Uint8Array, bytes: Uint8Array): void {
  xorHashOf(digest, bytes);
  digest.set(sha1(digest));
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Folds an entry's value and expiry into `digest`. */
function mixValue(digest: Uint8Array, keyspace: Keyspace, ref: Ref): void {
  const type = keyspace.type(ref);
  mix(digest, bigEndian(TYPE_NUMBERS[type]!));
  if (type === ValueType.string) {
    mix(digest, keyspace.stringView(ref));
  } else {
    const digestible = asDigestible(collectionAt(keyspace, ref));
    if (digestible === undefined)
      throw new NotDigestibleError(`a ${VALUE_TYPE_NAMES[type]} has no digest on this server`);
    mixCollection(digest, digestible);
  }
  if (keyspace.expireAtMs(ref) !== NO_EXPIRY) xorHashOf(digest, KEY_EXPIRES);
}

function mixCollection(digest: Uint8Array, collection: Digestible) {
  switch (collection.kind) {
    case 'ordered':
      return collection.visit((element) => mix(digest, element));
    case 'unordered':
      return collection.visit((element) => xorHashOf(digest, element));
    case 'scored':
      return collection.visit((member, score) => {
        const part = new Uint8Array(DIGEST_BYTES);
        mix(part, member);
        mix(part, fromLatin1(formatShortest(score)));
        xorHashOf(digest, part);
      });
    case 'fields':
      return collection.visit((field, value, expires) => {
        const part = new Uint8Array(DIGEST_BYTES);
        mix(part, field);
        mix(part, value);
        if (expires) xorHashOf(part, FIELD_EXPIRES);
        xorHashOf(digest, part);
      });
  }
}

export const hexadecimal = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');

/** Of one value; zeros for no key. Throws NotDigestibleError. */
export function digestOfValue(keyspace: Keyspace, ref: Ref): string {
  const digest = new Uint8Array(DIGEST_BYTES);
  if (ref !== 0) mixValue(digest, keyspace, ref);
  return hexadecimal(digest);
}

/** The part of one database in the digest: its keys' hashes xored, which is why parts of one database may be made apart. */
export interface DatabaseDigest {
  readonly index: number;
  readonly xored: Uint8Array;
}

/** One part for each database that has keys. Throws NotDigestibleError. */
export function digestsOfDatabases(server: ServerState): DatabaseDigest[] {
  const digests: DatabaseDigest[] = [];
  for (const { index, keyspace } of server.databases) {
    if (keyspace.count === 0) continue;
    // A scan may show an entry twice, and twice xored is not there at all.
    const parts = new Map<string, Uint8Array>();
    let cursor = 0;
    do {
      cursor = keyspace.scan(cursor, 1000, (ref) => {
        const key = keyspace.keyBytes(ref);
        const name = toLatin1(key);
        if (parts.has(name)) return;
        const part = new Uint8Array(DIGEST_BYTES);
        mix(part, key);
        mixValue(part, keyspace, ref);
        parts.set(name, part);
      });
    } while (cursor !== 0);
    const xored = new Uint8Array(DIGEST_BYTES);
    for (const part of parts.values()) xorHashOf(xored, part);
    digests.push({ index, xored });
  }
  return digests;
}

/** Of all databases; several parts of one database count as one. */
export function digestOfDatabases(parts: readonly DatabaseDigest[]): string {
  const byIndex = new Map<number, Uint8Array>();
  for (const { index, xored } of parts) {
    const sum = byIndex.get(index);
    if (sum === undefined) byIndex.set(index, Uint8Array.from(xored));
    else xor(sum, xored);
  }
  const digest = new Uint8Array(DIGEST_BYTES);
  for (const [index, xored] of [...byIndex].sort(([a], [b]) => a - b)) {
    mix(digest, bigEndian(index));
    xor(digest, xored);
  }
  return hexadecimal(digest);
}
