import type { DataFormat } from '@order-stream/serde';
import { type EarlierVersion, faultOf } from './compatibility-check.ts';
import type { Framing } from './frame-flag.ts';
import { isBuiltIn, isOwnFault, missingNames } from './own-fault.ts';

/** What an earlier version is worth for a comparison. */
export type JudgedVersion =
  /** It can be compared. `fault`: with the files of its commit it could not. */
  | { readonly usable: EarlierVersion; readonly fault?: string }
  /** Its own text is not a schema, so no record was written with it. */
  | { readonly notASchema: string }
  /** It cannot be compared, and records may have been written with it. */
  | { readonly unresolved: string };

/**
 * Judges an earlier version. If it cannot be used with the files of its commit, other readings of its text count: of an
 * earlier commit that has the same text, and then with the files as they are now.
 *
 * @param others the other earlier versions, oldest first
 */
export async function judgeVersion(
  dataFormat: DataFormat,
  version: EarlierVersion,
  others: readonly EarlierVersion[],
  framing: Framing,
): Promise<JudgedVersion> {
  const fault = faultOf(dataFormat, version, framing);
  if (fault === undefined) return { usable: version };
  const isOwn = isOwnFault(dataFormat, version, framing);
  const alike = others
    .slice(0, Math.max(others.indexOf(version), 0))
    .filter(({ definition }) => definition === version.definition)
    .reverse();
  const now = (await version.withFilesNow?.()) ?? [];
  for (const reading of [...alike, ...now]) {
    const usable = { ...version, references: reading.references };
    if (faultOf(dataFormat, usable, framing) === undefined) return { usable, fault };
  }
  return isOwn ? { notASchema: fault } : { unresolved: explain() };

  function explain(): string {
    const [name] = missingNames(dataFormat, version, framing);
    if (name === undefined) return fault ?? '';
    const other = framing === 'glue' ? 'confluent' : 'glue';
    const flag = isBuiltIn(dataFormat, name, other)
      ? `--frame ${other}`
      : `--references ${name}=FILE`;
    return `${name} is not found, and records may have been written with this version: restore its file, or pass ${flag} (${fault})`;
  }
}
