/**
 * Redis's snapshot file.
 *
 *   "REDIS" version (4 digits)
 *   (250 name value)...                   facts about the file
 *   (245 library)...                      libraries of functions, as their source
 *   (254 database, 251 keys expiring)     what follows belongs to this database; how much there will be
 *   entry...                              [252 ms (8 bytes, little-endian) | 253 s (4 bytes)] [248 idle seconds | 249 frequency]
 *                                         type key value
 *   255 checksum                          CRC-64 of all before it, or 0 for none (from version 5 on)
 *
 * 244 (where a slot of a cluster begins) is passed over; 247 (data of a module) cannot be read without the module, 246 is a library in the form of a
 * release candidate of Redis 7.0.
 */
export const MAGIC = 'REDIS';
export const VERSION_DIGITS = 4;
export const HEADER_BYTES = MAGIC.length + VERSION_DIGITS;
export const CHECKSUM_BYTES = 8;
/** Files below this version end without a checksum. */
export const CHECKSUM_SINCE_VERSION = 5;

export const OPCODE = {
  slotInfo: 244,
  library: 245,
  libraryCandidate: 246,
  moduleAux: 247,
  idle: 248,
  frequency: 249,
  aux: 250,
  sizes: 251,
  expiryMs: 252,
  expirySec: 253,
  database: 254,
  end: 255,
} as const;

export const EXPIRY_MS_BYTES = 8;
export const EXPIRY_SEC_BYTES = 4;
/** Values that only a module can read. */
export const MODULE_TYPES = [6, 7] as const;
