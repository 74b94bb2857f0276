/** How requests identify a registry: by name in the caller's account, or by ARN. */
export interface GlueName {
  /** The name alone, also when an ARN was given. */
  readonly name: string;
  readonly registryId: { RegistryName: string } | { RegistryArn: string };
  /** Only from an ARN. */
  readonly region?: string;
  schemaId(
    schemaName: string,
  ): { RegistryName: string; SchemaName: string } | { SchemaArn: string };
}

/**
 * `customer`, or `arn:<partition>:glue:<region>:<account>:registry/customer`.
 *
 * @throws TypeError not the ARN of a Glue registry
 */
export function glueName(nameOrArn: string): GlueName {
  if (!nameOrArn.startsWith('arn:')) {
    return {
      name: nameOrArn,
      registryId: { RegistryName: nameOrArn },
      schemaId: (schemaName) => ({ RegistryName: nameOrArn, SchemaName: schemaName }),
    };
  }
  const [, account, region, name] =
    /^(arn:[^:]+:glue:([^:]+):[^:]*):registry\/([^/]+)$/.exec(nameOrArn) ?? [];
  if (account === undefined || region === undefined || name === undefined) {
    throw new TypeError(`${nameOrArn} is not the ARN of a Glue registry`);
  }
  return {
    name,
    region,
    registryId: { RegistryArn: nameOrArn },
    schemaId: (schemaName) => ({ SchemaArn: `${account}:schema/${name}/${schemaName}` }),
  };
}
