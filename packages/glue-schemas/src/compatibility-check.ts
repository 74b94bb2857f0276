import { UsageError } from '@order-stream/command-line';
import type { DataFormat, SchemaText } from '@order-stream/serde';
import {
  type CompatibilityMode,
  checkCompatibility,
  compatibilityModes,
} from '@order-stream/serde/compatibility';
import { checkJsonSchema } from '@order-stream/serde/json-schema';
import { draftOfFraming, type Framing } from './frame-flag.ts';

/** An earlier version; the label names it in messages. */
export interface EarlierVersion extends SchemaText {
  readonly label: string;
  /** Of a numbered file. */
  readonly number?: number | undefined;
  /** Other readings of the text, for one that cannot be used as it was: with files as they are now. The best one first. */
  readonly withFilesNow?: () => Promise<readonly SchemaText[]>;
}

/** Why a schema cannot be used, in one sentence; `undefined` if it can. */
export function faultOf(
  dataFormat: DataFormat,
  schema: SchemaText,
  framing: Framing,
): string | undefined {
  const [problem] = problemsOf(dataFormat, 'NONE', schema, [], framing);
  return problem?.message;
}

/** Why a version is not compatible; `against` is the label of the earlier version. */
export interface Problem {
  readonly type: string;
  readonly message: string;
  /** JSON pointer into the reader schema. */
  readonly location?: string;
  readonly direction?: 'BACKWARD' | 'FORWARD';
  readonly against?: string;
}

/**
 * Why a schema is not compatible with the earlier versions (oldest first) under the mode; empty when it is.
 *
 * @param framing the registry that all of them are for
 */
export function problemsOf(
  dataFormat: DataFormat,
  mode: CompatibilityMode,
  schema: SchemaText,
  earlier: readonly EarlierVersion[],
  framing: Framing,
): Problem[] {
  try {
    // The comparison accepts definitions that cannot be used.
    if (dataFormat === 'JSON')
      checkJsonSchema(schema.definition, schema.references, draftOfFraming(framing));
    const question = { mode, newSchema: schema, previous: earlier };
    const result = checkCompatibility(dataFormat, question, { framing });
    return result.incompatibilities.map(({ type, message, location, direction, previous: at }) => {
      const against = earlier[at]?.label ?? '';
      return { type, message, location, direction, against };
    });
  } catch (error) {
    // Errors about a definition have a code; any other error is a bug.
    if (typeof (error as { code?: unknown }).code !== 'string') throw error;
    return [{ type: 'INVALID_SCHEMA', message: (error as Error).message }];
  }
}

export function parseMode(flag: string, text: string): CompatibilityMode {
  const mode = compatibilityModes.find((known) => known === text);
  if (mode) return mode;
  throw new UsageError(`${flag} must be one of ${compatibilityModes.join(', ')}, not '${text}'`);
}

export function problemLine({ type, message, location, against }: Problem): string {
  const where = location === undefined ? '' : ` at ${location === '' ? '/' : location}`;
  return `  ${type}${where}: ${message}${against ? ` (against ${against})` : ''}`;
}
