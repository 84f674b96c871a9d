/** What SAVE, BGSAVE and their kin say while the server keeps data in memory only. */
export const NO_PERSISTENCE = 'ERR this server keeps its data in memory only: persistence is not available';
