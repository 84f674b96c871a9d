/**
 * How two nodes come to trust each other: each proves by HMAC-SHA-256 over both sides' fresh challenges that it knows the secret, which
 * never crosses the wire.
 *
 *   dialler  -> greeting  {magic, replica, challenge, buckets}
 *   acceptor -> answer    {magic, replica, challenge, buckets, proof("acceptor", both greetings)}
 *   dialler  -> proof     {proof("dialler", both greetings)}
 *
 * The role is part of what is proved, so an answer cannot be reflected. Frames until then are at most HANDSHAKE_BYTES_MAX long.
 * What follows is authentic as far as TCP is: the handshake keeps strangers out; it does not encrypt.
 */
import type { MessageAuthentication } from '../../../ports/messageAuthentication.ts';
import type { Rng } from '../../../ports/rng.ts';
import { REPLICA_NAME_BYTES_MAX, WireError, WireReader, WireWriter } from '../wire/wireBytes.ts';

export const HANDSHAKE_BYTES_MAX = 1024;
const MAGIC = 'evenkeel-peer-1';
const CHALLENGE_WORDS = 8;
const CHALLENGE_BYTES = CHALLENGE_WORDS * 4;
const PROOF_BYTES = 32;

export interface Greeting {
  readonly replica: string;
  readonly challenge: Uint8Array;
  readonly bucketCount: number;
}

export type Role = 'dialler' | 'acceptor';

export function createGreeting(replica: string, bucketCount: number, rng: Rng): Greeting {
  const words = Uint32Array.from({ length: CHALLENGE_WORDS }, () => rng.uint32());
  return { replica, challenge: new Uint8Array(words.buffer), bucketCount };
}

function writeGreeting(writer: WireWriter, greeting: Greeting): void {
  writer.latin1(MAGIC);
  writer.latin1(greeting.replica);
  writer.bytes(greeting.challenge);
  writer.count(greeting.bucketCount);
}

function readGreeting(reader: WireReader): Greeting {
  if (reader.latin1(MAGIC.length) !== MAGIC) throw new WireError('a greeting of another protocol');
  const replica = reader.latin1(REPLICA_NAME_BYTES_MAX);
  const challenge = reader.bytes(CHALLENGE_BYTES);
  if (challenge.length !== CHALLENGE_BYTES) throw new WireError('a challenge of the wrong length');
  return { replica, challenge, bucketCount: reader.count() };
}

export function encodeGreeting(greeting: Greeting, proof?: Uint8Array): Uint8Array {
  const writer = new WireWriter();
  writeGreeting(writer, greeting);
  if (proof !== undefined) writer.bytes(proof);
  return writer.written();
}

export function decodeGreeting(payload: Uint8Array): Greeting {
  const reader = new WireReader(payload);
  const greeting = readGreeting(reader);
  reader.end();
  return greeting;
}

export function decodeAnswer(payload: Uint8Array): { greeting: Greeting; proof: Uint8Array } {
  const reader = new WireReader(payload);
  const greeting = readGreeting(reader);
  const proof = reader.bytes(PROOF_BYTES);
  reader.end();
  return { greeting, proof };
}

export class Prover {
  readonly #authentication: MessageAuthentication;
  readonly #secret: string;

  constructor(authentication: MessageAuthentication, secret: string) {
    this.#authentication = authentication;
    this.#secret = secret;
  }

  prove(role: Role, dialler: Greeting, acceptor: Greeting): Uint8Array {
    const writer = new WireWriter();
    writer.latin1(role);
    writeGreeting(writer, dialler);
    writeGreeting(writer, acceptor);
    return this.#authentication.tag(this.#secret, writer.written());
  }

  /** Throws WireError unless `proof` is what the other side in `role` would have made. */
  check(proof: Uint8Array, role: Role, dialler: Greeting, acceptor: Greeting): void {
    if (!this.#authentication.areEqual(proof, this.prove(role, dialler, acceptor)))
      throw new WireError('a proof that does not fit: the peers’ secrets differ');
    if (dialler.bucketCount !== acceptor.bucketCount)
      throw new WireError('peers that count their buckets differently');
  }
}
