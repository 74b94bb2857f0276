import type { SchemaKey } from '../schema-table.ts';

/** The addresses of the page. They are stable: people keep them in tickets and documents. */
export const paths = {
  registries: () => '/',
  schemas: (query: Query = {}) => withQuery('/schemas', query),
  registry: (registry: string, query: Query = {}) =>
    withQuery(`/registries/${segment(registry)}`, query),
  schema: (key: SchemaKey, query: Query = {}) => withQuery(schemaPath(key), query),
  version: (key: SchemaKey, number: number) => `${schemaPath(key)}/versions/${number}`,
  definition: (key: SchemaKey, number: number) =>
    `${schemaPath(key)}/versions/${number}/definition`,
  compare: (key: SchemaKey, query: Query = {}) => withQuery(`${schemaPath(key)}/compare`, query),
  check: (key: SchemaKey) => `${schemaPath(key)}/check`,
  styleSheet: (digest: string) => `/_local/page-${digest}.css`,
};

export type Query = Readonly<Record<string, string | number | undefined>>;

function schemaPath({ registry, name }: SchemaKey): string {
  return `/registries/${segment(registry)}/schemas/${segment(name)}`;
}

// Browsers remove the path segments `.` and `..`, also as %2E. No name has a tilde.
function segment(name: string): string {
  return /^\.\.?$/.test(name) ? `~${name}` : encodeURIComponent(name);
}

/** The name in a path segment that is already percent-decoded. */
export function nameOf(segment: string): string {
  return /^~\.\.?$/.test(segment) ? segment.slice(1) : segment;
}

function withQuery(path: string, query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') given.set(name, String(value));
  }
  return given.size === 0 ? path : `${path}?${given}`;
}
