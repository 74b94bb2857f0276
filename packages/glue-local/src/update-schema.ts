import { findNumberedVersion } from './find-version.ts';
import { invalidInput, invalidParameter } from './glue-error.ts';
import { findLiveSchema } from './identifiers.ts';
import type { RegistryState } from './registry-state.ts';
import type { Request } from './request.ts';
import { statusOf } from './version-table.ts';

/**
 * Changes the description, the mode or the checkpoint of a schema. A new mode is not applied to the stored versions.
 * @throws GlueError
 */
export function updateSchema(state: RegistryState, request: Request<'UpdateSchema'>) {
  const { Compatibility, Description, SchemaVersionNumber } = request;
  const { id, row } = findLiveSchema(state, request.SchemaId);
  if (Compatibility !== undefined && SchemaVersionNumber === undefined) {
    throw invalidParameter(
      'A new compatibility needs a checkpoint version as well.',
      'schemaVersionNumber',
    );
  }
  if (Description === undefined && SchemaVersionNumber === undefined) {
    throw invalidInput('One of versionNumber, compatibility or description has to be provided.');
  }
  // AWS refuses both, as tests show that LocalStack has run against it (TestGlueSchemaRegistry).
  if (Compatibility === row.compatibility) {
    throw invalidParameter('The schema already has this compatibility.', 'compatibility');
  }
  const checkpoint = SchemaVersionNumber && findNumberedVersion(state, id, SchemaVersionNumber);
  if (checkpoint && checkpoint.number < row.checkpoint) {
    throw invalidParameter(
      `The checkpoint cannot be earlier than version ${row.checkpoint}.`,
      'versionNumber',
    );
  }
  if (checkpoint && statusOf(checkpoint, state.now()) !== 'AVAILABLE') {
    throw invalidParameter('The checkpoint version is not AVAILABLE.', 'versionNumber');
  }
  state.schemas.update({
    registry: row.registry,
    name: row.name,
    compatibility: Compatibility ?? row.compatibility,
    description: Description ?? row.description,
    checkpoint: checkpoint?.number ?? row.checkpoint,
    updated_ms: state.now(),
  });
  return {
    SchemaArn: state.arns.schema(row),
    SchemaName: row.name,
    RegistryName: row.registry,
  };
}
