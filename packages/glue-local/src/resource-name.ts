import type { SchemaKey } from './schema-table.ts';

/** The last part of an ARN. Unlike the ARN, it is the same in every region and account. */
export const registryResource = (registryName: string) => `registry/${registryName}`;

export const schemaResource = ({ registry, name }: SchemaKey) =>
  `${schemaResourcesOf(registry)}${name}`;

/** With what the resource name of every schema of a registry begins. */
export const schemaResourcesOf = (registryName: string) => `schema/${registryName}/`;
