import { InvalidSchemaError } from '../errors.ts';
import type { Reserved } from './proto-file.ts';
import { maxNumber } from './source/parse-reserved.ts';
import type { FieldSource, MessageSource } from './source/source-file.ts';

/** Rejects numbers of fields that are out of range, used twice or reserved, and reserved names. */
export function rejectNumbers(fullName: string, { fields, reserved }: MessageSource): void {
  const used = new Set<number>();
  const refused = reservedFields(fields, reserved);
  for (const field of fields) {
    const { name, number } = field;
    rejectNumber(`${fullName}.${name}`, number);
    if (used.has(number))
      throw new InvalidSchemaError(`${fullName} has the number ${number} twice`);
    used.add(number);
    if (refused.has(field)) {
      throw new InvalidSchemaError(`${fullName}.${name} has a reserved number or name`);
    }
  }
}

/** Rejects a field's number that is out of range. */
export function rejectNumber(fullName: string, number: number, max: number = maxNumber): void {
  if (number >= 1 && number <= max && (number < 19_000 || number > 19_999)) return;
  throw new InvalidSchemaError(
    `${fullName} has number ${number}; expected 1 to ${max}, without 19000 to 19999`,
  );
}

/** The fields whose number or name is reserved, in one pass over both lists by number. */
export function reservedFields<Declared extends Pick<FieldSource, 'name' | 'number'>>(
  fields: readonly Declared[],
  reserved: Reserved,
): ReadonlySet<Declared> {
  const names = new Set(reserved.names);
  const found = new Set(fields.filter(({ name }) => names.has(name)));
  const ranges = reserved.ranges.toSorted(([left], [right]) => left - right).values();
  let range = ranges.next().value;
  let reservedTo = -Infinity;
  for (const field of fields.toSorted((left, right) => left.number - right.number)) {
    for (; range && range[0] <= field.number; range = ranges.next().value) {
      reservedTo = Math.max(reservedTo, range[1]);
    }
    if (field.number <= reservedTo) found.add(field);
  }
  return found;
}
