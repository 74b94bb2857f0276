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

/** Why data of the writer schema cannot be read with the reader schema. */
export interface ReaderWriterFault {
  type: string;
  /** Place in the reader schema, in the notation of its format. */
  location: string;
  /** Absolute paths to the place in both schemas, as far as it exists. */
  readerLocation: string;
  writerLocation: string;
  message: string;
}

export interface Incompatibility {
  type: string;
  /** Place in the reader schema. For Avro relative to the innermost union branch, as Avro reports it. */
  location: string;
  /** JSON pointer in the new schema; for Protobuf the path of names. */
  newLocation: string;
  /** JSON pointer in the previous schema; for Protobuf the path of names. */
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

/** A proposed schema and its history. */
export interface CompatibilityQuestion {
  mode: CompatibilityMode;
  newSchema: string;
  /** Oldest first. */
  previous: readonly string[];
}

/**
 * Whether a new version may follow the given ones under a mode of AWS Glue Schema Registry. The plain modes
 * compare with the last version, the `_ALL` modes with each, NONE with none; DISABLED allows no further version.
 * Throws what `parse` throws.
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
  if (mode === 'DISABLED' || mode === 'NONE') return verdict();
  for (let index = mode.endsWith('_ALL') ? 0 : Math.max(last, 0); index <= last; index += 1) {
    const existing = parse(previous[index] ?? '');
    if (!mode.startsWith('FORWARD')) add('BACKWARD', index, findFaults(proposed, existing));
    if (!mode.startsWith('BACKWARD')) add('FORWARD', index, findFaults(existing, proposed));
  }
  return verdict();

  function verdict(): Compatibility {
    return { compatible: incompatibilities.length === 0, incompatibilities };
  }

  function add(
    direction: Incompatibility['direction'],
    version: number,
    faults: readonly ReaderWriterFault[],
  ) {
    for (const { readerLocation: reader, writerLocation: writer, ...rest } of faults) {
      const [newLocation, previousLocation] =
        direction === 'BACKWARD' ? [reader, writer] : [writer, reader];
      incompatibilities.push({
        ...rest,
        newLocation,
        previousLocation,
        direction,
        previous: version,
      });
    }
  }
}
