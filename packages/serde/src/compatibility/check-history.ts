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

/** Why what is written by one schema cannot be read by another. */
export interface ReaderWriterFault {
  type: string;
  /** Where, in the reader's schema, as its format says it. */
  location: string;
  /** Absolute paths to the place in both schemas; as far as there is one. */
  readerLocation: string;
  writerLocation: string;
  message: string;
}

export interface Incompatibility {
  type: string;
  /** Where, in the schema that reads. Of Avro relative to the innermost union branch, as Avro itself says it. */
  location: string;
  /** JSON pointer in the new schema; of Protobuf the path of names. */
  newLocation: string;
  /** JSON pointer in the previous schema; of Protobuf the path of names. */
  previousLocation: string;
  message: string;
  /** BACKWARD: the new schema cannot read the old one's data. FORWARD: the old cannot read the new one's. */
  direction: 'BACKWARD' | 'FORWARD';
  /** Index into `previous`. */
  previous: number;
}

export interface Compatibility {
  compatible: boolean;
  incompatibilities: Incompatibility[];
}

/** What is asked of every format. */
export interface CompatibilityQuestion {
  mode: CompatibilityMode;
  newSchema: string;
  /** Oldest first. */
  previous: readonly string[];
}

/**
 * Whether a new version may follow the given ones under a mode of AWS Glue Schema Registry. The plain
 * modes look at the last version, the `_ALL` modes at every one; NONE at none; DISABLED lets nothing
 * follow. Throws what `parse` throws.
 */
export function checkHistory<Schema>(
  { mode, newSchema, previous }: CompatibilityQuestion,
  parse: (definition: string) => Schema,
  findFaults: (reader: Schema, writer: Schema) => readonly ReaderWriterFault[],
): Compatibility {
  const proposed = parse(newSchema);
  const incompatibilities: Incompatibility[] = [];
  const last = previous.length - 1;

  if (mode === 'DISABLED' && last >= 0) {
    incompatibilities.push({
      type: 'VERSIONING_DISABLED',
      location: '/',
      newLocation: '',
      previousLocation: '',
      message: 'Compatibility DISABLED allows no version after the first',
      direction: 'BACKWARD',
      previous: last,
    });
  }
  if (mode !== 'DISABLED' && mode !== 'NONE') {
    for (let index = mode.endsWith('_ALL') ? 0 : Math.max(last, 0); index <= last; index += 1) {
      const existing = parse(previous[index] ?? '');
      if (!mode.startsWith('FORWARD')) {
        for (const fault of findFaults(proposed, existing)) {
          const { readerLocation: newLocation, writerLocation: previousLocation, ...rest } = fault;
          const direction = 'BACKWARD';
          incompatibilities.push({
            ...rest,
            newLocation,
            previousLocation,
            direction,
            previous: index,
          });
        }
      }
      if (!mode.startsWith('BACKWARD')) {
        for (const fault of findFaults(existing, proposed)) {
          const { readerLocation: previousLocation, writerLocation: newLocation, ...rest } = fault;
          const direction = 'FORWARD';
          incompatibilities.push({
            ...rest,
            newLocation,
            previousLocation,
            direction,
            previous: index,
          });
        }
      }
    }
  }
  return { compatible: incompatibilities.length === 0, incompatibilities };
}
