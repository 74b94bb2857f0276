import { createHash } from 'node:crypto';
import { InvalidSchemaError } from '@order-stream/serde';
import {
  canonicalAvro,
  canonicalJson,
  canonicalProtobuf,
  InvalidAvroSchemaError,
  JsonTextError,
} from '@order-stream/serde/compatibility';
import { checkJsonSchema } from '@order-stream/serde/json-schema';
import { invalidInput } from './glue-error.ts';

export const dataFormats = ['AVRO', 'JSON', 'PROTOBUF'] as const;
export type DataFormat = (typeof dataFormats)[number];

/**
 * Every spelling of one definition has the same fingerprint, by which GetSchemaByDefinition finds it.
 * `fault`: why the text is not a definition of its format.
 */
export function readDefinition(
  dataFormat: DataFormat,
  definition: string,
): { fingerprint: string } | { fault: string } {
  try {
    const text = canonical(dataFormat, definition);
    return { fingerprint: createHash('sha256').update(text).digest('hex') };
  } catch (error) {
    if (isInvalidDefinition(error)) return { fault: reasonOf(error) };
    throw error;
  }
}

/** @throws GlueError InvalidInputException when the text is not a definition of its format */
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
      // First, because this limits how deep the text nests.
      const text = canonicalJson(definition);
      checkJsonSchema(definition);
      return text;
    }
    case 'PROTOBUF':
      return canonicalProtobuf(definition);
  }
}

/** Why a text is not a definition of its format. */
export function reasonOf({ message }: Error): string {
  return message.replace(/^unusable schema: /, '');
}

/** Whether the error means that a text is not a definition of its format. */
export function isInvalidDefinition(error: unknown): error is Error {
  return (
    error instanceof InvalidAvroSchemaError ||
    error instanceof InvalidSchemaError ||
    error instanceof JsonTextError
  );
}
