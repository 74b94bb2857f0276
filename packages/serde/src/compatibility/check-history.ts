import { SerdeError } from '../errors.ts';
import { type CompatibilityMode, compatibilityModes } from '../registry/compatibility-modes.ts';
import type { SchemaText } from '../registry/schema-registry.ts';
import { createFaultPrinter, type Fault, type ReaderWriterFault } from './fault.ts';

/** One reason why a schema is not compatible, and its place in both schemas. */
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

/**
 * The verdict on a new version, with the reasons against it: for each previous version and direction at most 1000, and fewer
 * if their texts have more than 1 000 000 characters together.
 */
export interface Compatibility {
  compatible: boolean;
  incompatibilities: Incompatibility[];
}

/** A proposed schema and its history. */
export interface CompatibilityQuestion {
  mode: CompatibilityMode;
  /** A text, or a definition with the schemas that it refers to. */
  newSchema: string | SchemaText;
  /** Oldest first. */
  previous: readonly (string | SchemaText)[];
}

export function schemaTextOf(schema: string | SchemaText): SchemaText {
  return typeof schema === 'string' ? { definition: schema } : schema;
}

/** The indexes of the previous versions that the mode compares with, oldest first. */
export function comparedVersions({
  mode,
  previous,
}: Pick<CompatibilityQuestion, 'mode' | 'previous'>): number[] {
  if (mode === 'DISABLED' || mode === 'NONE') return [];
  return [...previous.keys()].slice(mode.endsWith('_ALL') ? 0 : -1);
}

/**
 * Checks what types cannot where a program is JavaScript. Without it, a misspelt mode would be taken for another one.
 *
 * @throws TypeError
 */
export function checkQuestion(question: CompatibilityQuestion): void {
  const { mode, newSchema, previous } = question ?? {};
  if (!compatibilityModes.includes(mode))
    throw new TypeError(`mode: expected one of ${compatibilityModes.join(', ')}`);
  if (!isSchema(newSchema)) throw new TypeError('newSchema: expected a text or { definition }');
  if (!Array.isArray(previous) || !previous.every(isSchema))
    throw new TypeError('previous: expected an array of texts or { definition }');
}

function isSchema(schema: string | SchemaText | undefined): boolean {
  return typeof schema === 'string' || typeof schema?.definition === 'string';
}

/** Why the reader's schema cannot read what the writer's writes; empty if it can. Throws what `parse` throws. */
export function findReadFaults<Schema>(
  [reader, writer]: readonly [SchemaText, SchemaText],
  parse: (schema: SchemaText) => Schema,
  findFaults: (reader: Schema, writer: Schema) => readonly Fault[],
): readonly ReaderWriterFault[] {
  return createFaultPrinter()(findFaults(parse(reader), parse(writer)));
}

/**
 * Whether a new version may follow the given ones under a mode of AWS Glue Schema Registry. The plain modes
 * compare with the last version, the `_ALL` modes with each, NONE with none; DISABLED allows no further version.
 *
 * @throws TypeError the question is not one
 * @throws what `parse` throws, with `previous[0]: ` and so on before the message if a previous version is at fault
 */
export function checkHistory<Schema>(
  question: CompatibilityQuestion,
  parse: (schema: SchemaText) => Schema,
  findFaults: (reader: Schema, writer: Schema) => readonly Fault[],
): Compatibility {
  checkQuestion(question);
  const { mode, newSchema, previous } = question;
  const incompatibilities: Incompatibility[] = [];
  const printFaults = createFaultPrinter();
  const last = previous.length - 1;
  const proposed = parse(schemaTextOf(newSchema));
  if (mode === 'DISABLED' && last >= 0) add('BACKWARD', last, [versioningDisabled]);
  for (const index of comparedVersions({ mode, previous })) {
    const existing = parsePrevious(index);
    if (!mode.startsWith('FORWARD')) add('BACKWARD', index, findFaults(proposed, existing));
    if (!mode.startsWith('BACKWARD')) add('FORWARD', index, findFaults(existing, proposed));
  }
  return { compatible: incompatibilities.length === 0, incompatibilities };

  function parsePrevious(index: number): Schema {
    try {
      return parse(schemaTextOf(previous[index] ?? ''));
    } catch (error) {
      // Without this, the message would be taken for one about the new schema.
      if (error instanceof SerdeError) error.message = `previous[${index}]: ${error.message}`;
      throw error;
    }
  }

  function add(direction: Incompatibility['direction'], version: number, faults: readonly Fault[]) {
    for (const { readerLocation: reader, writerLocation: writer, ...rest } of printFaults(faults)) {
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

const versioningDisabled: Fault = {
  type: 'VERSIONING_DISABLED',
  reader: undefined,
  writer: undefined,
  message: 'Compatibility DISABLED allows no version after the first',
  location: () => '/',
};
