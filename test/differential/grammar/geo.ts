/** Random commands about positions on earth. */
import type { Draw } from '../universe.ts';
import { one, type Production } from './production.ts';

const longitude = (d: Draw): string =>
  d.chance(0.93)
    ? (d.below(3600) / 10 - 180).toFixed(d.below(6))
    : d.of(['180', '-180', '181', 'x', 'nan', '0']);
const latitude = (d: Draw): string =>
  d.chance(0.93)
    ? (d.below(1700) / 10 - 85).toFixed(d.below(6))
    : d.of(['85.05112878', '-85.05112878', '86', 'x', '0']);
/** Members near each other, so that searches find some and not all. */
const near = (d: Draw): string[] =>
  d.chance(0.5)
    ? [(13 + d.below(300) / 100).toFixed(4), (38 - d.below(200) / 100).toFixed(4)]
    : [longitude(d), latitude(d)];
const place = (d: Draw): string => `p${d.below(25)}`;
const unit = (d: Draw): string => d.of(['m', 'km', 'KM', 'ft', 'mi', 'parsec']);
const size = (d: Draw): string => d.of(['0', '1', '50', '200.5', '1000', '10000', '30000', '-1', 'x']);
const options = (d: Draw, stores: boolean): string[] => [
  ...d.some(0.3, 'WITHDIST'),
  ...d.some(0.2, 'WITHHASH'),
  ...d.some(0.3, 'WITHCOORD'),
  ...d.some(0.4, 'COUNT', d.of(['1', '3', '100', '0', 'x']), ...d.some(0.2, 'ANY')),
  ...d.some(0.5, d.of(['ASC', 'DESC'])),
  ...(stores ? d.some(0.2, 'STORE', d.geoKey()) : []),
];
const centre = (d: Draw): string[] => (d.chance(0.5) ? ['FROMMEMBER', place(d)] : ['FROMLONLAT', ...near(d)]);
const shape = (d: Draw): string[] =>
  d.chance(0.5) ? ['BYRADIUS', size(d), unit(d)] : ['BYBOX', size(d), size(d), unit(d)];

export const geoProductions: Production[] = [
  one(6, (d) => [
    'GEOADD',
    d.geoKey(),
    ...d.some(0.2, d.of(['NX', 'XX', 'CH'])),
    ...d.many(1, 5, () => [...near(d), place(d)]).flat(),
  ]),
  one(2, (d) => ['GEOPOS', d.geoKey(), ...d.many(0, 3, () => place(d))]),
  one(2, (d) => ['GEOHASH', d.geoKey(), ...d.many(0, 3, () => place(d))]),
  one(2, (d) => ['GEODIST', d.geoKey(), place(d), place(d), ...d.some(0.5, unit(d))]),
  one(4, (d) => ['GEOSEARCH', d.geoKey(), ...centre(d), ...shape(d), ...options(d, false)]),
  one(2, (d) => ['GEOSEARCHSTORE', d.geoKey(), d.geoKey(), ...centre(d), ...shape(d)]),
  {
    // The last bit of a distance is the mathematical library's: what was stored is counted, and goes.
    weight: 1,
    draw: (d) => [
      ['GEOSEARCHSTORE', 'distances', d.geoKey(), ...centre(d), ...shape(d), 'STOREDIST'],
      ['ZCARD', 'distances'],
      ['DEL', 'distances'],
    ],
  },
  one(2, (d) => ['GEORADIUS', d.geoKey(), ...near(d), size(d), unit(d), ...options(d, true)]),
  one(2, (d) => ['GEORADIUSBYMEMBER', d.geoKey(), place(d), size(d), unit(d), ...options(d, true)]),
  one(1, (d) => ['GEORADIUS_RO', d.geoKey(), ...near(d), size(d), unit(d), ...options(d, false)]),
  one(1, (d) => ['GEORADIUSBYMEMBER_RO', d.geoKey(), place(d), size(d), unit(d), ...options(d, false)]),
];
