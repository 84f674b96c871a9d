/** An argument of a command that the server itself says; text in latin1, numbers are integers. */
export type Word = Uint8Array | string | number | bigint;
export type Words = readonly Word[];
