import type { DataFormat, SchemaText } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import { type EarlierVersion, problemsOf } from './compatibility-check.ts';
import type { Framing } from './frame-flag.ts';
import { areSame } from './history/schema-history.ts';
import { judgeVersion } from './judged-version.ts';

interface Fault {
  /** Of the earlier version. */
  readonly label: string;
  readonly fault: string;
}

export interface UsableVersions {
  /** Oldest first. */
  readonly usable: readonly EarlierVersion[];
  /** Those of `usable` that can only be compared with files of another commit. */
  readonly reread: readonly Fault[];
  /** Those that are not schemas and had to be left out, newest first. */
  readonly notSchemas: readonly Fault[];
  /** Those that cannot be compared although records may have been written with them. */
  readonly unresolved: readonly Fault[];
}

/**
 * The earlier versions (oldest first) without those that the mode would compare with and that are not schemas. No record was
 * written with such a text, so a mode that compares with the last version compares with the last one that is a schema.
 *
 * @param schema one that can be used
 */
export async function usableVersions(
  dataFormat: DataFormat,
  mode: CompatibilityMode,
  schema: SchemaText,
  earlier: readonly EarlierVersion[],
  framing: Framing,
): Promise<UsableVersions> {
  const usable = [...earlier];
  const reread: Fault[] = [];
  const notSchemas: Fault[] = [];
  const unresolved: Fault[] = [];
  const result = { usable, reread, notSchemas, unresolved };
  if (mode === 'NONE') return result;
  const comparesAll = mode.endsWith('_ALL');
  // A version that is not a schema cannot make the verdict better: all others are compared too.
  if (comparesAll && problemsOf(dataFormat, mode, schema, earlier, framing).length === 0)
    return result;
  for (const version of earlier.toReversed()) {
    if ((await isLeftOut(version)) || comparesAll) continue;
    break;
  }
  return result;

  async function isLeftOut(version: EarlierVersion): Promise<boolean> {
    // Most files are as their last version, and the caller knows that they are schemas.
    if (areSame(version, schema)) return false;
    const { label } = version;
    const judged = await judgeVersion(dataFormat, version, earlier, framing);
    const at = usable.indexOf(version);
    if ('usable' in judged) {
      usable[at] = judged.usable;
      if (judged.fault !== undefined) reread.push({ label, fault: judged.fault });
      return false;
    }
    usable.splice(at, 1);
    if ('unresolved' in judged) unresolved.push({ label, fault: judged.unresolved });
    else notSchemas.push({ label, fault: judged.notASchema });
    return 'notASchema' in judged;
  }
}
