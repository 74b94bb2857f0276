import type { ConfluentClient } from './confluent-client.ts';
import { bodyFor, bodyOf } from './confluent-errors.ts';
import type { ConfluentRegistry } from './confluent-options.ts';
import { type ReadConfluentSchema, requestVersion } from './confluent-schema.ts';

/** Lists schemas and versions for people and tools. */
export function createConfluentCatalog(
  request: ConfluentClient,
  readSchema: ReadConfluentSchema,
): Pick<ConfluentRegistry, 'schemaNames' | 'versionNumbers' | 'schemaVersion' | 'compatibilityOf'> {
  return {
    async *schemaNames({ pageSize = 100 } = {}) {
      let first: string | undefined;
      for (let offset = 0; ; offset += pageSize) {
        const path = `/subjects?offset=${offset}&limit=${pageSize}`;
        const page = bodyOf(await request<string[]>('GET', path));
        // Older registries have no pages and return all names for every request.
        if (offset > 0 && page[0] === first) return;
        first = page[0];
        yield* page;
        if (page.length !== pageSize) return;
      }
    },
    async versionNumbers(name) {
      const path = `/subjects/${encodeURIComponent(name)}/versions`;
      return [...bodyFor(name, await request<number[]>('GET', path))].sort((a, b) => a - b);
    },
    schemaVersion: async (name, version) =>
      await readSchema(bodyFor(name, await requestVersion(request, name, version)), {}),
    async compatibilityOf(name) {
      const path = `/config/${encodeURIComponent(name)}?defaultToGlobal=true`;
      const answer = await request<{ compatibilityLevel?: string }>('GET', path);
      const { compatibilityLevel = 'BACKWARD' } = bodyFor(name, answer);
      return compatibilityLevel.replace('_TRANSITIVE', '_ALL');
    },
  };
}
