import { integerOf } from './integers.ts';
import { Misfit } from './misfit.ts';
import type { EnumType } from './proto-file.ts';
import { scalarOnWire, type WireValue } from './scalars.ts';

const int32 = scalarOnWire('int32', true);

/** Returned by `read` for a number that a closed enum does not name. Java treats it as an unknown field. */
export const unknownEnumNumber = Symbol('a number without a name');

/**
 * A value is read as its name, or as its number if an open enum (proto3) does not name it. Both are accepted
 * when writing.
 */
export function enumOnWire(type: EnumType): WireValue {
  const first = [...type.numbers.keys()][0];

  return {
    ...int32,
    defaultValue: () => first,
    convert(value) {
      if (value === null && type.fullName === 'google.protobuf.NullValue') return 0;
      const number = typeof value === 'string' ? type.numbers.get(value) : undefined;
      if (number !== undefined) return number;
      const given =
        typeof value === 'string' ? undefined : integerOf(value, -(2 ** 31), 2 ** 31 - 1);
      if (given === undefined || (type.closed && !type.names.has(Number(given)))) {
        throw new Misfit(type.fullName);
      }
      return Number(given);
    },
    // Invariant: compares the number, because several names may stand for the default 0.
    isDefault: (value) => value === 0,
    read(reader) {
      const number = int32.read(reader) as number;
      return type.names.get(number) ?? (type.closed ? unknownEnumNumber : number);
    },
  };
}
