import Type, { type Static } from 'typebox';
import { ConfigError, type ConfigFault } from './load-config.ts';
import { choice, httpUrl, roleArn } from './value-kinds.ts';
import { awsVariables, regionOf } from './variables.ts';

/** Connection to the schema registry, the same for producers, consumers and tools. */
export const registryVariables = {
  SCHEMA_REGISTRY: choice(
    ['glue', 'confluent', 'none'],
    'glue',
    'Kind of schema registry, which decides the frame. `none`: plain JSON without a frame',
  ),
  REGISTRY_NAME: Type.String({
    pattern:
      '^([a-zA-Z0-9_$#.-]{1,255}|arn:[^:]+:glue:[^:]+:[^:]*:registry/[a-zA-Z0-9_$#.-]{1,255})$',
    default: 'customer',
    description: 'Name of the Glue registry, or its ARN, which also gives region and account',
  }),
  GLUE_ASSUME_ROLE_ARN: Type.Optional(
    roleArn({
      description:
        'Role that is assumed only for calls of the Glue registry, for example in another account',
    }),
  ),
  SCHEMA_REGISTRY_URL: Type.Optional(
    Type.Refine(
      httpUrl({
        description:
          'URL of the Confluent-compatible registry, base path included (Apicurio: `http://host:8080/apis/ccompat/v7`); `user:password@` in it is HTTP Basic. Required with `confluent`',
      }),
      hasReadableUser,
      () => 'is not a valid URL; write a % in its user or password as %25',
    ),
  ),
  SCHEMA_SNAPSHOT_FILE: Type.Optional(
    Type.String({
      description:
        'File that keeps the answers of the registry, so that the service can start without it. Off when absent',
    }),
  ),
};

/** A second registry, for readers of a topic that moves from one kind to the other. */
export const secondaryRegistryVariables = {
  SECONDARY_SCHEMA_REGISTRY: choice(
    ['none', 'glue', 'confluent'],
    'none',
    'A second registry. Its records are read as well, while a topic moves from one kind to the other',
  ),
};

const registrySchema = Type.Object({ ...awsVariables, ...registryVariables });
type RegistryVariables = Partial<Static<typeof registrySchema>>;
const secondarySchema = Type.Object(secondaryRegistryVariables);
type BothRegistries = RegistryVariables & Partial<Static<typeof secondarySchema>>;

export type RegistrySettings =
  | {
      readonly kind: 'glue';
      /** Its name or its ARN. */
      readonly registryName: string;
      readonly region: string;
      readonly assumeRoleArn?: string;
      readonly snapshotFile?: string;
    }
  | { readonly kind: 'confluent'; readonly url: string; readonly snapshotFile?: string }
  | { readonly kind: 'none' };

/**
 * The settings of the registry that the variables name.
 *
 * @throws ConfigError a variable that this kind of registry requires is missing
 */
export function registrySettings(
  variables: RegistryVariables,
  { SCHEMA_REGISTRY: kind, SCHEMA_SNAPSHOT_FILE: snapshotFile } = variables,
): RegistrySettings {
  const snapshot = snapshotFile === undefined ? {} : { snapshotFile };
  if (kind === 'none') return { kind };
  if (kind === 'confluent') {
    const url = variables.SCHEMA_REGISTRY_URL;
    if (url !== undefined) return { kind, url, ...snapshot };
    throw fault('SCHEMA_REGISTRY_URL', 'is required with a confluent registry');
  }
  // The kind itself is invalid, which is reported already.
  if (kind === undefined) throw new ConfigError([]);
  const { REGISTRY_NAME: registryName = '', GLUE_ASSUME_ROLE_ARN: assumeRoleArn } = variables;
  const [, , , arnRegion] = registryName.startsWith('arn:') ? registryName.split(':') : [];
  const region = arnRegion ?? regionOf(variables);
  if (region === undefined)
    throw fault('AWS_REGION', 'is required: the schema registry is in a region');
  const role = assumeRoleArn === undefined ? {} : { assumeRoleArn };
  return { kind: 'glue', registryName, region, ...role, ...snapshot };
}

/** The settings of the second registry. Its snapshot is a file beside that of the first. */
export function secondaryRegistrySettings(variables: BothRegistries): RegistrySettings {
  const { SECONDARY_SCHEMA_REGISTRY: kind, SCHEMA_SNAPSHOT_FILE: file } = variables;
  return registrySettings(variables, {
    ...(kind !== undefined && { SCHEMA_REGISTRY: kind }),
    ...(file !== undefined && { SCHEMA_SNAPSHOT_FILE: `${file}.other` }),
  });
}

/** The second registry is of the other kind, and there is none without a first. */
export function registriesDiffer(variables: BothRegistries): ConfigFault[] {
  const { SCHEMA_REGISTRY: first, SECONDARY_SCHEMA_REGISTRY: second } = variables;
  const fit = first === 'none' ? second === 'none' : second !== first;
  if (fit || first === undefined || second === undefined) return [];
  const problem = `must not be ${second} when SCHEMA_REGISTRY is ${first}`;
  return [{ variable: 'SECONDARY_SCHEMA_REGISTRY', problem }];
}

function fault(variable: string, problem: string): ConfigError {
  return new ConfigError([{ variable, problem }]);
}

function hasReadableUser(url: string): boolean {
  try {
    const { username, password } = new URL(url);
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}
