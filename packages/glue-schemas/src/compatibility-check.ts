import { UsageError } from '@order-stream/command-line';
import type { DataFormat } from '@order-stream/serde';
import {
  type Compatibility,
  type CompatibilityMode,
  checkAvroCompatibility,
  checkJsonSchemaCompatibility,
  checkProtobufCompatibility,
  compatibilityModes,
} from '@order-stream/serde/compatibility';
import { checkJsonSchema } from '@order-stream/serde/json-schema';

/** A version that came before, and what to call it. */
export interface Earlier {
  readonly label: string;
  readonly definition: string;
}

/** Why a version may not follow; `against` is the label of an earlier one. */
export interface Problem {
  readonly type: string;
  readonly message: string;
  /** JSON pointer in the schema that reads. */
  readonly location?: string;
  readonly direction?: 'BACKWARD' | 'FORWARD';
  readonly against?: string;
}

const checks = {
  AVRO: checkAvroCompatibility,
  JSON: checkJsonSchemaCompatibility,
  PROTOBUF: checkProtobufCompatibility,
};

/** Why `definition` may not follow the earlier versions (oldest first) under the mode; empty when it may. */
export function problemsOf(
  dataFormat: DataFormat,
  mode: CompatibilityMode,
  definition: string,
  earlier: readonly Earlier[],
): Problem[] {
  let result: Compatibility;
  try {
    // To compare, less of it has to be right than to be used.
    if (dataFormat === 'JSON') checkJsonSchema(definition);
    const previous = earlier.map((version) => version.definition);
    result = checks[dataFormat]({ mode, newSchema: definition, previous });
  } catch (error) {
    // Every refusal of a definition has a code; what has none is a fault of this program.
    if (typeof (error as { code?: unknown }).code !== 'string') throw error;
    return [{ type: 'INVALID_SCHEMA', message: (error as Error).message }];
  }
  return result.incompatibilities.map(({ type, message, location, direction, previous }) => ({
    type,
    message,
    location,
    direction,
    against: earlier[previous]?.label ?? '',
  }));
}

export function modeOf(flag: string, text: string): CompatibilityMode {
  const mode = compatibilityModes.find((known) => known === text);
  if (mode) return mode;
  throw new UsageError(`${flag} must be one of ${compatibilityModes.join(', ')}, not '${text}'`);
}

export function problemLine({ type, message, location, against }: Problem): string {
  const where = location === undefined ? '' : ` at ${location === '' ? '/' : location}`;
  return `  ${type}${where}: ${message}${against ? ` (against ${against})` : ''}`;
}
