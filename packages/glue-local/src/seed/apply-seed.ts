import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import { storeSchema } from '../create-schema.ts';
import { fingerprint } from '../definition.ts';
import { isDeleting } from '../deleted-row.ts';
import { GlueError } from '../glue-error.ts';
import { registerVersion } from '../register-version.ts';
import { createRegistryActions } from '../registry-actions.ts';
import type { RegistryState } from '../registry-state.ts';
import type { Call } from '../request.ts';
import { parseRequest } from '../request-rules.ts';
import type { SchemaKey, SchemaRow } from '../schema-table.ts';
import type { Reasons, VersionRow } from '../version-table.ts';
import type { SeedRegistry, SeedSchema, SeedVersion } from './seed.ts';
import { SeedError } from './seed-error.ts';

const defaultCompatibility: CompatibilityMode = 'BACKWARD';
const call: Call = { holdsVersion: () => false };

/**
 * Registers what is missing of a seed, with the rules of the API. Its versions are AVAILABLE at once. Registries and
 * schemas that exist keep their settings. Runs in a transaction that its error rolls back.
 * @throws SeedError with the first fault of each schema
 */
export function applySeed(registryState: RegistryState, seed: readonly SeedRegistry[]): void {
  const state = { ...registryState, pendingMs: 0 };
  const registryActions = createRegistryActions(state);
  const faults: string[] = [];
  for (const registry of seed) {
    const hasRegistry = attempt(registry.path, () => createRegistry(registry));
    if (!hasRegistry) continue;
    for (const schema of registry.schemas) {
      attempt(schema.path, () => createSchema(registry, schema));
    }
  }
  if (faults.length > 0) throw new SeedError(faults);

  /** Returns whether the step had no fault. */
  function attempt(path: string, step: () => void): boolean {
    const known = faults.length;
    try {
      step();
    } catch (error) {
      if (error instanceof SeedError) faults.push(...error.faults);
      else if (error instanceof GlueError) faults.push(`${path}: ${error.message}`);
      else throw error;
    }
    return faults.length === known;
  }

  function createRegistry({ name, path, settings, settingsPath }: SeedRegistry): void {
    if (state.registries.find(name) !== undefined) return;
    const { description: Description, tags: Tags } = settings;
    const named = { RegistryName: name };
    // The name of the folder first, and then the settings of the file.
    orFault(path, () => parseRequest('CreateRegistry', JSON.stringify(named)));
    orFault(settingsPath, () => {
      const request = JSON.stringify({ ...named, Description, Tags });
      registryActions.CreateRegistry(parseRequest('CreateRegistry', request));
    });
  }

  function createSchema(registry: SeedRegistry, schema: SeedSchema): void {
    const key = { registry: registry.name, name: schema.name };
    if (state.schemas.find(key) === undefined) {
      const { compatibility = defaultCompatibility, description, tags } = schema.settings;
      const named = {
        RegistryId: { RegistryName: registry.name },
        SchemaName: schema.name,
        DataFormat: schema.dataFormat,
        Compatibility: compatibility,
      };
      orFault(schema.path, () => parseRequest('CreateSchema', JSON.stringify(named)));
      orFault(schema.settingsPath, () => {
        const request = JSON.stringify({ ...named, Description: description, Tags: tags });
        storeSchema(state, parseRequest('CreateSchema', request), undefined, call);
      });
    }
    for (const [index, version] of schema.versions.entries())
      addVersion(key, schema, version, index + 1);
  }

  function addVersion(
    key: SchemaKey,
    schema: SeedSchema,
    version: SeedVersion,
    number: number,
  ): void {
    const row = state.schemas.find(key);
    if (row === undefined || isDeleting(row))
      throw new SeedError([`${schema.path}: is being deleted`]);
    if (row.data_format !== schema.dataFormat) {
      const message = `expected ${row.data_format}, as the database has it, found ${schema.dataFormat}`;
      throw new SeedError([`${version.path}: ${message}`]);
    }
    const known = orFault(version.path, () => find(row, version));
    if (isDeleted(row, number)) {
      const context = { ...key, versionNumber: number, file: version.path };
      state.log.warn(
        context,
        'schema version of the seed was deleted, and is not registered again',
      );
      return;
    }
    if (known === undefined && row.last_number >= number) {
      throw new SeedError([`${version.path}: the database has another version ${number}`]);
    }
    const found =
      known ??
      orFault(version.path, () => registerVersion(state, row, version.definition, row.name, call));
    if (found.verdict === 'FAILURE')
      throw new SeedError(reasonsAgainst(version, state.versions.findReasons(found.id), row));
    if (found.number !== number) {
      throw new SeedError([`${version.path}: is the same definition as version ${found.number}`]);
    }
  }

  /** The kept database has had a version of this number. Its deletion is kept too. */
  function isDeleted(row: SchemaRow, number: number): boolean {
    if (number > row.last_number) return false;
    const version = state.versions.findByNumber(row, number);
    return version === undefined || isDeleting(version);
  }

  function find(row: SchemaRow, { definition }: SeedVersion): VersionRow | undefined {
    const SchemaId = { RegistryName: row.registry, SchemaName: row.name };
    const request = { SchemaId, SchemaDefinition: definition };
    // Checks the length.
    parseRequest('RegisterSchemaVersion', JSON.stringify(request));
    return state.versions.findByFingerprint(row, fingerprint(row.data_format, definition));
  }
}

function orFault<Result>(path: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof GlueError)) throw error;
    throw new SeedError([`${path}: ${error.message}`]);
  }
}

function reasonsAgainst(
  { path }: SeedVersion,
  { kept }: Reasons,
  { compatibility }: SchemaRow,
): string[] {
  return kept.map(
    ({ newLocation, message }) =>
      `${path}: not compatible under ${compatibility}: ${message}${newLocation && ` (at ${newLocation})`}`,
  );
}
