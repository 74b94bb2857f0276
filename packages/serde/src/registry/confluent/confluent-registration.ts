import { autoRegistrationIsOff, SchemaNotRegisteredError } from '../../errors.ts';
import type { DataFormat } from '../schema-registry.ts';
import type { Answer, ConfluentClient } from './confluent-client.ts';
import { asRequestError, asSchemaRefusal } from './confluent-errors.ts';
import type { ConfluentRegistry, ConfluentRegistryOptions } from './confluent-options.ts';
import type { ConfluentSchema, ReadConfluentSchema, SchemaAnswer } from './confluent-schema.ts';

// Confluent Platform documentation, "Schema Registry API Reference".
const subjectNotFound = 40401;

type Candidate = [schemaName: string, dataFormat: DataFormat, definition: string];

/** Finds versions by definition, and registers those that are absent. */
export function createConfluentRegistration(
  request: ConfluentClient,
  readSchema: ReadConfluentSchema,
  options: ConfluentRegistryOptions,
): Pick<ConfluentRegistry, 'schemaByDefinition' | 'registerVersion'> {
  const { autoRegistration = false, compatibility = 'BACKWARD', references = {} } = options;

  async function findOrRegister(...candidate: Candidate): Promise<ConfluentSchema> {
    const [schemaName] = candidate;
    const found = await send('', ...candidate);
    if (!found.refusal) return found.body;
    if (found.refusal.status !== 404) throw asSchemaRefusal(schemaName, found.refusal);
    if (!autoRegistration)
      throw new SchemaNotRegisteredError(schemaName, {}, autoRegistrationIsOff);
    if (found.refusal.errorCode === subjectNotFound) await setLevel(schemaName);
    return await register(...candidate);
  }

  async function setLevel(schemaName: string): Promise<void> {
    const path = `/config/${encodeURIComponent(schemaName)}`;
    const answer = await request('PUT', path, {
      compatibility: compatibility.replace('_ALL', '_TRANSITIVE'),
    });
    // 409: another writer is setting the level at the same time.
    if (answer.refusal && answer.refusal.status !== 409) throw asRequestError(answer.refusal);
  }

  async function register(...candidate: Candidate): Promise<ConfluentSchema> {
    const answer = await send('/versions', ...candidate);
    if (!answer.refusal) return answer.body;
    // 409 also answers a writer when another one has just registered the same definition.
    if (answer.refusal.status === 409) {
      const found = await send('', ...candidate);
      if (!found.refusal) return found.body;
    }
    throw asSchemaRefusal(candidate[0], answer.refusal);
  }

  /** Asks the subject for a definition; with the path `/versions`, registers it. */
  async function send(
    path: '' | '/versions',
    ...[name, schemaType, schema]: Candidate
  ): Promise<Answer<ConfluentSchema>> {
    const builtOn = references[name];
    const body = {
      schema,
      // Left out for AVRO, as Confluent's own clients do: older registries reject the field.
      ...(schemaType !== 'AVRO' && { schemaType }),
      ...(builtOn && {
        references: builtOn.map(({ name, subject, version }) => ({ name, subject, version })),
      }),
    };
    const subject = `/subjects/${encodeURIComponent(name)}`;
    const answer = await request<SchemaAnswer>('POST', `${subject}${path}`, body);
    if (answer.refusal) return answer;
    return { body: await readSchema(answer.body, { ...body, subject: name }, schema) };
  }

  return {
    schemaByDefinition: findOrRegister,
    registerVersion: (schemaName, definition, dataFormat = 'AVRO') =>
      register(schemaName, dataFormat, definition),
  };
}
