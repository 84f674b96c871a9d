/** Arguments that COMMAND DOCS describes alike for several commands. */
import type { ArgumentDoc } from '../command.ts';

export const UNIT: ArgumentDoc = {
  name: 'unit',
  type: 'oneof',
  arguments: [
    { name: 'm', type: 'pure-token', token: 'M' },
    { name: 'km', type: 'pure-token', token: 'KM' },
    { name: 'ft', type: 'pure-token', token: 'FT' },
    { name: 'mi', type: 'pure-token', token: 'MI' },
  ],
};

export const ORDER: ArgumentDoc = {
  name: 'order',
  type: 'oneof',
  flags: ['optional'],
  arguments: [
    { name: 'asc', type: 'pure-token', token: 'ASC' },
    { name: 'desc', type: 'pure-token', token: 'DESC' },
  ],
};

export const COUNT: ArgumentDoc = {
  name: 'count-block',
  type: 'block',
  flags: ['optional'],
  arguments: [
    { name: 'count', type: 'integer', token: 'COUNT' },
    { name: 'any', type: 'pure-token', token: 'ANY', flags: ['optional'] },
  ],
};

export const WHAT_TO_SHOW: readonly ArgumentDoc[] = [
  { name: 'withcoord', type: 'pure-token', token: 'WITHCOORD', flags: ['optional'] },
  { name: 'withdist', type: 'pure-token', token: 'WITHDIST', flags: ['optional'] },
  { name: 'withhash', type: 'pure-token', token: 'WITHHASH', flags: ['optional'] },
];

/** The second and third keys of the old forms. */
export const STORE: ArgumentDoc = {
  name: 'store',
  type: 'oneof',
  flags: ['optional'],
  arguments: [
    { name: 'storekey', type: 'key', displayText: 'key', keySpecIndex: 1, token: 'STORE' },
    { name: 'storedistkey', type: 'key', displayText: 'key', keySpecIndex: 2, token: 'STOREDIST' },
  ],
};

/** Where is searched. */
export const AREA: readonly ArgumentDoc[] = [
  {
    name: 'from',
    type: 'oneof',
    arguments: [
      { name: 'member', type: 'string', token: 'FROMMEMBER' },
      {
        name: 'fromlonlat',
        type: 'block',
        token: 'FROMLONLAT',
        arguments: [
          { name: 'longitude', type: 'double' },
          { name: 'latitude', type: 'double' },
        ],
      },
    ],
  },
  {
    name: 'by',
    type: 'oneof',
    arguments: [
      {
        name: 'circle',
        type: 'block',
        arguments: [{ name: 'radius', type: 'double', token: 'BYRADIUS' }, UNIT],
      },
      {
        name: 'box',
        type: 'block',
        arguments: [
          { name: 'width', type: 'double', token: 'BYBOX' },
          { name: 'height', type: 'double' },
          UNIT,
        ],
      },
    ],
  },
];
