export const SAVE_IN_PROGRESS = 'ERR Background save already in progress';
export const NO_APPEND_ONLY_FILE = 'ERR this server keeps no append-only file in this version';
