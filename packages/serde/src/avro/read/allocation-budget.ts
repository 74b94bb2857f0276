import { damaged } from '../damage.ts';
import type { AvroSchema, RecordSchema } from '../schema/model.ts';
import type { Tap } from '../tap.ts';
import { primitiveReads, type Read } from './read.ts';
import type { Action, RecordAction } from './resolution.ts';

/** A cursor that counts the words allocated for zero-length values. */
interface CountingTap extends Tap {
  words?: number;
}

// The bytes of a body limit the values that take bytes. Values that take none (null, empty records, a reader's
// defaults) need a limit of their own, else a few bytes become gigabytes. In words of 8 bytes: any body may allocate
// 8 MiB, and a body of more than 16 KiB 64 words for each of its bytes, up to 128 MiB.
const minWords = 2 ** 20;
const maxWords = 2 ** 24;
const wordsPerByte = 64;

/** The words that an object, array or Buffer takes in memory. */
export const objectWords = 8;

/** Counts words that are about to be allocated for zero-length values. Throws beyond the limit. */
export function spend(tap: CountingTap, words: number): void {
  tap.words = (tap.words ?? 0) + words;
  if (tap.words <= minWords) return;
  if (tap.words > Math.min(maxWords, wordsPerByte * tap.buf.length)) damaged();
}

/** Whether decoding a record can allocate so much from so few bytes that it must be counted. */
export function needsBudget(words: number): boolean {
  return words > 2 * objectWords;
}

/** The words that a zero-length value adds to its container; a record counts its own where it is read. */
export function emptyValueWords(read: Read): number {
  return read === primitiveReads.null ? 1 : 1 + objectWords;
}

/** The words of a value that is made anew each time. */
export function wordsOf(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length / objectWords;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) return 2 * objectWords + value.length / objectWords;
  return Object.values(value).reduce((words, member) => words + wordsOf(member), objectWords + 1);
}

/** Decides whether the values of a schema, or those that an action reads, are zero-length. */
export function createEmptiness(): (part: AvroSchema | Action) => boolean {
  const known = new Map<RecordSchema | RecordAction, boolean>();

  function isEmpty(part: AvroSchema | Action): boolean {
    if ('type' in part) {
      if (part.type === 'record') {
        return allEmpty(
          part,
          (part.fields ?? []).map(({ schema }) => schema),
        );
      }
      return part.type === 'null' || (part.type === 'fixed' && part.size === 0);
    }
    switch (part.kind) {
      case 'same':
        return isEmpty(part.schema);
      case 'reader-union':
        return isEmpty(part.action);
      case 'record':
        return allEmpty(
          part,
          part.steps.map((step) => ('skip' in step ? step.skip : step.action)),
        );
      // The first value ends the decoding.
      case 'error':
        return true;
      default:
        return false;
    }
  }

  function allEmpty(
    record: RecordSchema | RecordAction,
    members: readonly (AvroSchema | Action)[],
  ): boolean {
    const found = known.get(record);
    if (found !== undefined) return found;
    // A record that contains itself without a union has no finite value.
    known.set(record, false);
    const empty = members.every(isEmpty);
    known.set(record, empty);
    return empty;
  }

  return isEmpty;
}
