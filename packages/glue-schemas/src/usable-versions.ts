import type { DataFormat, SchemaText } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import { type EarlierVersion, faultOf, problemsOf } from './compatibility-check.ts';
import type { Framing } from './frame-flag.ts';
import { areSame } from './history/schema-history.ts';

export interface UsableVersions {
  /** Oldest first. */
  readonly usable: readonly EarlierVersion[];
  /** Those that had to be left out, newest first. */
  readonly unusable: readonly { readonly label: string; readonly fault: string }[];
}

/**
 * The earlier versions (oldest first) without those that the mode would compare with and that are not schemas. No record was
 * written with such a text, so a mode that compares with the last version compares with the last one that is a schema.
 *
 * @param schema one that can be used
 */
export function usableVersions(
  dataFormat: DataFormat,
  mode: CompatibilityMode,
  schema: SchemaText,
  earlier: readonly EarlierVersion[],
  framing: Framing,
): UsableVersions {
  const usable = [...earlier];
  const unusable: { label: string; fault: string }[] = [];
  // Most files are as their last version, and the caller knows that they are schemas.
  const faultIn = (version: EarlierVersion) =>
    areSame(version, schema) ? undefined : faultOf(dataFormat, version, framing);
  if (mode === 'NONE') return { usable, unusable };
  if (mode.endsWith('_ALL')) {
    // A version that is not a schema cannot make the verdict better: all others are compared too.
    if (problemsOf(dataFormat, mode, schema, earlier, framing).length === 0)
      return { usable, unusable };
    for (const version of earlier.toReversed()) {
      const fault = faultIn(version);
      if (fault === undefined) continue;
      usable.splice(usable.indexOf(version), 1);
      unusable.push({ label: version.label, fault });
    }
    return { usable, unusable };
  }
  for (let last = usable.at(-1); last !== undefined; last = usable.at(-1)) {
    const fault = faultIn(last);
    if (fault === undefined) break;
    usable.pop();
    unusable.push({ label: last.label, fault });
  }
  return { usable, unusable };
}
