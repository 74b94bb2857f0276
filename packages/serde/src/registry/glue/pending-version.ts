import { setTimeout as delay } from 'node:timers/promises';
import { SchemaPendingError, SchemaRefusedError } from '../../errors.ts';
import type { GlueVersion } from './glue-schema.ts';

const firstPollMs = 100;
const slowestPollMs = 5_000;

/**
 * Waits while the registry checks compatibility, whose verdict comes as a status, with pauses that double.
 *
 * @throws SchemaPendingError no verdict in time
 * @throws SchemaRefusedError any other status than AVAILABLE, in the words of the official libraries
 */
export async function availableVersion(
  schemaName: string,
  version: GlueVersion,
  timeoutMs: number,
  ask: (schemaVersionId: string | undefined) => Promise<GlueVersion>,
): Promise<GlueVersion> {
  const { SchemaVersionId } = version;
  const deadlineMs = performance.now() + timeoutMs;
  let current = version;
  for (let waitMs = firstPollMs; current.Status === 'PENDING'; waitMs *= 2) {
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) throw new SchemaPendingError(schemaName, SchemaVersionId ?? '', timeoutMs);
    await delay(Math.min(waitMs, slowestPollMs, leftMs));
    current = await ask(SchemaVersionId);
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
