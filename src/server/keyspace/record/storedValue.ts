/**
 * What an entry of the Map keyspace refers to. Which of them a string is, its StringStore knows; nobody else looks inside.
 */
import type { Collection } from '../keyspace.ts';

/** A string: a byte array of its own, or the number of a cell. */
export type StoredString = Uint8Array | number;
export type StoredValue = StoredString | Collection;
