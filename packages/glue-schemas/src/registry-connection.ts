import { UsageError } from '@order-stream/command-line';
import {
  awsVariables,
  loadConfig,
  registryRegionOf,
  registryRules,
  registryVariables,
} from '@order-stream/runtime';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import {
  type ConfluentCompatibility,
  type ConfluentRegistry,
  createConfluentRegistry,
} from '@order-stream/serde/confluent';
import { createGlueRegistry, type GlueRegistry } from '@order-stream/serde/glue';
import Type from 'typebox';
import type { Terminal } from './command.ts';

export type Registry = GlueRegistry | ConfluentRegistry;

const variables = Type.Object({ ...awsVariables, ...registryVariables });

/**
 * Runs `use` with the registry that the environment names, and closes its connections.
 *
 * @param options.kind overrides SCHEMA_REGISTRY, where a frame says which registry it belongs to
 */
export async function withRegistry<T>(
  { env }: Terminal,
  options: { kind?: 'glue' | 'confluent'; compatibility?: CompatibilityMode },
  use: (registry: Registry) => Promise<T>,
): Promise<T> {
  const kind = options.kind === undefined ? {} : { SCHEMA_REGISTRY: options.kind };
  const config = loadConfig(variables, { ...env, ...kind }, [registryRules]);
  const { compatibility = 'BACKWARD' } = options;
  let registry: Registry;
  if (config.SCHEMA_REGISTRY === 'confluent') {
    if (compatibility === 'DISABLED')
      throw new UsageError('the mode DISABLED is not supported with SCHEMA_REGISTRY=confluent');
    registry = createConfluentRegistry({
      url: config.SCHEMA_REGISTRY_URL as string,
      autoRegistration: true,
      compatibility: compatibility satisfies ConfluentCompatibility,
    });
  } else if (config.SCHEMA_REGISTRY === 'glue') {
    const assumeRoleArn = config.GLUE_ASSUME_ROLE_ARN;
    registry = createGlueRegistry({
      registryName: config.REGISTRY_NAME,
      region: registryRegionOf(config) as string,
      ...(assumeRoleArn !== undefined && { assumeRoleArn }),
      autoRegistration: true,
      compatibility,
    });
  } else throw new UsageError('this command needs a registry, but SCHEMA_REGISTRY=none');
  try {
    return await use(registry);
  } finally {
    registry.close();
  }
}
