/** Certificates for a test, made when it runs by the openssl program and valid for a day. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });

/** Signs certificates with files in one folder. */
export class Authority implements Pair {
  readonly folder: string;
  readonly cert: string;
  readonly key: string;
  #serial = 1;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    this.cert = join(folder, `${name}.crt`);
    this.key = join(folder, `${name}.key`);
    newKey(this.key);
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      this.key,
      '-out',
      this.cert,
      '-days',
      '1',
      '-subj',
      `/CN=${name}`,
    );
  }

  /** For localhost and 127.0.0.1. */
  sign(name: string): Pair {
    const file = (end: string): string => join(this.folder, `${name}.${end}`);
    newKey(file('key'));
    openssl('req', '-new', '-key', file('key'), '-out', file('csr'), '-subj', `/CN=${name}`);
    writeFileSync(file('ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    openssl(
      ...['x509', '-req', '-in', file('csr'), '-CA', this.cert, '-CAkey', this.key],
      ...['-set_serial', String(this.#serial++), '-days', '1', '-extfile', file('ext'), '-out', file('crt')],
    );
    return { cert: file('crt'), key: file('key') };
  }
}

const newKey = (path: string): void =>
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', path);

/** The same key behind a password. */
export function encryptKey(key: string, password: string): string {
  const path = `${key}.encrypted`;
  openssl('pkey', '-in', key, '-aes256', '-passout', `pass:${password}`, '-out', path);
  return path;
}
