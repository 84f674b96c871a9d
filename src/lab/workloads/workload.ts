/**
 * A workload: what is asked of a server, declared as data. Serialisable as JSON, checked by zod, the same for every target.
 *
 * A command is a template, so any command can be asked: `["SET", "{key}", "{value}"]`, `["MGET", "{keys:10}"]`,
 * `["HSET", "{key}", "{field}", "{value}"]`, `["EXPIRE", "{key}", "{ttl}"]`. Placeholders (a whole argument each):
 *
 *   {key}       a key drawn from `keys.distribution`
 *   {keys:n}    n keys drawn independently (n arguments)
 *   {newKey}    the next key never used before by this connection: ids count on from `keys.count` (`latest` reads follow)
 *   {lastKey}   the key written last, by this request or one before it
 *   {lastKeyId} its id as a number (a score for an index)
 *   {keyId}     the id of a key drawn as by {key}, as a number
 *   {counter}   '#' and a key drawn as by {key}: names of their own for INCR, which fails on stored values
 *   {value}     bytes with a length drawn from `value`
 *   {pairs:n}   n times a key and a value (2n arguments)
 *   {ttl}       seconds drawn from `ttl`
 *   {field}     one of `fields.count` field names, uniform
 *   {fields}    every field name with a value each (2 x `fields.count` arguments)
 *   {int:a:b}   a whole number, uniform in a..b
 *   anything else is sent as it stands.
 *
 * A key is `keys.prefix` followed by the zero-padded id, `keys.lengthBytes` in all, so all keys of a workload are equally long.
 */
import { z } from 'zod';

const positiveInt = z.number().int().positive();
const share = z.number().min(0).max(1);

export const keyDistributionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('uniform') }),
  /** P(rank k) ~ k^-theta. `scrambled` spreads the ranks over the ids by a seeded bijection, so that hot keys are not neighbours. */
  z.strictObject({
    kind: z.literal('zipf'),
    theta: z.number().positive().max(5),
    scrambled: z.boolean().default(true),
  }),
  /** `trafficShare` of the draws fall uniformly on the first `keyShare` of the keys, the others on the rest. */
  z.strictObject({ kind: z.literal('hotspot'), keyShare: share, trafficShare: share }),
  /** Ids in order, wrapping. */
  z.strictObject({ kind: z.literal('sequential') }),
  /** Zipf over age: the key inserted last is the most likely. */
  z.strictObject({ kind: z.literal('latest'), theta: z.number().positive().max(5) }),
]);

/** Ids above `count` that {newKey} may reach: a ring holds 2^20 requests, spread over sections of unequal luck. */
const insertedKeysMax = 2 ** 24;

const valueBytesMax = 16 * 1024 * 1024;
const valueBytes = z.number().int().min(0).max(valueBytesMax);

export const valueSizeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), bytes: valueBytes }),
  z
    .strictObject({ kind: z.literal('uniform'), minBytes: valueBytes, maxBytes: valueBytes })
    .refine((size) => size.minBytes <= size.maxBytes, 'minBytes must not exceed maxBytes'),
  /** Lengths with weights. */
  z.strictObject({
    kind: z.literal('empirical'),
    points: z.array(z.strictObject({ bytes: valueBytes, weight: z.number().positive() })).min(1),
  }),
  /** With `discrete` points of total share s (first), else a generalized Pareto(location, scale, shape) capped at maxBytes. */
  z.strictObject({
    kind: z.literal('generalizedPareto'),
    location: z.number().min(0),
    scale: z.number().positive(),
    shape: z.number(),
    maxBytes: valueBytes,
    discrete: z.array(z.strictObject({ bytes: valueBytes, share })).default([]),
  }),
]);

export const workloadSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(''),
  keys: z
    .strictObject({
      count: positiveInt.max(2 ** 31 - 1),
      prefix: z
        .string()
        .regex(/^[\x21-\x7e]*$/, 'printable ASCII without spaces')
        .default('key:'),
      lengthBytes: positiveInt.max(512),
      distribution: keyDistributionSchema,
    })
    .refine(
      (keys) => keys.lengthBytes - keys.prefix.length >= String(keys.count - 1).length,
      'lengthBytes must leave room after the prefix for the digits of count - 1',
    ),
  value: valueSizeSchema.default({ kind: 'fixed', bytes: 64 }),
  fields: z
    .strictObject({ count: positiveInt.max(1024), prefix: z.string().default('field') })
    .default({ count: 10, prefix: 'field' }),
  /** Seconds with weights, for {ttl}. */
  ttl: z
    .array(z.strictObject({ sec: positiveInt, weight: z.number().positive() }))
    .min(1)
    .optional(),
  commands: z
    .array(
      z.strictObject({
        /** Unique; what results call it. Defaults to the template's first word in lower case. */
        name: z.string().min(1).optional(),
        /** Relative to the other commands'; 0 only for one that another is `followedBy`. */
        weight: z.number().nonnegative(),
        template: z.array(z.string()).min(1),
        /** Name of the command always sent next on the same connection: read-modify-write is a GET followed by a SET of {lastKey}. */
        followedBy: z.string().optional(),
        /**
         * How its replies count as hits: `reply` (nil or empty array = miss), `elements` (each nil of the array = miss) or
         * `none`. Default by the command's name (GET, HGET, HGETALL ... reply; MGET, HMGET elements).
         */
        hits: z.enum(['none', 'reply', 'elements']).optional(),
      }),
    )
    .min(1)
    .max(64),
  /**
   * Written before the warm-up: `template` once for each of the first `share` x `keys.count` ids, in order; {key} is that
   * id. `alsoTemplate` follows it for the same key (an index entry, say).
   */
  preload: z
    .strictObject({
      share: share.default(1),
      template: z.array(z.string()).min(1),
      alsoTemplate: z.array(z.string()).min(1).optional(),
    })
    .optional(),
  /** Declared hit rate and how far off it may be; the certificate compares. */
  expectedHitRate: z.strictObject({ share, tolerance: share.default(0.02) }).optional(),
  /** Commands a target must know, beyond those in the templates (upper case): checked before the run. */
  requiresCommands: z.array(z.string()).default([]),
});

export type KeyDistribution = z.infer<typeof keyDistributionSchema>;
export type ValueSize = z.infer<typeof valueSizeSchema>;
/** A checked workload, defaults filled in. */
export type Workload = z.infer<typeof workloadSchema>;
/** What a file may hold: defaults left out. */
export type WorkloadInput = z.input<typeof workloadSchema>;
export type CommandTemplate = Workload['commands'][number];

/** A declaration that does not hold: the text names the field and what is wrong with it. */
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError';
}

/** Checks `input` (parsed JSON) and fills in defaults. Throws WorkloadError. */
export function parseWorkload(input: unknown): Workload {
  const parsed = workloadSchema.safeParse(input);
  if (!parsed.success) {
    throw new WorkloadError(`not a workload:\n${z.prettifyError(parsed.error)}`);
  }
  const workload = parsed.data;
  const templates = [
    ...workload.commands.map((command) => command.template),
    workload.preload?.template ?? [],
    workload.preload?.alsoTemplate ?? [],
  ];
  if (templates.some((template) => template.includes('{ttl}')) && workload.ttl === undefined) {
    throw new WorkloadError(`workload ${workload.name} uses {ttl} and declares no ttl`);
  }
  const { lengthBytes, prefix, count } = workload.keys;
  const inserts = templates.some((template) => template.includes('{newKey}'));
  if (inserts && lengthBytes - prefix.length < String(count + insertedKeysMax).length) {
    throw new WorkloadError(
      `workload ${workload.name} uses {newKey}: lengthBytes must leave room after the prefix for the digits of count + ${insertedKeysMax}`,
    );
  }
  const names = workload.commands.map(nameOf);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new WorkloadError(`workload ${workload.name} has two commands called ${twice}: give each a name`);
  }
  for (const { followedBy } of workload.commands) {
    if (followedBy !== undefined && !names.includes(followedBy)) {
      throw new WorkloadError(`workload ${workload.name} has no command ${followedBy} to follow another`);
    }
  }
  if (!workload.commands.some((command) => command.weight > 0)) {
    throw new WorkloadError(`workload ${workload.name} gives no command a weight`);
  }
  return workload;
}

/** What results call a command: its name, or its template's first word in lower case. */
export function nameOf(command: CommandTemplate): string {
  return command.name ?? command.template[0]!.toLowerCase();
}

/** Share of each command in what is sent, followers included; sums to 1. */
export function declaredShares(workload: Workload): number[] {
  const weights = workload.commands.map((command) => command.weight);
  for (const leader of workload.commands) {
    const seen = new Set<string>();
    // A chain of followers carries its leader's weight along; a circle is cut where it closes.
    for (let name = leader.followedBy; name !== undefined && !seen.has(name); ) {
      seen.add(name);
      const index = workload.commands.findIndex((command) => nameOf(command) === name);
      weights[index]! += leader.weight;
      name = workload.commands[index]!.followedBy;
    }
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Commands the target must know, upper case, sorted: those of every template and the declared ones. */
export function commandsOf(workload: Workload): string[] {
  const names = new Set(workload.requiresCommands.map((name) => name.toUpperCase()));
  for (const command of workload.commands) names.add(command.template[0]!.toUpperCase());
  const preload = [workload.preload?.template, workload.preload?.alsoTemplate];
  for (const word of preload.map((template) => template?.[0]))
    if (word !== undefined) names.add(word.toUpperCase());
  return [...names].sort();
}

/** The same workload over at most so many keys: short blocks cannot spend their time on preloading. */
export function withKeysAtMost(workload: Workload, keysMax: number): Workload {
  return { ...workload, keys: { ...workload.keys, count: Math.min(workload.keys.count, keysMax) } };
}
