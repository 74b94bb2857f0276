import type { GetSchemaVersionResponse } from '@aws-sdk/client-glue';
import { InvalidSchemaError, RegistryRequestError } from '../../errors.ts';
import { isDataFormat, type RegisteredSchema } from '../schema-registry.ts';

/** A version in a Glue registry: its id is known. */
export type GlueSchema = RegisteredSchema & { readonly schemaVersionId: string };

/** Glue's answers about a version. */
export type GlueVersion = Omit<GetSchemaVersionResponse, 'SchemaArn' | 'CreatedTime'>;

/**
 * @throws InvalidSchemaError for a data format that this package does not read
 * @throws RegistryRequestError the answer is not one of Glue
 */
export function glueSchema(version: GlueVersion, name: string | undefined): GlueSchema {
  const { SchemaVersionId: schemaVersionId = '', VersionNumber: versionNumber } = version;
  const { DataFormat: dataFormat, SchemaDefinition: definition = '' } = version;
  if (!isDataFormat(dataFormat)) {
    throw new InvalidSchemaError(`data format ${dataFormat} is not supported`, schemaVersionId);
  }
  // The SDK passes on what another kind of server answers.
  if (typeof definition !== 'string' || typeof schemaVersionId !== 'string') {
    throw new RegistryRequestError('expected the text of a schema; check the endpoint of Glue');
  }
  return Object.freeze({
    schemaVersionId,
    ...(name !== undefined && { name }),
    ...(versionNumber !== undefined && { versionNumber }),
    dataFormat,
    definition,
  });
}
