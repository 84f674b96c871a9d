export const SAVE_IN_PROGRESS = 'ERR Background save already in progress';
export const ANOTHER_IN_PROGRESS =
  "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.";
