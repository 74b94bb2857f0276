import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../schemas/', import.meta.url);

/** Text of the newest `schemas/order.v<N>.avsc`: the schema that this build writes. */
export function newestOrderSchema(): string {
  const versions = readdirSync(folder)
    .map((name) => /^order\.v(\d+)\.avsc$/.exec(name)?.[1])
    .filter((version) => version !== undefined)
    .map(Number);
  if (versions.length === 0)
    throw new Error('expected at least one schemas/order.v*.avsc, found none');
  // Drops a byte order mark.
  return new TextDecoder().decode(
    readFileSync(new URL(`order.v${Math.max(...versions)}.avsc`, folder)),
  );
}
