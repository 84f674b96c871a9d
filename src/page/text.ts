/** Numbers for people, as the reports write them. */

export function significant(value: number, digits = 3): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return rounded.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** `412 µs`, `3.10 ms`, `1.20 s`; a dash for what is not known. */
export function duration(us: number | null | undefined): string {
  if (us === null || us === undefined) return '–';
  if (us >= 999_500) return `${significant(us / 1e6)} s`;
  if (us >= 999.5) return `${significant(us / 1000)} ms`;
  return `${significant(us)} µs`;
}

/** `9:05`, `1:02:03`. */
export function clock(sec: number): string {
  const whole = Math.max(0, Math.round(sec));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [hours, minutes, seconds] = parts;
  const tail = String(seconds).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}

/** `1.83M`, `92.1k`, `950`. */
export function count(value: number): string {
  if (value >= 999_500) return `${significant(value / 1e6)}M`;
  if (value >= 9995) return `${significant(value / 1000)}k`;
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return significant(Math.round(value * 10) / 10, value < 100 ? 3 : 4);
}

export function bytes(value: number): string {
  if (value >= 2 ** 30) return `${significant(value / 2 ** 30)} GiB`;
  if (value >= 2 ** 20) return `${significant(value / 2 ** 20)} MiB`;
  if (value >= 2 ** 10) return `${significant(value / 2 ** 10)} KiB`;
  return `${Math.round(value)} B`;
}

export const percent = (share: number): string => `${significant(share * 100, share >= 0.1 ? 2 : 1)} %`;

export const timeOfDay = (ms: number, withMilliseconds = false): string =>
  new Date(ms).toLocaleTimeString('en-GB') +
  (withMilliseconds ? `.${String(Math.floor(ms % 1000)).padStart(3, '0')}` : '');
