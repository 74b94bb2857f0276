import {
  InvalidSchemaError,
  RegistryRequestError,
  SchemaNotRegisteredError,
  SchemaRefusedError,
  UndecodableError,
  UnknownSchemaError,
} from '../../errors.ts';
import { createSchemaCache, nameRefreshMs } from '../schema-cache.ts';
import type { DataFormat, SchemaReference } from '../schema-registry.ts';
import {
  type ConfluentRegistry,
  type ConfluentRegistryOptions,
  type ConfluentSchema,
  compatibilityLevels,
} from './confluent-options.ts';
import { type Answer, createConfluentRequest, type Refusal } from './confluent-request.ts';

export type { SchemaCatalog } from '../schema-catalog.ts';
export type {
  ConfluentCompatibility,
  ConfluentRegistry,
  ConfluentRegistryOptions,
  ConfluentSchema,
} from './confluent-options.ts';
export type { ConfluentAuth } from './confluent-request.ts';

/** What the API says of a schema; an answer has those fields that its question lacks. */
interface SchemaAnswer {
  id?: number;
  subject?: string;
  version?: number;
  schema?: string;
  schemaType?: string;
  references?: { name: string; subject: string; version: number }[];
}

// Error codes: Confluent Platform documentation, "Schema Registry API Reference".
const subjectNotFound = 40401;
const unreadableMemoryMs = 10_000;

/** Nothing is asked before the first call: a service can start while the registry is not to be reached. */
export function createConfluentRegistry(options: ConfluentRegistryOptions): ConfluentRegistry {
  const { autoRegistration = false, compatibility = 'BACKWARD', references = {} } = options;
  const { cacheSize = 1_000 } = options;
  const request = createConfluentRequest(options);
  const byId = createSchemaCache<ConfluentSchema>({
    maxEntries: cacheSize,
    // A burst of records that cannot be read must not become a burst of requests.
    failureMs: (error) => (error instanceof UndecodableError ? unreadableMemoryMs : 0),
  });
  const byDefinition = createSchemaCache<ConfluentSchema>({
    maxEntries: cacheSize,
    refreshAfterMs: nameRefreshMs,
  });
  const latest = createSchemaCache<ConfluentSchema>({
    maxEntries: cacheSize,
    refreshAfterMs: nameRefreshMs,
  });
  const byVersion = createSchemaCache<SchemaAnswer>({ maxEntries: cacheSize });

  async function fetchById(id: string): Promise<ConfluentSchema> {
    const answer = await request<SchemaAnswer>('GET', `/schemas/ids/${encodeURIComponent(id)}`);
    if (answer.refusal) {
      if (answer.refusal.status !== 404) throw requestError(answer.refusal);
      throw new UnknownSchemaError(id);
    }
    return await registeredSchema(answer.body, { id: Number(id) });
  }

  function fetchVersion(
    subject: string,
    version: number | 'latest',
  ): Promise<Answer<SchemaAnswer>> {
    return request('GET', `/subjects/${encodeURIComponent(subject)}/versions/${version}`);
  }

  async function fetchNumbered(
    schemaName: string,
    version: number | 'latest',
  ): Promise<ConfluentSchema> {
    const answer = bodyFor(schemaName, await fetchVersion(schemaName, version));
    return await registeredSchema(answer, {});
  }

  async function* schemaNames({ pageSize = 100 } = {}): AsyncGenerator<string> {
    let first: string | undefined;
    for (let offset = 0; ; offset += pageSize) {
      const path = `/subjects?offset=${offset}&limit=${pageSize}`;
      const page = bodyOf(await request<string[]>('GET', path));
      // A registry from before there were pages gives everything, every time.
      if (offset > 0 && page[0] === first) return;
      first = page[0];
      yield* page;
      if (page.length !== pageSize) return;
    }
  }

  async function findOrRegister(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
  ): Promise<ConfluentSchema> {
    const subject = `/subjects/${encodeURIComponent(schemaName)}`;
    const question = questionOf(schemaName, dataFormat, definition);
    const found = await request<SchemaAnswer>('POST', subject, question);
    if (!found.refusal) return await registeredSchema(found.body, question, definition);
    if (found.refusal.status !== 404) throw refused(schemaName, found.refusal);
    if (!autoRegistration) throw new SchemaNotRegisteredError(schemaName);
    if (found.refusal.errorCode === subjectNotFound) await setLevel(schemaName);
    return await register(schemaName, dataFormat, definition);
  }

  async function setLevel(schemaName: string): Promise<void> {
    const path = `/config/${encodeURIComponent(schemaName)}`;
    const answer = await request('PUT', path, {
      compatibility: compatibilityLevels[compatibility],
    });
    // 409: another writer is setting it at this moment.
    if (answer.refusal && answer.refusal.status !== 409) throw requestError(answer.refusal);
  }

  async function register(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
  ): Promise<ConfluentSchema> {
    const subject = `/subjects/${encodeURIComponent(schemaName)}`;
    const question = questionOf(schemaName, dataFormat, definition);
    const answer = await request<SchemaAnswer>('POST', `${subject}/versions`, question);
    if (!answer.refusal) {
      return await registeredSchema(answer.body, { ...question, subject: schemaName }, definition);
    }
    // 409 is also what a writer gets that another one was a moment ahead of.
    if (answer.refusal.status === 409) {
      const found = await request<SchemaAnswer>('POST', subject, question);
      if (!found.refusal) return await registeredSchema(found.body, question, definition);
    }
    throw refused(schemaName, answer.refusal);
  }

  function questionOf(schemaName: string, schemaType: DataFormat, schema: string) {
    const builtOn = references[schemaName];
    return {
      schema,
      // Left out for AVRO, as Confluent's own clients do: registries from before there were types refuse the field.
      ...(schemaType !== 'AVRO' && { schemaType }),
      ...(builtOn && {
        references: builtOn.map(({ name, subject, version }) => ({ name, subject, version })),
      }),
    };
  }

  /** From an answer, `known` where it is silent, and the writer's own text rather than the registry's rendering of it. */
  async function registeredSchema(
    answer: SchemaAnswer,
    known: SchemaAnswer,
    definition?: string,
  ): Promise<ConfluentSchema> {
    const {
      id,
      subject,
      version,
      schema,
      schemaType = 'AVRO',
      references: named = [],
    } = { ...known, ...answer };
    const text = definition ?? schema;
    if (!isDataFormat(schemaType))
      throw new InvalidSchemaError(`data format ${schemaType} is not read here`, String(id));
    if (typeof id !== 'number' || typeof text !== 'string') {
      throw new RegistryRequestError('an answer without id or schema: is the base path right?');
    }
    const resolved = await resolve(named);
    return Object.freeze({
      schemaId: id,
      ...(subject !== undefined && { name: subject }),
      ...(version !== undefined && { versionNumber: version }),
      dataFormat: schemaType,
      definition: text,
      ...(resolved.length > 0 && { references: Object.freeze(resolved) }),
    });
  }

  /** What a definition builds on, and what that builds on, each before those that refer to it. */
  async function resolve(
    named: NonNullable<SchemaAnswer['references']>,
  ): Promise<SchemaReference[]> {
    const resolved = new Map<string, SchemaReference>();
    const underway = new Set<string>();
    async function visit(list: typeof named): Promise<void> {
      for (const { name, subject, version } of list) {
        const key = `${subject}\0${version}`;
        if (underway.has(key)) continue;
        underway.add(key);
        const answer = await byVersion(key, async () =>
          bodyOf(await fetchVersion(subject, version)),
        );
        await visit(answer.references ?? []);
        resolved.set(
          key,
          Object.freeze({ name, subject, version, definition: answer.schema ?? '' }),
        );
      }
    }
    await visit(named);
    return [...resolved.values()];
  }

  return {
    framing: 'confluent',
    source: request.root,
    schemaById: (id) => byId(id, () => fetchById(id)),
    schemaByDefinition: (schemaName, dataFormat, definition) =>
      byDefinition(`${dataFormat}\0${schemaName}\0${definition}`, () =>
        findOrRegister(schemaName, dataFormat, definition),
      ),
    latestSchema: (schemaName) => latest(schemaName, () => fetchNumbered(schemaName, 'latest')),
    schemaNames,
    schemaVersion: fetchNumbered,
    async versionNumbers(schemaName) {
      const path = `/subjects/${encodeURIComponent(schemaName)}/versions`;
      return [...bodyFor(schemaName, await request<number[]>('GET', path))].sort((a, b) => a - b);
    },
    async compatibilityOf(schemaName) {
      const path = `/config/${encodeURIComponent(schemaName)}?defaultToGlobal=true`;
      interface Level {
        compatibilityLevel?: string;
      }
      const { compatibilityLevel = 'BACKWARD' } = bodyFor(
        schemaName,
        await request<Level>('GET', path),
      );
      return compatibilityLevel.replace('_TRANSITIVE', '_ALL');
    },
    registerVersion: (schemaName, definition, dataFormat = 'AVRO') =>
      register(schemaName, dataFormat, definition),
    check: async () => {
      // The cheapest question that every version of the API answers.
      bodyOf(await request('GET', '/schemas/types'));
    },
    close() {},
  };
}

function bodyOf<T>(answer: Answer<T>): T {
  if (answer.refusal) throw requestError(answer.refusal);
  return answer.body;
}

/** What is not found is the schema's absence. */
function bodyFor<T>(schemaName: string, answer: Answer<T>): T {
  if (answer.refusal?.status === 404) throw new SchemaNotRegisteredError(schemaName);
  return bodyOf(answer);
}

function requestError({ errorCode, message }: Refusal): RegistryRequestError {
  return new RegistryRequestError(`${errorCode} ${message}`);
}

/** Incompatible (409) or malformed (422): what the schema is at fault for. */
function refused(schemaName: string, refusal: Refusal): Error {
  if (refusal.status !== 409 && refusal.status !== 422) return requestError(refusal);
  return new SchemaRefusedError({ schemaName, reason: refusal.message });
}

function isDataFormat(schemaType: string): schemaType is DataFormat {
  return schemaType === 'AVRO' || schemaType === 'JSON' || schemaType === 'PROTOBUF';
}
