import { UnknownSchemaError } from '../../errors.ts';
import type { NamedVersion } from '../kept-answers.ts';
import type { SchemaCatalog } from '../schema-catalog.ts';
import { idOf, type RegisteredSchema } from '../schema-registry.ts';
import type { ConfluentClient } from './confluent-client.ts';
import { bodyFor, bodyOf } from './confluent-errors.ts';
import type { ConfluentRegistry } from './confluent-options.ts';
import { type ReadConfluentSchema, requestVersion, type SchemaAnswer } from './confluent-schema.ts';
import { isNameList, isNumberList, isSubjectList, shaped } from './confluent-shapes.ts';

const defaultContext = '.';

/** Finds schemas and versions by id and by name. */
export function createConfluentCatalog(
  request: ConfluentClient,
  readSchema: ReadConfluentSchema,
): SchemaCatalog &
  Pick<ConfluentRegistry, 'schemaById' | 'schemaVersion'> & {
    versionsOf(writer: RegisteredSchema): Promise<NamedVersion[]>;
  } {
  /** The id: a schema that was asked for by its GUID has none, and can have one in each context. */
  async function numberOf(writer: RegisteredSchema): Promise<string> {
    const { schemaId, schemaGuid } = writer;
    if (schemaId !== undefined || schemaGuid === undefined) return idOf(writer) ?? '';
    const path = `/schemas/guids/${encodeURIComponent(schemaGuid)}/ids`;
    const answer = await request<{ context: string; id: number }[]>('GET', path);
    const ids = bodyFor(schemaGuid, answer, UnknownSchemaError);
    const { id } = ids.find(({ context }) => context === defaultContext) ?? ids[0] ?? {};
    if (id === undefined) throw new UnknownSchemaError(schemaGuid);
    return String(id);
  }

  return {
    async versionsOf(writer) {
      const id = await numberOf(writer);
      const path = `/schemas/ids/${encodeURIComponent(id)}/versions`;
      const answer = await request<unknown>('GET', path);
      const body = bodyFor(id, answer, UnknownSchemaError);
      const versions = shaped<{ subject: string; version: number }[]>(
        body,
        'subjects and versions',
        isSubjectList,
      );
      const newest = new Map<string, number>();
      for (const { subject, version } of versions)
        newest.set(subject, Math.max(version, newest.get(subject) ?? 0));
      return [...newest].map(([name, versionNumber]) => ({ name, versionNumber }));
    },
    async schemaById(id) {
      if (id.includes('-')) {
        const path = `/schemas/guids/${encodeURIComponent(id)}`;
        const answer = bodyFor(id, await request<SchemaAnswer>('GET', path), UnknownSchemaError);
        return await readSchema(answer, { guid: id });
      }
      const answer = await request<SchemaAnswer>('GET', `/schemas/ids/${encodeURIComponent(id)}`);
      return await readSchema(bodyFor(id, answer, UnknownSchemaError), { id: Number(id) });
    },
    async *schemaNames({ pageSize = 100 } = {}) {
      let first: string | undefined;
      for (let offset = 0; ; offset += pageSize) {
        const path = `/subjects?offset=${offset}&limit=${pageSize}`;
        const answer = bodyOf(await request<unknown>('GET', path));
        const page = shaped<string[]>(answer, 'a list of names', isNameList);
        // Older registries have no pages and return all names for every request.
        if (offset > 0 && page[0] === first) return;
        first = page[0];
        yield* page;
        if (page.length !== pageSize) return;
      }
    },
    async versionNumbers(name) {
      const path = `/subjects/${encodeURIComponent(name)}/versions`;
      const answer = bodyFor(name, await request<unknown>('GET', path));
      const numbers = shaped<number[]>(answer, 'a list of version numbers', isNumberList);
      return [...numbers].sort((a, b) => a - b);
    },
    schemaVersion: async (name, version) =>
      await readSchema(bodyFor(name, await requestVersion(request, name, version)), {}),
    async compatibilityOf(name) {
      const path = `/config/${encodeURIComponent(name)}?defaultToGlobal=true`;
      const answer = await request<{ compatibilityLevel?: string }>('GET', path);
      const { compatibilityLevel = 'BACKWARD' } = bodyFor(name, answer);
      const isLevel = typeof compatibilityLevel === 'string';
      shaped(compatibilityLevel, 'compatibilityLevel', () => isLevel);
      return compatibilityLevel.replace('_TRANSITIVE', '_ALL');
    },
  };
}
