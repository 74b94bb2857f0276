import { damaged, truncated } from '../damage.ts';
import type { AvroSchema, RecordSchema } from '../schema/model.ts';
import { readBlockCount, readLong, readSize, type Tap } from '../tap.ts';
import { createEmptiness } from './allocation-budget.ts';
import { advance, holdsItems, primitiveReads, type Read } from './read.ts';

/** Compiles a function that moves the cursor past a value without making the value. */
export function compileSkip(schema: AvroSchema): (tap: Tap) => void {
  const records = new Map<RecordSchema, { skip: Read }>();
  const isEmpty = createEmptiness();
  return skipOf(schema);

  function skipOf(schema: AvroSchema): (tap: Tap) => void {
    switch (schema.type) {
      case 'string':
      case 'bytes':
        return (tap) => advance(tap, readSize(tap));
      case 'fixed':
        return (tap) => advance(tap, schema.size);
      case 'enum': {
        const { length } = schema.symbols;
        return (tap) => {
          if (readSize(tap) >= length) damaged();
        };
      }
      case 'array':
        return isEmpty(schema.items) ? skipBlockCounts : skipItems(skipOf(schema.items));
      case 'map': {
        const skipValue = skipOf(schema.values);
        const skipEntry = (tap: Tap) => {
          advance(tap, readSize(tap));
          skipValue(tap);
        };
        return skipItems(skipEntry);
      }
      case 'union': {
        const skips = schema.branches.map(skipOf);
        return (tap) => (skips[readLong(tap) as number] ?? damaged)(tap);
      }
      case 'record':
        return skipRecord(schema);
      default:
        return primitiveReads[schema.type];
    }
  }

  function skipRecord(record: RecordSchema): (tap: Tap) => void {
    const known = records.get(record);
    if (known) return (tap) => known.skip(tap);
    const cell = { skip: damaged as Read };
    records.set(record, cell);
    const skips = (record.fields ?? [])
      .filter(({ schema }) => !isEmpty(schema))
      .map(({ schema }) => skipOf(schema));
    cell.skip = (tap) => {
      if (tap.pos > tap.buf.length) truncated();
      for (const skip of skips) skip(tap);
    };
    return cell.skip;
  }
}

function skipItems(skipItem: (tap: Tap) => void): (tap: Tap) => void {
  return (tap) => {
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap)) {
      holdsItems(tap, count);
      for (let left = count; left > 0; left--) {
        skipItem(tap);
        if (tap.pos > tap.buf.length) truncated();
      }
    }
  };
}

// The items are zero-length, however many they are.
function skipBlockCounts(tap: Tap): void {
  while (readBlockCount(tap) > 0);
}
