import Type, { type Static } from 'typebox';
import type { ConfigFault } from './load-config.ts';
import { awsVariables, choice, regionOf } from './variables.ts';

/** How to reach the schema registry: the same for whoever writes and whoever reads. */
export const registryVariables = {
  SCHEMA_REGISTRY: choice(
    ['glue', 'confluent', 'none'],
    'glue',
    'Kind of schema registry, and so of frame. `none`: plain JSON without a frame',
  ),
  REGISTRY_NAME: Type.String({
    pattern:
      '^([a-zA-Z0-9_$#.-]{1,255}|arn:[^:]+:glue:[^:]+:[^:]*:registry/[a-zA-Z0-9_$#.-]{1,255})$',
    default: 'customer',
    description: 'Glue registry that holds the schemas; its ARN names region and account as well',
  }),
  GLUE_ASSUME_ROLE_ARN: Type.Optional(
    Type.String({
      pattern: '^arn:[^:]+:iam::[0-9]{12}:role/.+$',
      description:
        'Role assumed for calls of the Glue registry alone, such as one of another account',
    }),
  ),
  SCHEMA_REGISTRY_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^/]+',
      description:
        'Confluent-compatible registry, base path included (Apicurio: `http://host:8080/apis/ccompat/v7`); `user:password@` in it is HTTP Basic. Required with `confluent`',
    }),
  ),
  SCHEMA_SNAPSHOT_FILE: Type.Optional(
    Type.String({
      description:
        'File that keeps what the registry answered, for a start while it is away; absent: none',
    }),
  ),
};

const registrySchema = Type.Object({ ...awsVariables, ...registryVariables });
export type RegistrySettings = Static<typeof registrySchema>;

/** Region of the Glue registry: its ARN's, else the environment's. */
export function registryRegionOf(config: Partial<RegistrySettings>): string | undefined {
  const [, , , region] = config.REGISTRY_NAME?.startsWith('arn:')
    ? config.REGISTRY_NAME.split(':')
    : [];
  return region ?? regionOf(config);
}

/** What the kinds of registry that are used demand. */
export function registryRules(
  config: Partial<RegistrySettings>,
  kinds: readonly unknown[] = [config.SCHEMA_REGISTRY],
): ConfigFault[] {
  const { SCHEMA_REGISTRY_URL: url } = config;
  const faults: ConfigFault[] = [];
  if (kinds.includes('glue') && registryRegionOf(config) === undefined)
    faults.push({
      variable: 'AWS_REGION',
      problem: 'is required: the schema registry lives in a region',
    });
  if (kinds.includes('confluent') && url === undefined)
    faults.push({
      variable: 'SCHEMA_REGISTRY_URL',
      problem: 'is required with a confluent registry',
    });
  if (url !== undefined && !isUsableUrl(url))
    faults.push({
      variable: 'SCHEMA_REGISTRY_URL',
      problem: 'is no URL: a % in its user or password is written %25',
    });
  return faults;
}

function isUsableUrl(text: string): boolean {
  try {
    const { username, password } = new URL(text);
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}
