import { damaged } from '../damage.ts';
import type { AvroSchema, RecordSchema } from '../schema/model.ts';
import type { Tap } from '../tap.ts';
import { primitiveReads, type Read } from './read.ts';
import type { Action, RecordAction } from './resolution.ts';

/** A cursor that counts what it makes of no bytes. */
interface SpendingTap extends Tap {
  freeNodes?: number;
}

// What takes bytes is bounded by them. What takes none (null, empty records, a reader's defaults) needs a bound
// of its own, else a few bytes become gigabytes. Counted in words of 8 bytes: any body may have 8 MiB of it, and
// one of more than 16 KiB 64 words for each of its bytes, up to 128 MiB.
const minFreeNodes = 2 ** 20;
const maxFreeNodes = 2 ** 24;
const freeNodesPerByte = 64;

/** An object, array or Buffer, as it lies in memory. */
export const objectNodes = 8;

/** Counts nodes that are about to be made of no bytes. Refuses those beyond bound. */
export function spend(tap: SpendingTap, nodes: number): void {
  tap.freeNodes = (tap.freeNodes ?? 0) + nodes;
  if (tap.freeNodes <= minFreeNodes) return;
  if (tap.freeNodes > Math.min(maxFreeNodes, freeNodesPerByte * tap.buf.length)) damaged();
}

/** Whether a record whose bytes are few may make so many nodes of none that they have to be counted. */
export function isLavish(freeNodes: number): boolean {
  return freeNodes > 2 * objectNodes;
}

/** What one value that takes no bytes adds to what holds it; a record's own nodes are counted where it is read. */
export function emptyNodes(read: Read): number {
  return read === primitiveReads.null ? 1 : 1 + objectNodes;
}

/** The nodes of a value that is made anew each time. */
export function nodesOf(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length / objectNodes;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) return 2 * objectNodes + value.length / objectNodes;
  return Object.values(value).reduce((nodes, member) => nodes + nodesOf(member), objectNodes + 1);
}

/** Decides whether values of a schema, or those that an action reads, take no bytes at all. */
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
      // Nothing is made of it: the first value ends the decoding.
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
    // Met again inside itself without a union, it has no value that ends.
    known.set(record, false);
    const empty = members.every(isEmpty);
    known.set(record, empty);
    return empty;
  }

  return isEmpty;
}
