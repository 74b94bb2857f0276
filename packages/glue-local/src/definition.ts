import { createHash } from 'node:crypto';
import {
  canonicalAvro,
  canonicalJson,
  InvalidAvroSchemaError,
  JsonTextError,
} from '@order-stream/serde/compatibility';
import { invalidInput } from './glue-error.ts';

export const dataFormats = ['AVRO', 'JSON', 'PROTOBUF'] as const;
export type DataFormat = (typeof dataFormats)[number];

/**
 * The fingerprint is equal for all spellings of one definition; this is what GetSchemaByDefinition
 * looks for. The fault says why the text is no definition of its format.
 */
export function readDefinition(
  dataFormat: DataFormat,
  definition: string,
): { fingerprint: string } | { fault: string } {
  try {
    const text = canonical(dataFormat, definition);
    return { fingerprint: createHash('sha256').update(text).digest('hex') };
  } catch (error) {
    if (
      error instanceof InvalidAvroSchemaError ||
      error instanceof JsonTextError ||
      error instanceof SyntaxError
    ) {
      return { fault: error.message };
    }
    throw error;
  }
}

/** @throws GlueError InvalidInputException when the text is no definition of its format */
export function fingerprint(dataFormat: DataFormat, definition: string): string {
  const read = readDefinition(dataFormat, definition);
  if ('fingerprint' in read) return read.fingerprint;
  throw invalidInput(`Schema definition of ${dataFormat} data format is invalid: ${read.fault}`);
}

function canonical(dataFormat: DataFormat, definition: string): string {
  switch (dataFormat) {
    case 'AVRO':
      return canonicalAvro(definition);
    case 'JSON': {
      const schema: unknown = JSON.parse(definition);
      if (typeof schema !== 'boolean' && (typeof schema !== 'object' || !schema)) {
        throw new SyntaxError('a JSON Schema is an object or a boolean');
      }
      return canonicalJson(definition);
    }
    case 'PROTOBUF':
      // Not parsed: the text is its own canonical form.
      return definition.trim();
  }
}
