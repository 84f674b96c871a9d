/** Checks that single parameters make on their values, with the reasons in Redis's words. */

const isPlainName = (value: string): boolean => !/[/\\]/.test(value);

export const plainFileName = (value: string): string | undefined =>
  isPlainName(value) ? undefined : "dbfilename can't be a path, just a filename";

export const plainName =
  (parameter: string, noun: 'filename' | 'dirname') =>
  (value: string): string | undefined => {
    if (value === '') return `${parameter} can't be empty`;
    return isPlainName(value) ? undefined : `${parameter} can't be a path, just a ${noun}`;
  };

export function hostName(value: string): string | undefined {
  if (value.length >= 256) return 'Hostnames must be less than 256 characters';
  return /^[A-Za-z0-9.-]*$/.test(value)
    ? undefined
    : 'Hostnames may only contain alphanumeric characters, hyphens or dots';
}

/** The characters that Redis's node files use as separators. */
export const nodeName = (value: string): string | undefined =>
  /[!#$%&()*+:;<>?@[\]^{|}~]/.test(value)
    ? 'Announced human node name contained invalid character'
    : undefined;

const TITLE_VARIABLES = [
  'title',
  'listen-addr',
  'server-mode',
  'port',
  'tls-port',
  'unixsocket',
  'config-file',
];

export function titleTemplate(value: string): string | undefined {
  const variables = [...value.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]!);
  const rest = value.replace(/\{[^{}]*\}/g, '');
  const valid =
    value.trim() !== '' && !/[{}]/.test(rest) && variables.every((name) => TITLE_VARIABLES.includes(name));
  return valid ? undefined : 'template format is invalid or contains unknown variables';
}

const TLS_MISSING = 'Unable to update TLS configuration. Check server logs.';
export const withoutTls = (yes: boolean): string | undefined => (yes ? TLS_MISSING : undefined);

export const SHUTDOWN_OPTIONS = ['default', 'save', 'nosave', 'now', 'force'] as const;
export const shutdownOptions = (chosen: readonly string[]): string | undefined =>
  chosen.includes('save') && chosen.includes('nosave')
    ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
    : undefined;
