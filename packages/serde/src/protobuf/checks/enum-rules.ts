import { InvalidSchemaError } from '../../errors.ts';
import { reservedFields } from '../declared-numbers.ts';
import { isTrue } from '../source/is-true.ts';
import type { EnumSource, OptionSetting, SourceFile } from '../source/source-file.ts';
import { checkReserved } from './number-ranges.ts';

/**
 * Rejects values of an enum that protoc rejects: their numbers, their names without the name of the enum, aliases.
 *
 * @param effectiveOptions with plain names
 */
export function checkEnum(
  fullName: string,
  type: EnumSource,
  effectiveOptions: readonly OptionSetting[],
  syntax: SourceFile['syntax'],
): void {
  const { values, reserved, options } = type;
  if (values.length === 0) throw new InvalidSchemaError(`${fullName} must have a value`);
  if (syntax === 'proto3' && values[0]?.number !== 0) {
    throw new InvalidSchemaError(`${fullName} must begin with the number 0`);
  }
  checkReserved(fullName, reserved);
  for (const { name } of reservedFields(values, reserved)) {
    throw new InvalidSchemaError(`${fullName}.${name} has a reserved number or name`);
  }
  const mayRepeat = isTrue({ options: effectiveOptions }, 'allow_alias');
  const numbers = new Set(values.map(({ number }) => number));
  if (numbers.size < values.length && !mayRepeat) {
    throw new InvalidSchemaError(`${fullName} has a number twice; expected the option allow_alias`);
  }
  const isDeclared = options.some(({ path }) => path.length === 1 && path[0] === 'allow_alias');
  if (isDeclared && (!isTrue(type, 'allow_alias') || numbers.size === values.length)) {
    throw new InvalidSchemaError(`${fullName} has the option allow_alias without an alias`);
  }
  if (syntax === 'proto3') rejectLikeNames(fullName, type);
}

/** Generated code drops the name of the enum from its values and ignores case. Two of them must then differ. */
function rejectLikeNames(fullName: string, { name: enumName, values }: EnumSource): void {
  const numbers = new Map<string, number>();
  for (const { name, number } of values) {
    const short = pascalCase(withoutPrefix(name, enumName));
    const other = numbers.get(short);
    if (other !== undefined && other !== number) {
      throw new InvalidSchemaError(
        `${fullName}.${name} differs from another value only in case or in the name of the enum`,
      );
    }
    if (other === undefined) numbers.set(short, number);
  }
}

/** `A` for the value `MY_ENUM_A` of `MyEnum`. Case and underscores are ignored, and a value is never left empty. */
function withoutPrefix(value: string, enumName: string): string {
  const prefix = enumName.replaceAll('_', '').toLowerCase();
  let matched = 0;
  let at = 0;
  for (; at < value.length && matched < prefix.length; at += 1) {
    if (value[at] === '_') continue;
    if (value[at]?.toLowerCase() !== prefix[matched]) return value;
    matched += 1;
  }
  if (matched < prefix.length) return value;
  return value.slice(at).replace(/^_+/, '') || value;
}

function pascalCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join('');
}
