/** The parameters of TLS and of the unix socket. */
import { INT_MAX } from './numericKinds.ts';
import type { Parameter } from './parameter.ts';
import { choice, integer, octal, text, yesNo } from './parameterForms.ts';

export const listenerParameters = (): Parameter[] => [
  text('unixsocket', null, { access: 'immutable', effect: 'the path of a unix socket listened on' }),
  octal('unixsocketperm', 0n, 0o777n, 0n, {
    access: 'immutable',
    effect: 'permissions of the unix socket, octal; 0: what the mask of the process makes',
  }),
  integer('tls-port', 0n, 65535n, 0n, {
    refusalWithoutListener: 'Unable to listen on this port. Check server logs.',
    effect: 'the TCP port listened on for TLS; 0: none',
  }),
  text('tls-cert-file', null, { isReread: true, effect: "the server's certificate" }),
  text('tls-key-file', null, { isReread: true, effect: 'the key of the certificate' }),
  text('tls-key-file-pass', null, { sensitive: true, effect: 'what opens the key' }),
  text('tls-ca-cert-file', null, { isReread: true, effect: 'who may have signed certificates of clients' }),
  text('tls-ca-cert-dir', null, { isReread: true, effect: 'as tls-ca-cert-file, a folder of them' }),
  text('tls-dh-params-file', null, { isReread: true, effect: 'Diffie-Hellman parameters' }),
  choice('tls-auth-clients', ['no', 'yes', 'optional'], 'yes', {
    effect: 'whether clients must show a certificate, may, or are not asked',
  }),
  text('tls-protocols', null, { effect: 'versions of TLS spoken' }),
  text('tls-ciphers', null, { effect: 'ciphers up to TLS 1.2' }),
  text('tls-ciphersuites', null, { effect: 'ciphers of TLS 1.3' }),
  yesNo('tls-prefer-server-ciphers', 'no', { effect: 'whose order of ciphers counts' }),
  yesNo('tls-session-caching', 'yes', { effect: 'whether clients may resume sessions' }),
  integer('tls-session-cache-size', 0n, INT_MAX, 20480n, { effect: 'sessions kept; 0: no limit' }),
  integer('tls-session-cache-timeout', 0n, INT_MAX, 300n, { effect: 'seconds for which one can be resumed' }),
];
