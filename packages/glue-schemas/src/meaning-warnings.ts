import type { DataFormat, SchemaText } from '@order-stream/serde';
import {
  avroMeaningChanges,
  type CompatibilityMode,
  InvalidAvroSchemaError,
} from '@order-stream/serde/compatibility';
import type { EarlierVersion } from './compatibility-check.ts';

/** What changes the meaning of stored values without a verdict; `against` is the label of the earlier version. */
export interface Warning {
  readonly type: string;
  readonly message: string;
  /** JSON pointer into the new definition. */
  readonly location: string;
  /** JSON pointer into the earlier definition. */
  readonly previousLocation: string;
  readonly against: string;
}

/** Changed logical types of Avro definitions. Empty for the other formats, and where a definition is invalid. */
export function warningsOf(
  dataFormat: DataFormat,
  mode: CompatibilityMode,
  schema: SchemaText,
  earlier: readonly EarlierVersion[],
): Warning[] {
  if (dataFormat !== 'AVRO') return [];
  try {
    return avroMeaningChanges({ mode, newSchema: schema, previous: earlier }).map(
      ({ type, message, newLocation, previousLocation, previous: at }) => {
        const against = earlier[at]?.label ?? '';
        return { type, message, location: newLocation, previousLocation, against };
      },
    );
  } catch (error) {
    // `problemsOf` reports the invalid definition.
    if (error instanceof InvalidAvroSchemaError) return [];
    throw error;
  }
}

export function warningLine({ type, location, message, against }: Warning): string {
  const at = location === '' ? '/' : location;
  return `  warning: ${type} at ${at}: ${message} (against ${against})`;
}
