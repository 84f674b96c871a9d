/** What a snapshot is written with: entries of any database in any order, between a beginning and an end. */
import type { Keyspace, Ref } from '../../keyspace/keyspace.ts';
import type { EntryAccess } from '../rdb/rdbWriter.ts';

export interface EntryWriter {
  header(facts: readonly (readonly [name: string, value: string])[]): void;
  library(source: Uint8Array): void;
  /** Says how much of a database will come. */
  sizes(database: number, keys: number, expiringKeys: number): void;
  entry(database: number, keyspace: Keyspace, ref: Ref, access: EntryAccess | undefined): void;
  /** Nothing may follow. */
  end(): void;
}
