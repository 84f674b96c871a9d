import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { searchCommand } from './searchCommand.ts';

export const geosearch: CommandSpec = {
  name: 'geosearch',
  arity: -7,
  flags: ['readonly'],
  categories: ['geo'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the members within a circle or a box.',
    since: '6.2.0',
    group: 'geo',
    complexity:
      'O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape',
    history: [['7.0.0', 'Uppercase units are accepted.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
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
            arguments: [
              { name: 'radius', type: 'double', token: 'BYRADIUS' },
              {
                name: 'unit',
                type: 'oneof',
                arguments: [
                  { name: 'm', type: 'pure-token', token: 'M' },
                  { name: 'km', type: 'pure-token', token: 'KM' },
                  { name: 'ft', type: 'pure-token', token: 'FT' },
                  { name: 'mi', type: 'pure-token', token: 'MI' },
                ],
              },
            ],
          },
          {
            name: 'box',
            type: 'block',
            arguments: [
              { name: 'width', type: 'double', token: 'BYBOX' },
              { name: 'height', type: 'double' },
              {
                name: 'unit',
                type: 'oneof',
                arguments: [
                  { name: 'm', type: 'pure-token', token: 'M' },
                  { name: 'km', type: 'pure-token', token: 'KM' },
                  { name: 'ft', type: 'pure-token', token: 'FT' },
                  { name: 'mi', type: 'pure-token', token: 'MI' },
                ],
              },
            ],
          },
        ],
      },
      {
        name: 'order',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'asc', type: 'pure-token', token: 'ASC' },
          { name: 'desc', type: 'pure-token', token: 'DESC' },
        ],
      },
      {
        name: 'count-block',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'count', type: 'integer', token: 'COUNT' },
          { name: 'any', type: 'pure-token', token: 'ANY', flags: ['optional'] },
        ],
      },
      { name: 'withcoord', type: 'pure-token', token: 'WITHCOORD', flags: ['optional'] },
      { name: 'withdist', type: 'pure-token', token: 'WITHDIST', flags: ['optional'] },
      { name: 'withhash', type: 'pure-token', token: 'WITHHASH', flags: ['optional'] },
    ],
  },
  execute: (context, args) => searchCommand(context, args, { kind: 'search' }),
};
