/** The name of a script: the SHA-1 of its text. */
import { hash } from 'node:crypto';

/** 40 hexadecimal digits in lower case. */
export const scriptDigest = (body: Uint8Array): string => hash('sha1', body, 'hex');
