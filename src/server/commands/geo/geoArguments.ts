/** Positions, distances and units as arguments, and how they are replied. */
import { parseDouble } from '../../../base/double.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { SortedSetValue } from '../../keyspace/value/sortedSet/sortedSetValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { NOT_A_FLOAT } from '../errors.ts';
import type { Reply } from '../reply.ts';
import { LATITUDE_MAX, LONGITUDE_MAX, type Position, positionOf } from './geohash.ts';

/** Undefined once the error has been sent. */
function readNumber(
  { reply }: CommandContext,
  args: Arguments,
  index: number,
  error: string,
): number | undefined {
  const value = parseDouble(args.buffer, args.starts[index]!, args.ends[index]!);
  if (!Number.isNaN(value)) return value;
  reply.error(error);
  return undefined;
}

/** Longitude and latitude at argument `index` and the next; undefined once the error has been sent. */
export function readPosition(context: CommandContext, args: Arguments, index: number): Position | undefined {
  const longitude = readNumber(context, args, index, NOT_A_FLOAT);
  if (longitude === undefined) return undefined;
  const latitude = readNumber(context, args, index + 1, NOT_A_FLOAT);
  if (latitude === undefined) return undefined;
  if (Math.abs(longitude) <= LONGITUDE_MAX && Math.abs(latitude) <= LATITUDE_MAX)
    return { longitude, latitude };
  // As printf: a zero keeps its sign.
  const sign = (value: number): string => (value < 0 || Object.is(value, -0) ? '-' : '');
  const shown = (value: number): string =>
    sign(value) + (Number.isFinite(value) ? Math.abs(value).toFixed(6) : 'inf');
  context.reply.error(`ERR invalid longitude,latitude pair ${shown(longitude)},${shown(latitude)}`);
  return undefined;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['M', 1],
  ['KM', 1000],
  ['FT', 0.3048],
  ['MI', 1609.34],
];

/** Metres of the unit at argument `index`; undefined once the error has been sent. */
export function readUnit({ reply }: CommandContext, args: Arguments, index: number): number | undefined {
  const unit = UNITS.find(([name]) => args.is(index, name));
  if (unit === undefined) reply.error('ERR unsupported unit provided. please use M, KM, FT, MI');
  return unit?.[1];
}

/** A radius and its unit at argument `index` and the next; undefined once the error has been sent. */
export function readRadius(
  context: CommandContext,
  args: Arguments,
  index: number,
): { readonly radius: number; readonly unitM: number } | undefined {
  const radius = readNumber(context, args, index, 'ERR need numeric radius');
  if (radius === undefined) return undefined;
  if (radius < 0) {
    context.reply.error('ERR radius cannot be negative');
    return undefined;
  }
  const unitM = readUnit(context, args, index + 1);
  return unitM === undefined ? undefined : { radius, unitM };
}

/** Width, height and unit at argument `index` and the next two; undefined once the error has been sent. */
export function readBox(
  context: CommandContext,
  args: Arguments,
  index: number,
): { readonly width: number; readonly height: number; readonly unitM: number } | undefined {
  const width = readNumber(context, args, index, 'ERR need numeric width');
  if (width === undefined) return undefined;
  const height = readNumber(context, args, index + 1, 'ERR need numeric height');
  if (height === undefined) return undefined;
  if (width < 0 || height < 0) {
    context.reply.error('ERR height or width cannot be negative');
    return undefined;
  }
  const unitM = readUnit(context, args, index + 2);
  return unitM === undefined ? undefined : { width, height, unitM };
}

/** The position of the member at argument `index`, undefined if there is none. */
export function memberPosition(
  set: SortedSetValue | undefined,
  args: Arguments,
  index: number,
): Position | undefined {
  const score = set?.score(new Probe(args.buffer, args.starts[index]!, args.ends[index]!));
  return score === undefined ? undefined : positionOf(score);
}

/** With four decimals, halves to even. */
export function replyDistance(reply: Reply, distance: number): void {
  const scaled = distance * 10_000;
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  const digits = String(rounded).padStart(5, '0');
  reply.bulkText(`${digits.slice(0, -4)}.${digits.slice(-4)}`);
}

/** `[longitude, latitude]`, each with up to 17 decimals. */
export function replyPosition(reply: Reply, { latitude, longitude }: Position): void {
  reply.array(2);
  reply.doubleText(decimals(longitude));
  reply.doubleText(decimals(latitude));
}

const decimals = (value: number): string => value.toFixed(17).replace(/\.?0+$/, '');
