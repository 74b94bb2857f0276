import { setTimeout as delay } from 'node:timers/promises';
import { SchemaPendingError, SchemaRefusedError } from '../../errors.ts';
import type { GlueVersion } from './glue-schema.ts';

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Polls with exponential backoff while the registry checks the compatibility of a version.
 *
 * @throws SchemaPendingError the check did not end in time
 * @throws SchemaRefusedError the status is not AVAILABLE; the message is that of the official libraries
 */
export async function availableVersion(
  schemaName: string,
  version: GlueVersion,
  timeoutMs: number,
  fetchVersion: (schemaVersionId: string | undefined) => Promise<GlueVersion>,
): Promise<GlueVersion> {
  const { SchemaVersionId } = version;
  const deadlineMs = performance.now() + timeoutMs;
  let current = version;
  for (let waitMs = firstPauseMs; current.Status === 'PENDING'; waitMs *= 2) {
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) throw new SchemaPendingError(schemaName, SchemaVersionId ?? '', timeoutMs);
    await delay(Math.min(waitMs, longestPauseMs, leftMs));
    current = await fetchVersion(SchemaVersionId);
  }
  const known = { ...version, ...current, SchemaVersionId };
  if (current.Status === 'AVAILABLE') return known;
  throw new SchemaRefusedError({
    schemaName,
    schemaVersionId: SchemaVersionId,
    versionNumber: known.VersionNumber,
    reason: `Schema evolution check failed. schemaVersionId ${SchemaVersionId} is in ${current.Status} status.`,
  });
}
