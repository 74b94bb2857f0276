import { isObject } from './each-schema.ts';
import { invalidAt } from './invalid-at.ts';

/** The drafts of JSON Schema that are read here. */
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
 * The draft that a schema names in `$schema`, or `unnamed` where it names none.
 *
 * @throws InvalidSchemaError it names another
 */
export function draftOf(schema: unknown, unnamed: Draft): Draft {
  if (!isObject(schema) || !Object.hasOwn(schema, '$schema')) return unnamed;
  const { $schema } = schema;
  if (typeof $schema !== 'string') throw invalidAt('/$schema', 'a string was expected');
  const draft = draftNamed($schema);
  if (!draft) throw invalidAt('/$schema', 'draft 04, 06, 07, 2019-09 or 2020-12 was expected');
  return draft;
}

/** The draft that a schema names in `$schema`, or `otherwise` where it names none of these. */
export function draftNamedIn(schema: unknown, otherwise: Draft): Draft {
  return (isObject(schema) && draftNamed(schema.$schema)) || otherwise;
}

function draftNamed($schema: unknown): Draft | undefined {
  const url = String($schema).replace(/^https?:\/\//, '');
  return Object.entries(drafts).find(([known]) => url === known || url === `${known}#`)?.[1];
}

/** Keywords of later drafts that ajv would heed all the same: in these they mean nothing. */
export const keywordsOfLaterDrafts: Record<Draft, readonly string[]> = {
  '04': ['const', 'contains', 'propertyNames', 'if', 'then', 'else'],
  '06': ['if', 'then', 'else', 'id'],
  '07': ['id'],
  '2019-09': ['id'],
  '2020-12': ['id'],
};
