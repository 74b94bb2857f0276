import { advance, damaged, primitiveReads, type Read, readItems, truncated } from './avro-read.ts';
import { readLong, readSize, type Tap } from './avro-tap.ts';
import type { AvroSchema, RecordSchema } from './compatibility/avro-schema.ts';

/** Compiles what moves a cursor over values that nobody wants. It makes none of them. */
export function compileSkip(schema: AvroSchema): (tap: Tap) => void {
  const records = new Map<RecordSchema, { skip: Read }>();
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
      case 'array': {
        const skipItem = skipOf(schema.items);
        return (tap) => readItems(tap, skipItem);
      }
      case 'map': {
        const skipValue = skipOf(schema.values);
        const skipEntry = (tap: Tap) => {
          advance(tap, readSize(tap));
          skipValue(tap);
        };
        return (tap) => readItems(tap, skipEntry);
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
    const skips = (record.fields ?? []).map(({ schema }) => skipOf(schema));
    cell.skip = (tap) => {
      if (tap.pos > tap.buf.length) truncated();
      for (const skip of skips) skip(tap);
    };
    return cell.skip;
  }
}
