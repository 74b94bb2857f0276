import { checkJsonSchemaCompatibility } from '../compatibility/check-json-schema.ts';
import { compileJsonSchema } from '../json-schema/index.ts';
import type { JsonSchemaPair } from './draw-json-schema-pair.ts';

export interface Refutation {
  /** A value of the writer that the reader rejects; none if the verdict refuses a looser reader. */
  value?: unknown;
  /** Why the looser reader was refused. */
  reasons?: readonly string[];
}

/** A pair whose verdict holds, and how many values the schemas shared. */
export interface Confirmation {
  isCompatible: boolean;
  checkedValues: number;
}

/**
 * Compares a verdict with the values of a pair: a compatible reader accepts each value of the writer, and a reader
 * that is the writer with one keyword loosened is compatible, unless the comparison needs too much work.
 */
export function refuteJsonVerdict(pair: JsonSchemaPair): Refutation | Confirmation {
  const { reader, writer, isLooser, values } = pair;
  const { compatible, incompatibilities } = checkJsonSchemaCompatibility({
    mode: 'BACKWARD',
    newSchema: reader,
    previous: [writer],
  });
  const isTooComplex = incompatibilities.some(({ type }) => type === 'TOO_COMPLEX');
  if (isLooser && !compatible && !isTooComplex) {
    return { reasons: incompatibilities.map(({ type, newLocation }) => `${type} ${newLocation}`) };
  }
  if (!compatible) return { isCompatible: false, checkedValues: 0 };
  const [reads, writes] = [acceptanceOf(reader), acceptanceOf(writer)];
  const written = values.filter(writes);
  const refuting = written.filter((value) => !reads(value));
  if (refuting.length > 0) return { value: refuting[0] };
  return { isCompatible: true, checkedValues: written.length };
}

function acceptanceOf(definition: string): (value: unknown) => boolean {
  const codec = compileJsonSchema(definition);
  const target = Buffer.alloc(10_000);
  return (value) => {
    try {
      return codec.encode(value, target, 0) > 0;
    } catch (error) {
      if ((error as { code?: string }).code === 'schema-mismatch') return false;
      throw error;
    }
  };
}
