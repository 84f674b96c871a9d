/** Places on a sphere: examples of Redis's documentation, and searches against a look at every member. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Argument, CommandHarness } from '../commandHarness.ts';

let h: CommandHarness;
const run = (...words: Argument[]): unknown => h.run(...words);
beforeEach(() => {
  h = new CommandHarness();
});

const EARTH_RADIUS_M = 6372797.560856;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres, by the haversine formula. */
function distance([lonA, latA]: readonly number[], [lonB, latB]: readonly number[]): number {
  const u = Math.sin(radians(latB! - latA!) / 2);
  const v = Math.sin(radians(lonB! - lonA!) / 2);
  const a = u * u + Math.cos(radians(latA!)) * Math.cos(radians(latB!)) * v * v;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(a));
}

describe('places', () => {
  beforeEach(() => {
    expect(
      run('GEOADD', 'Sicily', '13.361389', '38.115556', 'Palermo', '15.087269', '37.502669', 'Catania'),
    ).toBe(2);
  });

  it('have the distances, hashes and positions of Redis', () => {
    expect(run('GEODIST', 'Sicily', 'Palermo', 'Catania')).toBe('166274.1516');
    expect(run('GEODIST', 'Sicily', 'Palermo', 'Catania', 'km')).toBe('166.2742');
    expect(run('GEODIST', 'Sicily', 'Palermo', 'nowhere')).toBe(null);
    expect(run('GEOHASH', 'Sicily', 'Palermo', 'Catania', 'nowhere')).toEqual([
      'sqc8b49rny0',
      'sqdtr74hyu0',
      null,
    ]);
    const [palermo, nowhere] = run('GEOPOS', 'Sicily', 'Palermo', 'nowhere') as (string[] | null)[];
    expect(palermo!.map(Number)[0]).toBeCloseTo(13.361389338970184, 12);
    expect(palermo!.map(Number)[1]).toBeCloseTo(38.1155563954963, 12);
    expect(nowhere).toBe(null);
  });

  it('are found by radius and by box, nearest first if asked', () => {
    expect(run('GEORADIUS', 'Sicily', 15, 37, 200, 'km', 'WITHDIST', 'ASC')).toEqual([
      ['Catania', '56.4413'],
      ['Palermo', '190.4424'],
    ]);
    run('GEOADD', 'Sicily', '12.758489', '38.788135', 'edge1', '17.241510', '38.788135', 'edge2');
    expect(run('GEOSEARCH', 'Sicily', 'FROMLONLAT', 15, 37, 'BYBOX', 400, 400, 'km', 'ASC')).toEqual([
      'Catania',
      'Palermo',
      'edge2',
      'edge1',
    ]);
    expect(
      run('GEOSEARCHSTORE', 'near', 'Sicily', 'FROMLONLAT', 15, 37, 'BYRADIUS', 100, 'km', 'STOREDIST'),
    ).toBe(1);
    expect(Number(run('ZSCORE', 'near', 'Catania'))).toBeCloseTo(56.4412578701582, 8);
  });
});

describe('a search by radius', () => {
  it('finds what a look at every member finds', () => {
    // Not across the date line and near the poles, where Redis does not find all either.
    const place = fc.tuple(
      fc.double({ min: -120, max: 120, noNaN: true }),
      fc.double({ min: -60, max: 60, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 1, maxLength: 60 }),
        place,
        fc.double({ min: 1, max: 3000, noNaN: true }),
        (places, centre, radiusKm) => {
          h = new CommandHarness();
          for (const [i, [lon, lat]] of places.entries())
            run('GEOADD', 'g', lon.toFixed(9), lat.toFixed(9), `m${i}`);
          const positions = run('GEOPOS', 'g', ...places.map((_, i) => `m${i}`)) as string[][];
          const at = [Number(centre[0].toFixed(9)), Number(centre[1].toFixed(9))];
          const metres = Number(radiusKm.toFixed(3)) * 1000;
          const distances = positions.map((position) => distance(position.map(Number), at));
          // What is within a millimetre of the edge may fall to either side.
          if (distances.some((each) => Math.abs(each - metres) < 0.001)) return;
          const expected = places.flatMap((_, i) => (distances[i]! <= metres ? [`m${i}`] : []));
          const found = run(
            'GEOSEARCH',
            'g',
            'FROMLONLAT',
            at[0]!.toFixed(9),
            at[1]!.toFixed(9),
            'BYRADIUS',
            radiusKm.toFixed(3),
            'km',
          );
          expect((found as string[]).toSorted()).toEqual(expected.toSorted());
        },
      ),
      { numRuns: 200 },
    );
  });
});
