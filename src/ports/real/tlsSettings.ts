/** TLS as the configuration describes it, made into what Node wants: files read, their faults found and said in one line. */
import { constants } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';

/** The parameters `tls-*`; an empty text is one that was not given. */
export interface TlsSettings {
  readonly certFile: string;
  readonly keyFile: string;
  readonly keyFilePass: string;
  readonly caCertFile: string;
  readonly caCertDir: string;
  readonly dhParamsFile: string;
  /** Whether clients must show a certificate, may, or are not asked. */
  readonly authClients: 'yes' | 'optional' | 'no';
  /** `TLSv1.2 TLSv1.3`. */
  readonly protocols: string;
  /** Up to TLS 1.2, and of TLS 1.3. */
  readonly ciphers: string;
  readonly ciphersuites: string;
  readonly prefersServerCiphers: boolean;
  readonly cachesSessions: boolean;
  /** Sessions kept, 0 for no limit. */
  readonly sessionsMax: number;
  readonly sessionTimeoutSec: number;
}

/** The message is for the operator. */
export class TlsSettingsError extends Error {
  readonly code = 'TLS_SETTINGS';
}

const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
const SWITCHED_OFF = [
  constants.SSL_OP_NO_TLSv1,
  constants.SSL_OP_NO_TLSv1_1,
  constants.SSL_OP_NO_TLSv1_2,
  constants.SSL_OP_NO_TLSv1_3,
];
const PROTOCOLS_INITIAL = 'TLSv1.2 TLSv1.3';

/** Throws a TlsSettingsError. */
export function readTlsSettings(settings: TlsSettings): tls.SecureContextOptions {
  if (settings.certFile === '') throw new TlsSettingsError('tls-port needs a tls-cert-file');
  if (settings.keyFile === '') throw new TlsSettingsError('tls-port needs a tls-key-file');
  const needsAuthority = settings.authClients !== 'no';
  if (needsAuthority && settings.caCertFile === '' && settings.caCertDir === '')
    throw new TlsSettingsError(
      'tls-auth-clients needs a tls-ca-cert-file or a tls-ca-cert-dir; say "tls-auth-clients no" to let in clients without certificates',
    );
  const options: tls.SecureContextOptions = protocolOptions(settings);
  const add = (name: string, more: tls.SecureContextOptions): void => {
    Object.assign(options, more);
    try {
      tls.createSecureContext(options);
    } catch (error) {
      throw new TlsSettingsError(`${name}: ${(error as Error).message}`);
    }
  };
  add(`tls-cert-file ${settings.certFile}`, { cert: read('tls-cert-file', settings.certFile) });
  add(`tls-key-file ${settings.keyFile}`, {
    key: read('tls-key-file', settings.keyFile),
    ...(settings.keyFilePass === '' ? {} : { passphrase: settings.keyFilePass }),
  });
  const authorities = readAuthorities(settings);
  // An empty list is no certificate of anybody's: without one Node would take the whole world's.
  add(`tls-ca-cert-file ${settings.caCertFile}`, { ca: authorities });
  if (settings.dhParamsFile === '') add('Diffie-Hellman parameters', { dhparam: 'auto' });
  else
    add(`tls-dh-params-file ${settings.dhParamsFile}`, {
      dhparam: read('tls-dh-params-file', settings.dhParamsFile),
    });
  if (settings.ciphers !== '' || settings.ciphersuites !== '')
    add('tls-ciphers or tls-ciphersuites', { ciphers: cipherList(settings) });
  options.honorCipherOrder = settings.prefersServerCiphers;
  options.sessionTimeout = settings.sessionTimeoutSec;
  return options;
}

function protocolOptions({ cachesSessions, protocols }: TlsSettings): tls.SecureContextOptions {
  const words = (protocols === '' ? PROTOCOLS_INITIAL : protocols).split(' ');
  const wanted = PROTOCOLS.map((name) => words.some((word) => word.toLowerCase() === name.toLowerCase()));
  const isKnown = (word: string): boolean =>
    PROTOCOLS.some((name) => name.toLowerCase() === word.toLowerCase());
  if (!words.every(isKnown))
    throw new TlsSettingsError(
      `tls-protocols '${protocols}': use a combination of 'TLSv1', 'TLSv1.1', 'TLSv1.2' and 'TLSv1.3'`,
    );
  let secureOptions = cachesSessions ? 0 : constants.SSL_OP_NO_TICKET;
  for (const [index, isWanted] of wanted.entries()) if (!isWanted) secureOptions |= SWITCHED_OFF[index]!;
  return {
    minVersion: PROTOCOLS[wanted.indexOf(true)]!,
    maxVersion: PROTOCOLS[wanted.lastIndexOf(true)]!,
    secureOptions,
  };
}

/** Node takes both kinds in one list. */
function cipherList({ ciphers, ciphersuites }: TlsSettings): string {
  const initial = tls.DEFAULT_CIPHERS.split(':');
  const suites = ciphersuites === '' ? initial.filter((name) => name.startsWith('TLS_')) : [ciphersuites];
  const older = ciphers === '' ? initial.filter((name) => !name.startsWith('TLS_')) : [ciphers];
  return [...suites, ...older].join(':');
}

function readAuthorities({ caCertDir, caCertFile }: TlsSettings): string[] {
  const authorities: string[] = [];
  if (caCertFile !== '') {
    const text = read('tls-ca-cert-file', caCertFile);
    if (!isCertificate(text))
      throw new TlsSettingsError(`tls-ca-cert-file ${caCertFile}: no certificate in it`);
    authorities.push(text);
  }
  if (caCertDir !== '') {
    for (const name of list(caCertDir)) {
      const text = read('tls-ca-cert-dir', join(caCertDir, name));
      if (isCertificate(text)) authorities.push(text);
    }
  }
  return authorities;
}

const isCertificate = (text: string): boolean => text.includes('-----BEGIN CERTIFICATE-----');

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw new TlsSettingsError(`tls-ca-cert-dir ${folder}: ${reasonOf(error)}`);
  }
}

function read(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    throw new TlsSettingsError(`${parameter} ${path}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'no permission to read it';
  if (code === 'EISDIR') return 'a folder';
  if (code === 'ENOTDIR') return 'no folder';
  return message;
}
