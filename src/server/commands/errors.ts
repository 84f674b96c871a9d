/** Error texts that many commands share, exactly as Redis words them. A text that one command owns stands in its file. */
export const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
export const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';
export const SYNTAX_ERROR = 'ERR syntax error';
export const NO_SUCH_KEY = 'ERR no such key';
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
export const NOT_A_FLOAT = 'ERR value is not a valid float';
export const OUT_OF_RANGE = 'ERR value is out of range';
export const SAME_OBJECT = 'ERR source and destination objects are the same';
export const INDEX_OUT_OF_RANGE = 'ERR index out of range';
export const INVALID_DB_INDEX = 'ERR invalid DB index';
export const DB_INDEX_OUT_OF_RANGE = 'ERR DB index is out of range';
export const INVALID_CURSOR = 'ERR invalid cursor';

/** `name` as the client wrote it is not used: Redis prints the command's own full name, `config|get` for a subcommand. */
export const wrongNumberOfArguments = (fullName: string): string =>
  `ERR wrong number of arguments for '${fullName}' command`;
export const invalidExpireTime = (fullName: string): string =>
  `ERR invalid expire time in '${fullName}' command`;
