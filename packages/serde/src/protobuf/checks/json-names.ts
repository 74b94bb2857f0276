import { InvalidSchemaError } from '../../errors.ts';
import { jsonNameOf } from '../field-names.ts';
import { isTrue } from '../source/is-true.ts';
import type { FieldSource, MessageSource, SourceFile } from '../source/source-file.ts';

/** The option `json_name` of a field, as it is written. */
export function declaredJsonName({ options }: FieldSource): string | undefined {
  const value = options.find(({ path }) => path.length === 1 && path[0] === 'json_name')?.value;
  return value?.kind === 'string' ? value.text : undefined;
}

/**
 * Rejects fields that share a JSON name. proto2 allows it unless both declare the name. In proto3 the names that the
 * fields have without the option `json_name` must differ as well.
 *
 * Source: protocolbuffers/protobuf, `CheckFieldJsonNameUniqueness`.
 */
export function checkJsonNames(
  fullName: string,
  message: MessageSource,
  syntax: SourceFile['syntax'],
): void {
  if (isTrue(message, 'deprecated_legacy_json_field_conflicts')) return;
  const byDefault = new Set<string>();
  const byName = new Map<string, boolean>();
  for (const field of message.fields) {
    const usual = jsonNameOf(field.name);
    const declared = declaredJsonName(field);
    const isDeclared = declared !== undefined && declared !== usual;
    const name = declared ?? usual;
    if (isDeclared && name.startsWith('[') && name.endsWith(']')) {
      throw new InvalidSchemaError(`${fullName}.${field.name}: a JSON name cannot be in brackets`);
    }
    const other = byName.get(name);
    const isShared = other !== undefined && (syntax === 'proto3' || (other && isDeclared));
    if (isShared || (syntax === 'proto3' && byDefault.has(usual))) {
      throw new InvalidSchemaError(`${fullName}.${field.name} has the JSON name of another field`);
    }
    byDefault.add(usual);
    byName.set(name, isDeclared);
  }
}
