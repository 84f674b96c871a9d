/** A string is an EVAL without keys, an array a whole command. */
export type ScriptCase = string | readonly (string | number)[];
