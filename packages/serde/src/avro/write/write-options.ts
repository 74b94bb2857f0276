import { checkOptions, type OptionShape, oneOf } from '../../option-checks.ts';
import type { Representation } from '../representation.ts';
import { representationShapes } from '../representation-shapes.ts';

/** How Avro's values are represented, and which are refused. */
export interface WriteOptions extends Representation {
  /**
   * What happens when a record is written with a property that is not one of its fields, such as `idd` for `id`. `ignore`:
   * the property is not written. `refuse`: a `SchemaMismatchError` at the pointer of the record and `*`, because the name
   * of the property is content. A property whose value is `undefined` is never refused. Default `ignore`.
   */
  unknownProperties?: 'ignore' | 'refuse' | undefined;
}

/**
 * @param others options of the caller besides those of writing
 * @throws TypeError
 */
export function checkWriteOptions(
  owner: string,
  options: WriteOptions,
  others: Readonly<Record<string, OptionShape>> = {},
): void {
  checkOptions(owner, options, {
    ...representationShapes,
    unknownProperties: oneOf('ignore', 'refuse'),
    ...others,
  });
}
