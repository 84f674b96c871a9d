/** ACL categories: those that a command names and those that its flags imply. */
import type { CommandEntry } from '../../commandTable.ts';

/** In the order in which Redis lists them. */
export const CATEGORIES: readonly string[] = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
];

/** A command's categories in the order of CATEGORIES, without '@'. */
export function categoriesOf({ spec }: CommandEntry): string[] {
  const found = new Set(spec.categories);
  const has = (flag: (typeof spec.flags)[number]): boolean => spec.flags.includes(flag);
  if (has('write')) found.add('write');
  if (has('readonly') && !found.has('scripting')) found.add('read');
  if (has('admin')) found.add('admin').add('dangerous');
  if (has('pubsub')) found.add('pubsub');
  if (has('fast')) found.add('fast');
  if (has('blocking')) found.add('blocking');
  if (!found.has('fast')) found.add('slow');
  return CATEGORIES.filter((category) => found.has(category));
}
