import { parseAvro } from './parse-avro.ts';
import { findIncompatibilities, type ReaderWriterIncompatibility } from './reader-writer.ts';

export const compatibilityModes = [
  'NONE',
  'DISABLED',
  'BACKWARD',
  'BACKWARD_ALL',
  'FORWARD',
  'FORWARD_ALL',
  'FULL',
  'FULL_ALL',
] as const;
export type CompatibilityMode = (typeof compatibilityModes)[number];

export interface Incompatibility extends Omit<ReaderWriterIncompatibility, 'type'> {
  type: ReaderWriterIncompatibility['type'] | 'VERSIONING_DISABLED';
  /** BACKWARD: the new schema cannot read the old one's data. FORWARD: the old cannot read the new one's. */
  direction: 'BACKWARD' | 'FORWARD';
  /** Index into `previous`. */
  previous: number;
}

export interface AvroCompatibility {
  compatible: boolean;
  incompatibilities: Incompatibility[];
}

/**
 * Whether a new version may follow the given ones (oldest first) under a mode of AWS Glue Schema
 * Registry. The plain modes look at the last version, the `_ALL` modes at every one; NONE at none;
 * DISABLED lets nothing follow.
 * @throws InvalidAvroSchemaError when one of the definitions is no Avro schema
 */
export function checkAvroCompatibility(question: {
  mode: CompatibilityMode;
  newSchema: string;
  previous: readonly string[];
}): AvroCompatibility {
  const { mode, newSchema, previous } = question;
  const proposed = parseAvro(newSchema);
  const incompatibilities: Incompatibility[] = [];
  const last = previous.length - 1;

  if (mode === 'DISABLED' && last >= 0) {
    incompatibilities.push({
      type: 'VERSIONING_DISABLED',
      location: '/',
      message: 'Compatibility DISABLED allows no version after the first',
      direction: 'BACKWARD',
      previous: last,
    });
  }
  if (mode !== 'DISABLED' && mode !== 'NONE') {
    for (let index = mode.endsWith('_ALL') ? 0 : Math.max(last, 0); index <= last; index += 1) {
      const existing = parseAvro(previous[index] ?? '');
      if (!mode.startsWith('FORWARD')) {
        for (const found of findIncompatibilities(proposed, existing)) {
          incompatibilities.push({ ...found, direction: 'BACKWARD', previous: index });
        }
      }
      if (!mode.startsWith('BACKWARD')) {
        for (const found of findIncompatibilities(existing, proposed)) {
          incompatibilities.push({ ...found, direction: 'FORWARD', previous: index });
        }
      }
    }
  }
  return { compatible: incompatibilities.length === 0, incompatibilities };
}
