import { isObject } from './each-schema.ts';
import { invalidAt } from './invalid-at.ts';

/** The supported drafts of JSON Schema. */
export type Draft = '04' | '06' | '07' | '2019-09' | '2020-12';

const drafts: Record<string, Draft> = {
  'json-schema.org/schema': '04',
  'json-schema.org/draft-04/schema': '04',
  'json-schema.org/draft-06/schema': '06',
  'json-schema.org/draft-07/schema': '07',
  'json-schema.org/draft/2019-09/schema': '2019-09',
  'json-schema.org/draft/2020-12/schema': '2020-12',
};

/**
 * The draft that a schema names in `$schema`, or `unnamed` if it names none.
 *
 * @throws InvalidSchemaError `$schema` names an unsupported draft
 */
export function draftOf(schema: unknown, unnamed: Draft): Draft {
  if (!isObject(schema) || !Object.hasOwn(schema, '$schema')) return unnamed;
  const { $schema } = schema;
  if (typeof $schema !== 'string') throw invalidAt('/$schema', 'expected a string');
  const draft = draftNamed($schema);
  if (!draft) throw invalidAt('/$schema', 'expected draft 04, 06, 07, 2019-09 or 2020-12');
  return draft;
}

/** The draft that a schema names in `$schema`, or `otherwise` if it names none or an unsupported one. */
export function draftNamedIn<Otherwise extends Draft | undefined>(
  schema: unknown,
  otherwise: Otherwise,
): Draft | Otherwise {
  return (isObject(schema) && draftNamed(schema.$schema)) || otherwise;
}

function draftNamed($schema: unknown): Draft | undefined {
  const url = String($schema)
    .replace(/^https?:\/\//, '')
    .replace(/#$/, '');
  return Object.hasOwn(drafts, url) ? drafts[url] : undefined;
}

/**
 * The draft whose keywords can express all of these: the newest, but 07 for earlier ones.
 */
export function newestOf(given: readonly Draft[]): Draft {
  const newest = (['2020-12', '2019-09'] as const).find((draft) => given.includes(draft));
  return newest ?? '07';
}

/** Keywords of other drafts that a draft does not define. */
export const unknownKeywords: Record<Draft, readonly string[]> = {
  '04': ['const', 'contains', 'propertyNames', 'if', 'then', 'else'],
  '06': ['if', 'then', 'else', 'id'],
  '07': ['id'],
  '2019-09': ['id'],
  '2020-12': ['id'],
};
