export interface Arns {
  registry(registryName: string): string;
  schema(registryName: string, schemaName: string): string;
  /** @returns undefined when it is not the ARN of a registry of this server */
  parseRegistry(arn: string): string | undefined;
  /** @returns undefined when it is not the ARN of a schema of this server */
  parseSchema(arn: string): { registryName: string; schemaName: string } | undefined;
}

/** `arn:<partition>:glue:<region>:<account>:registry/<name>` and `…:schema/<registry>/<schema>`. */
export function createArns({ region, accountId }: { region: string; accountId: string }): Arns {
  const prefix = `arn:${partitionOf(region)}:glue:${region}:${accountId}`;
  const registryPrefix = `${prefix}:registry/`;
  const schemaPrefix = `${prefix}:schema/`;
  return {
    registry: (registryName) => `${registryPrefix}${registryName}`,
    schema: (registryName, schemaName) => `${schemaPrefix}${registryName}/${schemaName}`,
    parseRegistry: (arn) =>
      arn.startsWith(registryPrefix) ? arn.slice(registryPrefix.length) : undefined,
    parseSchema(arn) {
      if (!arn.startsWith(schemaPrefix)) return undefined;
      const [registryName, schemaName, ...rest] = arn.slice(schemaPrefix.length).split('/');
      if (!registryName || !schemaName || rest.length > 0) return undefined;
      return { registryName, schemaName };
    },
  };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}
