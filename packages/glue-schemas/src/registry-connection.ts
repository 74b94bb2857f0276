import { UsageError } from '@order-stream/command-line';
import { ConfigError, loadConfig } from '@order-stream/runtime/load-config';
import { registrySettings, registryVariables } from '@order-stream/runtime/registry-variables';
import { awsVariables } from '@order-stream/runtime/variables';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { ConfluentRegistryOptions } from '@order-stream/serde/confluent';
import { type OpenRegistry, openRegistry } from '@order-stream/serde/registry';
import Type from 'typebox';
import type { Terminal } from './command.ts';

const { SCHEMA_SNAPSHOT_FILE: _, ...withoutSnapshot } = registryVariables;
const variables = Type.Object({ ...awsVariables, ...withoutSnapshot });

/**
 * Runs `use` with the registry that the environment names, and closes its connections.
 *
 * @param options.kind overrides SCHEMA_REGISTRY, where a frame says which registry it belongs to
 * @param options.references of the schemas that are registered in a Confluent-compatible registry
 */
export async function withRegistry<T>(
  { env }: Terminal,
  options: {
    kind?: 'glue' | 'confluent';
    compatibility?: CompatibilityMode;
    references?: ConfluentRegistryOptions['references'];
  },
  use: (registry: OpenRegistry) => Promise<T>,
): Promise<T> {
  const kind = options.kind === undefined ? {} : { SCHEMA_REGISTRY: options.kind };
  const { compatibility = 'BACKWARD', references = {} } = options;
  const { settings } = loadConfig(variables, { ...env, ...kind }, [], {
    settings: registrySettings,
  });
  if (settings.kind === 'none')
    throw new ConfigError([
      {
        variable: 'SCHEMA_REGISTRY',
        problem: 'must be glue or confluent, because a registry is needed',
      },
    ]);
  if (settings.kind === 'confluent' && compatibility === 'DISABLED')
    throw new UsageError('the mode DISABLED is not supported with SCHEMA_REGISTRY=confluent');
  const registry = await openRegistry(
    settings.kind === 'confluent' ? { ...settings, references } : settings,
    {
      ...{ autoRegistration: true, compatibility },
    },
  );
  try {
    return await use(registry);
  } finally {
    registry.close();
  }
}
