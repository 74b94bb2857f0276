import type { Draft } from '../json-schema/drafts.ts';
import type { Found, SchemaAt } from './json-schema-at.ts';

/** A comparison in progress. A value of the writer matches every schema of a list. */
export interface Comparison {
  /** Why the reader schema does not accept every value that matches all parts; empty if it does. */
  compare(reader: SchemaAt, parts: readonly SchemaAt[]): Found;
  /** `compare` for a member, an element or the name of a member of the value. */
  compareInside(reader: SchemaAt, parts: readonly SchemaAt[]): Found;
  /** Whether it is proven that no value matches all parts. */
  isEmpty(parts: readonly SchemaAt[]): boolean;
  /** Whether a text has a match of a pattern somewhere. */
  matches(pattern: string, text: string): boolean;
  /** Counts looking up names in schemas as work. */
  countLookups(lookups: number): void;
  draftOf(at: SchemaAt): Draft;
  /** Follows references, and selects the keywords that the draft applies. */
  resolve(at: SchemaAt): SchemaAt;
}
