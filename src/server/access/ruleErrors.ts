/** Why a rule of ACL SETUSER is refused, in Redis's words. */

export type RuleError =
  | 'syntax'
  | 'unknownCommand'
  | 'afterAllKeys'
  | 'afterAllChannels'
  | 'noSuchPassword'
  | 'badHash'
  | 'firstArgumentOfSubcommand';

const afterAll = (flag: string, reset: string, what: string): string =>
  `Adding a pattern after the * pattern (or the '${flag}' flag) is not valid and does not have any effect. ` +
  `Try '${reset}' to start with an empty list of ${what}`;

export const RULE_ERRORS: Readonly<Record<RuleError, string>> = {
  syntax: 'Syntax error',
  unknownCommand: 'Unknown command or category name in ACL',
  afterAllKeys: afterAll('allkeys', 'resetkeys', 'patterns'),
  afterAllChannels: afterAll('allchannels', 'resetchannels', 'channels'),
  noSuchPassword: 'The password you are trying to remove from the user does not exist',
  badHash:
    'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters',
  firstArgumentOfSubcommand: 'Allowing first-arg of a subcommand is not supported',
};

/** What C calls a space, and the NUL that ends C's strings: neither can stand in a name or pattern. */
export const hasSpaces = (text: string): boolean => /[ \t-\r\0]/.test(text);

/** Keywords are compared as C compares strings: up to the first NUL, in any case of letters. */
export function keyword(text: string): string {
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).toLowerCase();
}
