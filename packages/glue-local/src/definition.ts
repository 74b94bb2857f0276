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
  return resultOrFault(() => canonical(dataFormat, definition)).fault;
}

/** The result of `read`, or why a text that it reads is not a definition of its format. */
export function resultOrFault<Result>(
  read: () => Result,
):
  | { readonly result: Result; readonly fault?: undefined }
  | { readonly result?: undefined; readonly fault: string } {
  try {
    return { result: read() };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** @throws GlueError InvalidInputException when `read` throws that a text is not a definition of its format */
export function orInvalidInput<Result>(dataFormat: DataFormat, read: () => Result): Result {
  const found = resultOrFault(read);
  if (found.fault === undefined) return found.result;
  throw invalidInput(`Schema definition of ${dataFormat} data format is invalid: ${found.fault}`);
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
