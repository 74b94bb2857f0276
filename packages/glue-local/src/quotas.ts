import { GlueError } from './glue-error.ts';

/** How many there may be. Requests beyond a quota get ResourceNumberLimitExceededException. */
export interface Quotas {
  registries: number;
  schemaVersions: number;
  /** Of one schema version. */
  metadataPairs: number;
}

/** Of one account and region: https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html */
export const awsQuotas: Quotas = { registries: 100, schemaVersions: 10_000, metadataPairs: 10 };

export const noQuotas: Quotas = {
  registries: Infinity,
  schemaVersions: Infinity,
  metadataPairs: Infinity,
};

/** @param count is not called when there is no quota: counting takes time */
export function checkQuota(quota: number, count: () => number, message: string): void {
  if (quota === Infinity || count() < quota) return;
  throw new GlueError('ResourceNumberLimitExceededException', message);
}
