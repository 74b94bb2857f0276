/** A registry as requests name it: by name within the caller's account, or by ARN. */
export interface GlueName {
  /** The bare name, ARN or not. */
  readonly name: string;
  readonly registryId: { RegistryName: string } | { RegistryArn: string };
  /** Of an ARN. */
  readonly region?: string;
  schemaId(
    schemaName: string,
  ): { RegistryName: string; SchemaName: string } | { SchemaArn: string };
}

/**
 * `customer`, or `arn:<partition>:glue:<region>:<account>:registry/customer`.
 *
 * @throws TypeError an ARN that is none of a registry
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
    throw new TypeError(`${nameOrArn} is no ARN of a Glue registry`);
  }
  return {
    name,
    region,
    registryId: { RegistryArn: nameOrArn },
    schemaId: (schemaName) => ({ SchemaArn: `${account}:schema/${name}/${schemaName}` }),
  };
}
