/** Keys of 16 bytes, as the laboratory's workloads have them. */
export const keyName = (number: number): string => `key:${String(number).padStart(12, '0')}`;
