/**
 * Workloads by name: simple mixes for single questions, and published ones (YCSB, Twitter 2020, Facebook 2012).
 *
 * Published workloads are given by what their papers print. Where a paper prints a mean only (Twitter's value sizes) the
 * size is fixed at that mean; where shares do not add up to 1 the rest is left out and the others are scaled. Key lengths
 * are fixed (the encoder's rule), at the published mean.
 */
import { parseWorkload, type Workload, WorkloadError, type WorkloadInput } from './workload.ts';

export interface PresetOptions {
  /** Keys in the key space. */
  keys?: number;
  /** Fixed value length; replaces a published size distribution. */
  valueBytes?: number;
}

interface Preset {
  description: string;
  build(keys: number): Omit<WorkloadInput, 'name' | 'description'>;
}

const keysDefault = 100_000;
const keyBytesDefault = 16;
const secPerHour = 3600;
const secPerDay = 24 * secPerHour;

const zipf = (theta: number) => ({ kind: 'zipf' as const, theta });
const get = { template: ['GET', '{key}'] };
const set = { template: ['SET', '{key}', '{value}'] };
const setOfEveryKey = { template: ['SET', '{key}', '{value}'] };
const plainKeys = (count: number) => ({
  count,
  lengthBytes: keyBytesDefault,
  distribution: { kind: 'uniform' as const },
});
const allHit = { share: 1, tolerance: 0.001 };

/** GET and SET in the given proportion, uniform 16-byte keys all of which exist, 64-byte values. */
function mix(getWeight: number, setWeight: number): Preset {
  const commands = [
    ...(getWeight > 0 ? [{ ...get, weight: getWeight }] : []),
    ...(setWeight > 0 ? [{ ...set, weight: setWeight }] : []),
  ];
  return {
    description: `GET ${getWeight} : SET ${setWeight}, uniform keys, every key exists`,
    build: (keys) => ({
      keys: plainKeys(keys),
      commands,
      preload: setOfEveryKey,
      ...(getWeight > 0 ? { expectedHitRate: allHit } : {}),
    }),
  };
}

/** One command over uniform keys. */
function single(
  description: string,
  template: string[],
  rest: Partial<Omit<WorkloadInput, 'name' | 'keys' | 'commands'>> = {},
): Preset {
  return {
    description,
    build: (keys) => ({ keys: plainKeys(keys), commands: [{ template, weight: 1 }], ...rest }),
  };
}

const ycsbRead = { name: 'read', template: ['HGETALL', '{key}'] };
const ycsbUpdate = { name: 'update', template: ['HSET', '{key}', '{field}', '{value}'] };
const ycsbInsert = { name: 'insert', template: ['HSET', '{newKey}', '{fields}'] };
const ycsbIndex = 'ycsb:index';

function ycsb(
  description: string,
  commands: WorkloadInput['commands'],
  rest: { latest?: boolean; index?: boolean } = {},
): Preset {
  return {
    description: `YCSB: ${description}; records are hashes of 10 fields of 100 bytes`,
    build: (count) => ({
      keys: {
        count,
        prefix: 'user',
        lengthBytes: 23,
        distribution: rest.latest ? { kind: 'latest', theta: 0.99 } : zipf(0.99),
      },
      value: { kind: 'fixed', bytes: 100 },
      fields: { count: 10, prefix: 'field' },
      commands,
      preload: {
        template: ['HSET', '{key}', '{fields}'],
        ...(rest.index ? { alsoTemplate: ['ZADD', ycsbIndex, '{lastKeyId}', '{lastKey}'] } : {}),
      },
      ...(rest.index || rest.latest ? {} : { expectedHitRate: allHit }),
    }),
  };
}

function twitter(
  cluster: number,
  keyBytes: number,
  valueBytes: number,
  theta: number,
  ttl: NonNullable<WorkloadInput['ttl']>,
  shares: { get?: number; set?: number; add?: number; incr?: number },
): Preset {
  const templates = {
    get: ['GET', '{key}'],
    set: ['SET', '{key}', '{value}', 'EX', '{ttl}'],
    add: ['SET', '{key}', '{value}', 'NX', 'EX', '{ttl}'],
    incr: ['INCR', '{counter}'],
  };
  const commands = Object.entries(shares).map(([name, weight]) => ({
    name,
    weight,
    template: templates[name as keyof typeof templates],
  }));
  return {
    description: `Twitter 2020, cluster ${cluster}: ${Object.entries(shares)
      .map(([name, weight]) => `${name} ${weight}`)
      .join(', ')}; zipf ${theta}; keys ${keyBytes} B, values ${valueBytes} B (the published means)`,
    build: (count) => ({
      keys: { count, prefix: `t${cluster}:`, lengthBytes: keyBytes, distribution: zipf(theta) },
      value: { kind: 'fixed', bytes: valueBytes },
      ttl,
      commands,
      preload: { template: ['SET', '{key}', '{value}', 'EX', '{ttl}'] },
    }),
  };
}

/** Shares of value lengths 0..14 bytes in Facebook's ETC pool (Atikoglu et al. 2012, table 5): 44.2 % in all. */
const etcSmallValueShares = [
  0.00536, 0.00047, 0.1782, 0.09239, 0.00018, 0.0274, 0.00065, 0.00606, 0.00023, 0.00837, 0.00837, 0.08989,
  0.00092, 0.00326, 0.0198,
];

const presets: Record<string, Preset> = {
  'get-set': mix(1, 1),
  get: mix(1, 0),
  set: mix(0, 1),
  'get-set-90': mix(9, 1),
  'get-set-30-1': mix(30, 1),
  'get-miss': {
    description: 'GET of keys that do not exist',
    build: (keys) => ({
      keys: plainKeys(keys),
      commands: [{ ...get, weight: 1 }],
      expectedHitRate: { share: 0, tolerance: 0 },
    }),
  },
  'get-set-zipf': {
    description: 'GET 9 : SET 1, zipf 0.99 scrambled, every key exists',
    build: (count) => ({
      keys: { count, lengthBytes: keyBytesDefault, distribution: zipf(0.99) },
      commands: [
        { ...get, weight: 9 },
        { ...set, weight: 1 },
      ],
      preload: setOfEveryKey,
      expectedHitRate: allHit,
    }),
  },
  'mget-10': single('MGET of 10 keys, all of which exist', ['MGET', '{keys:10}'], {
    preload: setOfEveryKey,
    expectedHitRate: allHit,
  }),
  'mget-100': single('MGET of 100 keys, all of which exist', ['MGET', '{keys:100}'], {
    preload: setOfEveryKey,
    expectedHitRate: allHit,
  }),
  'mset-10': single('MSET of 10 keys', ['MSET', '{pairs:10}'], { preload: setOfEveryKey }),
  'mset-100': single('MSET of 100 keys', ['MSET', '{pairs:100}'], { preload: setOfEveryKey }),
  incr: single('INCR', ['INCR', '{counter}']),
  hincrby: single('HINCRBY of one of 10 fields', ['HINCRBY', '{key}', '{field}', '1']),
  'set-ttl': single(
    'SET with a TTL of 1 to 10 s: keys expire all the time',
    ['SET', '{key}', '{value}', 'EX', '{ttl}'],
    {
      ttl: Array.from({ length: 10 }, (_, i) => ({ sec: i + 1, weight: 1 })),
    },
  ),
  expire: single('EXPIRE of keys that exist', ['EXPIRE', '{key}', '{ttl}'], {
    ttl: [{ sec: secPerHour, weight: 1 }],
    preload: setOfEveryKey,
  }),
  'ycsb-a': ycsb('read 50, update 50', [
    { ...ycsbRead, weight: 50 },
    { ...ycsbUpdate, weight: 50 },
  ]),
  'ycsb-b': ycsb('read 95, update 5', [
    { ...ycsbRead, weight: 95 },
    { ...ycsbUpdate, weight: 5 },
  ]),
  'ycsb-c': ycsb('read 100', [{ ...ycsbRead, weight: 100 }]),
  'ycsb-d': ycsb(
    'read 95 of the latest, insert 5',
    [
      { ...ycsbRead, weight: 95 },
      { ...ycsbInsert, weight: 5 },
    ],
    { latest: true },
  ),
  'ycsb-e': ycsb(
    'scan 95 (up to 100 of a sorted-set index of keys), insert 5; needs sorted sets',
    [
      {
        name: 'scan',
        weight: 95,
        template: ['ZRANGEBYSCORE', ycsbIndex, '{keyId}', '+inf', 'LIMIT', '0', '{int:1:100}'],
      },
      { ...ycsbInsert, weight: 5, followedBy: 'index' },
      { name: 'index', weight: 0, template: ['ZADD', ycsbIndex, '{lastKeyId}', '{lastKey}'] },
    ],
    { index: true },
  ),
  // For servers without sorted sets: what a scan reads, without the order it reads it in.
  'ycsb-e-mget': {
    description:
      'YCSB: scan 95, insert 5, where a scan is MGET of 50 records (the mean length of a scan); records are strings of 1,000 bytes',
    build: (count) => ({
      keys: { count, prefix: 'user', lengthBytes: 23, distribution: zipf(0.99) },
      value: { kind: 'fixed', bytes: 1000 },
      commands: [
        { name: 'scan', weight: 95, template: ['MGET', '{keys:50}'] },
        { name: 'insert', weight: 5, template: ['SET', '{newKey}', '{value}'] },
      ],
      preload: setOfEveryKey,
      expectedHitRate: allHit,
    }),
  },
  'ycsb-f': ycsb('read 50, read-modify-write 50', [
    { ...ycsbRead, weight: 50 },
    { name: 'rmw-read', weight: 50, template: ['HGETALL', '{key}'], followedBy: 'rmw-update' },
    { name: 'rmw-update', weight: 0, template: ['HSET', '{lastKey}', '{field}', '{value}'] },
  ]),
  'twitter-52': twitter(
    52,
    20,
    273,
    1.21,
    [
      { sec: secPerDay, weight: 65 },
      { sec: 14 * secPerDay, weight: 27 },
    ],
    { get: 0.91, add: 0.04 },
  ),
  'twitter-25': twitter(25, 49, 28, 0.99, [{ sec: 30 * secPerDay, weight: 1 }], { get: 0.95, set: 0.05 }),
  'twitter-7': twitter(7, 17, 1936, 1.07, [{ sec: 1.8 * secPerHour, weight: 1 }], { get: 0.82, set: 0.18 }),
  'twitter-19': twitter(19, 42, 101, 0.74, [{ sec: 7 * secPerHour, weight: 1 }], { get: 0.75, set: 0.25 }),
  'twitter-40': twitter(40, 44, 155, 0.86, [{ sec: 8 * secPerHour, weight: 1 }], { get: 0.5, set: 0.5 }),
  'twitter-12': twitter(12, 44, 1030, 0.3, [{ sec: 300, weight: 1 }], { get: 0.2, set: 0.8 }),
  'twitter-23': twitter(23, 35, 224, 0.27, [{ sec: 120, weight: 1 }], { get: 0.36, set: 0.31, incr: 0.3 }),
  'facebook-etc': {
    description:
      'Facebook 2012 ETC: GET 30 : SET 1, value sizes as published, keys 36 B (mean of the published GEV), zipf 0.99 (assumed)',
    build: (count) => ({
      keys: { count, prefix: 'etc:', lengthBytes: 36, distribution: zipf(0.99) },
      value: {
        kind: 'generalizedPareto',
        location: 15,
        scale: 214.476,
        shape: 0.348238,
        maxBytes: 1024 * 1024,
        discrete: etcSmallValueShares.map((share, bytes) => ({ bytes, share })),
      },
      commands: [
        { ...get, weight: 30 },
        { ...set, weight: 1 },
      ],
      preload: setOfEveryKey,
      expectedHitRate: allHit,
    }),
  },
};

export const presetNames: readonly string[] = Object.keys(presets);

export function presetDescription(name: string): string {
  return presetNamed(name).description;
}

/** @throws WorkloadError if there is no such preset; it lists those there are. */
export function presetWorkload(name: string, options: PresetOptions = {}): Workload {
  const preset = presetNamed(name);
  const input = preset.build(options.keys ?? keysDefault);
  return parseWorkload({
    name,
    description: preset.description,
    ...input,
    ...(options.valueBytes === undefined ? {} : { value: { kind: 'fixed', bytes: options.valueBytes } }),
  });
}

/** GET and SET in any proportion, like the `get-set` presets. */
export function mixWorkload(getWeight: number, setWeight: number, options: PresetOptions = {}): Workload {
  const preset = mix(getWeight, setWeight);
  return parseWorkload({
    name: `get-set ${getWeight}:${setWeight}`,
    description: preset.description,
    value: { kind: 'fixed', bytes: options.valueBytes ?? 64 },
    ...preset.build(options.keys ?? keysDefault),
  });
}

function presetNamed(name: string): Preset {
  if (!Object.hasOwn(presets, name)) {
    throw new WorkloadError(`there is no workload ${name}. There are: ${presetNames.join(', ')}`);
  }
  return presets[name]!;
}
