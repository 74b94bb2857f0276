import { registryResource, schemaResource } from './resource-name.ts';
import type { SchemaKey } from './schema-table.ts';

export type Arns = ReturnType<typeof createArns>;

/** `arn:<partition>:glue:<region>:<account>:registry/<name>` and `…:schema/<registry>/<schema>`. */
export function createArns({ region, accountId }: { region: string; accountId: string }) {
  const partition = partitionOf(region);
  const prefix = `arn:${partition}:glue:${region}:${accountId}`;
  const registryPrefix = `${prefix}:registry/`;
  const schemaPrefix = `${prefix}:schema/`;
  return {
    /** Of an IAM user. */
    user: (name: string) => `arn:${partition}:iam::${accountId}:user/${name}`,
    registry: (registryName: string) => `${prefix}:${registryResource(registryName)}`,
    schema: (key: SchemaKey) => `${prefix}:${schemaResource(key)}`,
    /** @returns undefined when it is not the ARN of a registry of this server */
    parseRegistry: (arn: string) =>
      arn.startsWith(registryPrefix) ? arn.slice(registryPrefix.length) : undefined,
    /** @returns undefined when it is not the ARN of a schema of this server */
    parseSchema(arn: string): SchemaKey | undefined {
      if (!arn.startsWith(schemaPrefix)) return undefined;
      const [registry, name, ...rest] = arn.slice(schemaPrefix.length).split('/');
      return registry && name && rest.length === 0 ? { registry, name } : undefined;
    },
  };
}

/** By the beginning of their regions; all other regions are in `aws`. Source: `partitions.json` of botocore 1.44.8. */
const partitions = [
  ['cn-', 'aws-cn'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['us-gov-', 'aws-us-gov'],
] as const;

function partitionOf(region: string): string {
  return partitions.find(([start]) => region.startsWith(start))?.[1] ?? 'aws';
}
