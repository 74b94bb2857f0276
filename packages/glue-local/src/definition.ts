import { createHash } from 'node:crypto';
import { type DataFormat, InvalidSchemaError } from '@order-stream/serde';
import {
  canonicalAvro,
  canonicalJson,
  canonicalProtobuf,
  InvalidAvroSchemaError,
  JsonTextError,
} from '@order-stream/serde/compatibility';
import { checkJsonSchema } from '@order-stream/serde/json-schema';
import { invalidInput } from './glue-error.ts';

/**
 * Every spelling of one definition has the same fingerprint, by which GetSchemaByDefinition finds it.
 * @throws GlueError InvalidInputException when the text is not a definition of its format
 */
export function fingerprint(dataFormat: DataFormat, definition: string): string {
  const text = orInvalidInput(dataFormat, () => canonical(dataFormat, definition));
  return createHash('sha256').update(text).digest('hex');
}

/** Why the text is not a definition of its format; undefined when it is one. */
export function definitionFault(dataFormat: DataFormat, definition: string): string | undefined {
  try {
    canonical(dataFormat, definition);
    return undefined;
  } catch (error) {
    return faultOf(error);
  }
}

/** @throws GlueError InvalidInputException when `read` throws that a text is not a definition of its format */
export function orInvalidInput<Result>(dataFormat: DataFormat, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const fault = faultOf(error);
    throw invalidInput(`Schema definition of ${dataFormat} data format is invalid: ${fault}`);
  }
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

/** @throws the error unless it means that a text is not a definition of its format */
function faultOf(error: unknown): string {
  if (
    error instanceof InvalidAvroSchemaError ||
    error instanceof InvalidSchemaError ||
    error instanceof JsonTextError
  ) {
    return error.message.replace(/^unusable schema: /, '');
  }
  throw error;
}
