import { SchemaNotRegisteredError } from '../../errors.ts';
import type { DataFormat } from '../schema-registry.ts';
import type { ConfluentClient } from './confluent-client.ts';
import { asRequestError, asSchemaRefusal } from './confluent-errors.ts';
import type { ConfluentRegistry, ConfluentRegistryOptions } from './confluent-options.ts';
import type { ConfluentSchema, ReadConfluentSchema, SchemaAnswer } from './confluent-schema.ts';

// Confluent Platform documentation, "Schema Registry API Reference".
const subjectNotFound = 40401;

/** Finds versions by definition, and registers those that are absent. */
export function createConfluentRegistration(
  request: ConfluentClient,
  readSchema: ReadConfluentSchema,
  options: ConfluentRegistryOptions,
): Pick<ConfluentRegistry, 'schemaByDefinition' | 'registerVersion'> {
  const { autoRegistration = false, compatibility = 'BACKWARD', references = {} } = options;

  async function findOrRegister(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
  ): Promise<ConfluentSchema> {
    const subject = `/subjects/${encodeURIComponent(schemaName)}`;
    const body = requestBody(schemaName, dataFormat, definition);
    const found = await request<SchemaAnswer>('POST', subject, body);
    if (!found.refusal) return await readSchema(found.body, body, definition);
    if (found.refusal.status !== 404) throw asSchemaRefusal(schemaName, found.refusal);
    if (!autoRegistration) throw new SchemaNotRegisteredError(schemaName);
    if (found.refusal.errorCode === subjectNotFound) await setLevel(schemaName);
    return await register(schemaName, dataFormat, definition);
  }

  async function setLevel(schemaName: string): Promise<void> {
    const path = `/config/${encodeURIComponent(schemaName)}`;
    const answer = await request('PUT', path, {
      compatibility: compatibility.replace('_ALL', '_TRANSITIVE'),
    });
    // 409: another writer is setting the level at the same time.
    if (answer.refusal && answer.refusal.status !== 409) throw asRequestError(answer.refusal);
  }

  async function register(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
  ): Promise<ConfluentSchema> {
    const subject = `/subjects/${encodeURIComponent(schemaName)}`;
    const body = requestBody(schemaName, dataFormat, definition);
    const answer = await request<SchemaAnswer>('POST', `${subject}/versions`, body);
    if (!answer.refusal) {
      return await readSchema(answer.body, { ...body, subject: schemaName }, definition);
    }
    // 409 also answers a writer when another one has just registered the same definition.
    if (answer.refusal.status === 409) {
      const found = await request<SchemaAnswer>('POST', subject, body);
      if (!found.refusal) return await readSchema(found.body, body, definition);
    }
    throw asSchemaRefusal(schemaName, answer.refusal);
  }

  function requestBody(schemaName: string, schemaType: DataFormat, schema: string) {
    const builtOn = references[schemaName];
    return {
      schema,
      // Left out for AVRO, as Confluent's own clients do: older registries reject the field.
      ...(schemaType !== 'AVRO' && { schemaType }),
      ...(builtOn && {
        references: builtOn.map(({ name, subject, version }) => ({ name, subject, version })),
      }),
    };
  }

  return {
    schemaByDefinition: findOrRegister,
    registerVersion: (schemaName, definition, dataFormat = 'AVRO') =>
      register(schemaName, dataFormat, definition),
  };
}
