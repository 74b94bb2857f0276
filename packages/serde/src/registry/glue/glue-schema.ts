import type { GetSchemaVersionResponse } from '@aws-sdk/client-glue';
import { InvalidSchemaError } from '../../errors.ts';
import { isDataFormat, type RegisteredSchema } from '../schema-registry.ts';

/** A version in a Glue registry: its id is known. */
export type GlueSchema = RegisteredSchema & { readonly schemaVersionId: string };

/** Glue's answers about a version. */
export type GlueVersion = Omit<GetSchemaVersionResponse, 'SchemaArn' | 'CreatedTime'>;

/** @throws InvalidSchemaError for a data format that this package does not read */
export function glueSchema(version: GlueVersion, name: string | undefined): GlueSchema {
  const { SchemaVersionId: schemaVersionId = '', VersionNumber: versionNumber } = version;
  const { DataFormat: dataFormat, SchemaDefinition: definition = '' } = version;
  if (!isDataFormat(dataFormat)) {
    throw new InvalidSchemaError(`data format ${dataFormat} is not supported`, schemaVersionId);
  }
  return Object.freeze({
    schemaVersionId,
    ...(name !== undefined && { name }),
    ...(versionNumber !== undefined && { versionNumber }),
    dataFormat,
    definition,
  });
}
