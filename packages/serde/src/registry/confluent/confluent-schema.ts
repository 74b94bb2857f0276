import { InvalidSchemaError, RegistryRequestError } from '../../errors.ts';
import { createSchemaCache } from '../schema-cache.ts';
import { isDataFormat, type RegisteredSchema, type SchemaReference } from '../schema-registry.ts';
import type { Answer, ConfluentClient } from './confluent-client.ts';
import { bodyOf } from './confluent-errors.ts';
import { isReferenceList, type NamedReference, shaped } from './confluent-shapes.ts';

/** A version in a Confluent-compatible registry: its id is known, or only its GUID if it was asked for by that. */
export type ConfluentSchema = RegisteredSchema &
  ({ readonly schemaId: number } | { readonly schemaGuid: string });

/** The API's description of a version. An answer leaves out the fields that its request gave. */
export interface SchemaAnswer {
  id?: number;
  guid?: string;
  subject?: string;
  version?: number;
  schema?: string;
  schemaType?: string;
  references?: NamedReference[];
}

/**
 * Makes a schema of an answer.
 *
 * @param known stands in for fields that the answer leaves out
 * @param definition the writer's own text, in place of the registry's rendering of it
 */
export type ReadConfluentSchema = (
  answer: SchemaAnswer,
  known: SchemaAnswer,
  definition?: string,
) => Promise<ConfluentSchema>;

/** The versions that a definition refers to are fetched once. */
export function createConfluentSchemas(
  request: ConfluentClient,
  cacheSize: number,
): ReadConfluentSchema {
  const byVersion = createSchemaCache<SchemaAnswer>({ maxEntries: cacheSize });

  /** The references of a definition and theirs in turn, each before those that refer to it. */
  async function resolve(named: readonly NamedReference[]): Promise<SchemaReference[]> {
    const resolved: SchemaReference[] = [];
    const visited = new Set<string>();
    async function visit(list: readonly NamedReference[]): Promise<void> {
      for (const { name, subject, version } of list) {
        const key = `${subject}\0${version}`;
        if (visited.has(key)) continue;
        visited.add(key);
        const answer = await byVersion(key, async () =>
          bodyOf(await requestVersion(request, subject, version)),
        );
        await visit(referencesOf(answer.references));
        const { schema: definition } = shaped<{ schema: string }>(
          answer,
          'schema',
          () => typeof answer.schema === 'string',
        );
        resolved.push(Object.freeze({ name, subject, version, definition }));
      }
    }
    await visit(named);
    return resolved;
  }

  return async (answer, known, definition) => {
    const merged = { ...known, ...answer };
    const { id, guid, subject, version, schemaType = 'AVRO', references: named } = merged;
    const text = definition ?? merged.schema;
    if (!isDataFormat(schemaType))
      throw new InvalidSchemaError(
        `data format ${schemaType} is not supported`,
        String(id ?? guid),
      );
    if ((typeof id !== 'number' && guid === undefined) || typeof text !== 'string') {
      throw new RegistryRequestError(
        'expected an answer with id and schema; check the base path in the URL',
      );
    }
    const isNamed =
      (subject === undefined || typeof subject === 'string') &&
      (version === undefined || Number.isSafeInteger(version));
    shaped(merged, 'subject and version', () => isNamed);
    const references = await resolve(referencesOf(named));
    return Object.freeze({
      ...(id !== undefined && { schemaId: id }),
      ...(guid !== undefined && { schemaGuid: guid.toLowerCase() }),
      ...(subject !== undefined && { name: subject }),
      ...(version !== undefined && { versionNumber: version }),
      dataFormat: schemaType,
      definition: text,
      ...(references.length > 0 && { references: Object.freeze(references) }),
    }) as ConfluentSchema;
  };
}

function referencesOf(answer: unknown = []): NamedReference[] {
  return shaped(answer ?? [], 'references', isReferenceList);
}

export function requestVersion(
  request: ConfluentClient,
  subject: string,
  version: number | 'latest',
): Promise<Answer<SchemaAnswer>> {
  return request('GET', `/subjects/${encodeURIComponent(subject)}/versions/${version}`);
}
