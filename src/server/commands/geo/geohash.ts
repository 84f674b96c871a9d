/**
 * Positions on earth as sorted set scores: a geohash of 52 bits, the bits of longitude and latitude by turns. Cells of a grid are two integers and
 * a number of steps: each step halves both sides.
 *
 * The earth is a sphere of WGS-84's quadratic mean radius, as Redis has it; the latitudes are those of Web Mercator (EPSG:900913).
 */

export const LONGITUDE_MAX = 180;
export const LATITUDE_MAX = 85.05112878;
/** Steps of a position's own cell: 52 bits. */
export const STEPS_MAX = 26;
const EARTH_RADIUS_M = 6372797.560856;
const MERCATOR_MAX_M = 20037726.37;
const RADIANS = Math.PI / 180;

export interface Position {
  /** Degrees. */
  readonly longitude: number;
  readonly latitude: number;
}

/** A cell of the grid of 2^steps by 2^steps. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly steps: number;
}

/** The bounds of an area, degrees. */
export interface Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** The cell that holds a position; `latitudeMax` other than the default for standard geohashes. */
export function cellOf({ latitude, longitude }: Position, steps: number, latitudeMax = LATITUDE_MAX): Cell {
  const cells = 2 ** steps;
  return {
    x: Math.floor(((longitude + LONGITUDE_MAX) / (2 * LONGITUDE_MAX)) * cells),
    y: Math.floor(((latitude + latitudeMax) / (2 * latitudeMax)) * cells),
    steps,
  };
}

/** The bits of a cell as a number of 2 * steps bits: latitude in the even ones. */
export function bitsOf({ steps, x, y }: Cell): number {
  let bits = 0;
  for (let i = 0, place = 1; i <= steps; i++, place *= 4) {
    bits += (Math.floor(y / 2 ** i) % 2) * place + (Math.floor(x / 2 ** i) % 2) * 2 * place;
  }
  return bits;
}

/** The scores of the positions in a cell: [from, to). */
export function scoresOf(cell: Cell): { readonly from: number; readonly to: number } {
  const unit = 2 ** (2 * (STEPS_MAX - cell.steps));
  const bits = bitsOf(cell);
  return { from: bits * unit, to: (bits + 1) * unit };
}

export const scoreOf = (position: Position): number => bitsOf(cellOf(position, STEPS_MAX));

export function areaOf({ steps, x, y }: Cell): Area {
  const cells = 2 ** steps;
  const longitude = (place: number): number => -LONGITUDE_MAX + (place / cells) * (2 * LONGITUDE_MAX);
  const latitude = (place: number): number => -LATITUDE_MAX + (place / cells) * (2 * LATITUDE_MAX);
  return { west: longitude(x), east: longitude(x + 1), south: latitude(y), north: latitude(y + 1) };
}

/**
 * The score as 64 unsigned bits, in halves. What is no geohash is converted as Redis on x86-64 does: negative ones wrap, and what has no
 * place becomes an end.
 */
function halvesOf(score: number): [high: number, low: number] {
  if (score >= 0 && score < 2 ** 53) return [Math.floor(score / 2 ** 32), Math.floor(score % 2 ** 32)];
  let bits = 0n;
  if (score < 0) bits = score < -(2 ** 63) ? 2n ** 63n : BigInt.asUintN(64, BigInt(Math.trunc(score)));
  else if (score < 2 ** 64) bits = BigInt(score);
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
}

/** Bits 0, 2, 4 ... of 32. */
function everySecondBit(bits: number): number {
  let gathered = 0;
  for (let i = 0; i < 16; i++) gathered |= ((bits >>> (2 * i)) & 1) << i;
  return gathered;
}

/** The middle of the cell that a score stands for. */
export function positionOf(score: number): Position {
  const [high, low] = halvesOf(score);
  const y = everySecondBit(low) + everySecondBit(high) * 2 ** 16;
  const x = everySecondBit(low >>> 1) + everySecondBit(high >>> 1) * 2 ** 16;
  const { east, north, south, west } = areaOf({ x, y, steps: STEPS_MAX });
  const clamp = (value: number, max: number): number => Math.min(Math.max(value, -max), max);
  return {
    longitude: clamp((west + east) / 2, LONGITUDE_MAX),
    latitude: clamp((south + north) / 2, LATITUDE_MAX),
  };
}

const latitudeDistanceM = (a: number, b: number): number =>
  EARTH_RADIUS_M * Math.abs(b * RADIANS - a * RADIANS);

/** Along the great circle (haversine), metres. */
export function distanceM(a: Position, b: Position): number {
  const v = Math.sin((b.longitude * RADIANS - a.longitude * RADIANS) / 2);
  if (v === 0) return latitudeDistanceM(a.latitude, b.latitude);
  const [latitudeA, latitudeB] = [a.latitude * RADIANS, b.latitude * RADIANS];
  const u = Math.sin((latitudeB - latitudeA) / 2);
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(u * u + Math.cos(latitudeA) * Math.cos(latitudeB) * v * v));
}

/** What is searched: a circle, or a box along the meridians, around a position. Metres. */
export type Shape =
  | { readonly centre: Position; readonly radiusM: number }
  | {
      readonly centre: Position;
      readonly radiusM: undefined;
      readonly widthM: number;
      readonly heightM: number;
    };

/** How far a position is from the shape's centre, undefined if it lies outside. */
export function distanceWithin(shape: Shape, at: Position): number | undefined {
  const { centre } = shape;
  if (shape.radiusM !== undefined) {
    const distance = distanceM(centre, at);
    return distance <= shape.radiusM ? distance : undefined;
  }
  if (latitudeDistanceM(at.latitude, centre.latitude) > shape.heightM / 2) return undefined;
  const across = distanceM(at, { longitude: centre.longitude, latitude: at.latitude });
  return across > shape.widthM / 2 ? undefined : distanceM(centre, at);
}

/** A rectangle that the shape lies in, wide enough for the side nearer to a pole. */
function boundsOf(shape: Shape): Area {
  const { latitude, longitude } = shape.centre;
  const heightM = shape.radiusM ?? shape.heightM / 2;
  const widthM = shape.radiusM ?? shape.widthM / 2;
  const upwards = heightM / EARTH_RADIUS_M / RADIANS;
  const edge = latitude < 0 ? latitude - upwards : latitude + upwards;
  const sideways = widthM / EARTH_RADIUS_M / Math.cos(edge * RADIANS) / RADIANS;
  return {
    west: longitude - sideways,
    east: longitude + sideways,
    south: latitude - upwards,
    north: latitude + upwards,
  };
}

/** Steps of the grid at which nine cells cover a circle. */
function stepsFor(radiusM: number, latitude: number): number {
  if (radiusM === 0) return STEPS_MAX;
  let steps = 1;
  for (let reach = radiusM; reach < MERCATOR_MAX_M; reach *= 2) steps++;
  steps -= 2;
  // Towards the poles cells are narrower.
  if (Math.abs(latitude) > 66) steps--;
  if (Math.abs(latitude) > 80) steps--;
  return Math.min(Math.max(steps, 1), STEPS_MAX);
}

/** The neighbour so many cells to the east and north, around the world if need be. */
function neighbour({ steps, x, y }: Cell, east: number, north: number): Cell {
  const cells = 2 ** steps;
  // The place beyond the last, where the northern and eastern edges lie, stays what it is unless left.
  const moved = (place: number, by: number): number => (by === 0 ? place : (place + by + cells) % cells);
  return { x: moved(x, east), y: moved(y, north), steps };
}

/** The centre's cell, then north, south, east, west, north-east, north-west, south-east, south-west: the order of results that are not sorted. */
const DIRECTIONS = [
  [0, 0],
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
] as const;

/** The cells in which all positions within the shape lie. */
export function cellsFor(shape: Shape): Cell[] {
  const bounds = boundsOf(shape);
  const { centre } = shape;
  const radiusM = shape.radiusM ?? Math.sqrt((shape.widthM / 2) ** 2 + (shape.heightM / 2) ** 2);
  let cell = cellOf(centre, stepsFor(radiusM, centre.latitude));
  const reaches =
    areaOf(neighbour(cell, 0, 1)).north >= bounds.north &&
    areaOf(neighbour(cell, 0, -1)).south <= bounds.south &&
    areaOf(neighbour(cell, 1, 0)).east >= bounds.east &&
    areaOf(neighbour(cell, -1, 0)).west <= bounds.west;
  if (!reaches && cell.steps > 1) cell = cellOf(centre, cell.steps - 1);
  const area = areaOf(cell);
  // On the sides where the centre's own cell reaches far enough nothing is looked for.
  const skips = cell.steps >= 2;
  const cells: Cell[] = [];
  let last: Cell | undefined;
  for (const [east, north] of DIRECTIONS) {
    if (skips) {
      if (north < 0 && area.south < bounds.south) continue;
      if (north > 0 && area.north > bounds.north) continue;
      if (east < 0 && area.west < bounds.west) continue;
      if (east > 0 && area.east > bounds.east) continue;
    }
    const next = neighbour(cell, east, north);
    // On a coarse grid the way around the world leads back.
    if (last !== undefined && last !== cells[0] && last.x === next.x && last.y === next.y) continue;
    cells.push(next);
    last = next;
  }
  return cells;
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';
const TEXT_LENGTH = 11;

/** The standard geohash (latitudes to 90 degrees), of whose 11 characters the last has no bits left and is 0. */
export function geohashText(position: Position): string {
  const bits = BigInt(bitsOf(cellOf(position, STEPS_MAX, 90)));
  let text = '';
  for (let i = 0; i < TEXT_LENGTH - 1; i++)
    text += ALPHABET[Number((bits >> BigInt(2 * STEPS_MAX - (i + 1) * 5)) & 31n)];
  return `${text}0`;
}
