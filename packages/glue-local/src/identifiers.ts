import { beingDeleted, isDeleting } from './deleted-row.ts';
import { GlueError, invalidInput } from './glue-error.ts';
import type { RegistryState } from './registry-state.ts';
import type { RegistryRow } from './registry-table.ts';
import type { RegistryIdInput, SchemaIdInput } from './request.ts';
import type { SchemaKey, SchemaRow } from './schema-table.ts';

export const defaultRegistryName = 'default-registry';

/** A RegistryId of a request; the error repeats its members, as AWS does. */
export interface RegistryId {
  name: string;
  notFound(): GlueError;
}

export function readRegistryId(state: RegistryState, id: RegistryIdInput = {}): RegistryId {
  const { RegistryName: name, RegistryArn: arn } = id;
  if (name !== undefined && arn !== undefined) {
    throw invalidInput(
      'One of registryName or registryArn has to be provided, both cannot be provided.',
    );
  }
  const notFound = () =>
    new GlueError(
      'EntityNotFoundException',
      `Registry is not found. RegistryName: ${name ?? null}, RegistryArn: ${arn ?? null}`,
    );
  if (arn === undefined) return { name: name ?? defaultRegistryName, notFound };
  const fromArn = state.arns.parseRegistry(arn);
  if (fromArn === undefined) throw notFound();
  return { name: fromArn, notFound };
}

/** @throws GlueError EntityNotFoundException */
export function findRegistry(state: RegistryState, input: RegistryIdInput): RegistryRow {
  const id = readRegistryId(state, input);
  const row = state.registries.find(id.name);
  if (row === undefined) throw id.notFound();
  return row;
}

/** A SchemaId of a request, with the two forms in which AWS repeats it in its error messages. */
export interface SchemaId {
  key: SchemaKey;
  /** `RegistryName: r, SchemaName: s, SchemaArn: null`, as in most messages. */
  listed: string;
  /** `SchemaId(schemaArn=null, schemaName=s, registryName=r)`, as in the other messages. */
  printed: string;
}

export function readSchemaId(state: RegistryState, input: SchemaIdInput): SchemaId {
  const { SchemaArn: arn, RegistryName: registry, SchemaName: name } = input;
  const listed = `RegistryName: ${registry ?? null}, SchemaName: ${name ?? null}, SchemaArn: ${arn ?? null}`;
  const printed = `SchemaId(schemaArn=${arn ?? null}, schemaName=${name ?? null}, registryName=${registry ?? null})`;
  if (arn !== undefined) {
    if (registry !== undefined || name !== undefined) {
      throw invalidInput(
        'One of (registryName and schemaName) or schemaArn has to be provided, both cannot be provided.',
      );
    }
    const key = state.arns.parseSchema(arn);
    if (key === undefined) throw schemaNotFound(listed);
    return { key, listed, printed };
  }
  if (registry === undefined || name === undefined) {
    throw invalidInput(
      'At least one of (registryName and schemaName) or schemaArn has to be provided.',
    );
  }
  return { key: { registry, name }, listed, printed };
}

/** @throws GlueError EntityNotFoundException, with the message that the Java and Python clients match */
export function findSchema(
  state: RegistryState,
  input: SchemaIdInput,
): { id: SchemaId; row: SchemaRow } {
  const id = readSchemaId(state, input);
  const row = state.schemas.find(id.key);
  if (row === undefined) throw schemaNotFound(id.listed);
  return { id, row };
}

/**
 * A schema that can be changed.
 * @throws GlueError EntityNotFoundException, ConcurrentModificationException
 */
export function findLiveSchema(state: RegistryState, input: SchemaIdInput) {
  const found = findSchema(state, input);
  if (isDeleting(found.row)) throw beingDeleted('Schema');
  return found;
}

export function schemaNotFound(identifier: string): GlueError {
  return new GlueError('EntityNotFoundException', `Schema is not found. ${identifier}`);
}
