import { InvalidSchemaError } from '../../errors.ts';
import type { LoadedFile } from '../names/loaded-files.ts';
import { findName } from '../names/resolve-name.ts';
import type { OptionLiteral, OptionSetting } from '../source/source-file.ts';
import { memberField, typeOf, valueProblem } from './check-value.ts';
import {
  type OptionField,
  type OptionsName,
  optionField,
  optionsMessage,
} from './option-fields.ts';

/** What the options of a declaration are compared with. */
export interface OptionRules {
  readonly name: OptionsName;
  readonly files: readonly LoadedFile[];
  /** `keep`: an option that is not declared is not checked, because Confluent's library ignores it. */
  readonly undeclared: 'keep' | 'refuse';
}

// Options that earlier releases of protoc and descriptor.proto had, or that later ones have.
const otherReleases: ReadonlySet<string> = new Set([
  ...['javanano_use_deprecated_package', 'experimental_map_key', 'feature_support'],
]);

/**
 * Rejects options that are not declared, have a value of another type or are set twice, as protoc does.
 *
 * @param place the declaration, for errors
 * @param user the full name of the declaration
 * @throws InvalidSchemaError with the line
 */
export function checkOptions(
  settings: readonly OptionSetting[],
  place: string,
  user: string,
  file: LoadedFile,
  { name, files, undeclared }: OptionRules,
): void {
  if (settings.length === 0) return;
  // Paths of the options that are set, of the messages around them, and of the members of a value in braces.
  const set = new Set<string>();
  for (const { path, value, line } of settings) {
    const written = path.join('.');
    const reject = (problem: string): never => {
      throw new InvalidSchemaError(`line ${line}: ${place} has the option ${written}: ${problem}`);
    };
    if (otherReleases.has(written)) continue;
    const found = findOption(path, reject);
    if (!found) continue;
    const { option, key } = found;
    const problem = valueProblem(option, value, 'option', { from: file, files });
    if (problem !== undefined) reject(problem);
    addMembers(option, key, value);
  }

  /** A later setting can add members to a value in braces, but not set one of its members again. */
  function addMembers(option: OptionField, key: string, value: OptionLiteral): void {
    if (canRepeat(option) || value.kind !== 'message') return;
    const type = typeOf(option, files);
    if (typeof type === 'string' || !('message' in type)) return;
    for (const { name, value: member } of value.members) {
      const field = memberField(name, type, { from: file, files });
      if (!field || canRepeat(field)) continue;
      const memberKey = `${key}.${field.fullName}`;
      set.add(memberKey);
      addMembers(field, memberKey, member);
    }
  }

  function findOption(
    path: readonly string[],
    reject: (problem: string) => never,
  ): { option: OptionField; key: string } | undefined {
    let around = optionsMessage(name, files);
    // protoc sets the options in parentheses after the others, and compares only those of a kind.
    let key = path[0]?.startsWith('(') ? '()' : '';
    for (const [index, part] of path.entries()) {
      const option = optionField(part, around, user, file, files);
      if (!option) {
        if (undeclared === 'keep' && !isDeclared(part)) return undefined;
        return reject('it is not declared');
      }
      if (index === 0 && part === 'uninterpreted_option') return reject('the name is reserved');
      if (option.fullName === `google.protobuf.${name}.features`)
        return reject('features are not supported');
      const isLast = index === path.length - 1;
      key += `.${option.fullName}`;
      if (isLast && set.has(key)) return reject('it is already set');
      if (!canRepeat(option)) set.add(key);
      if (isLast) return { option, key };
      if (canRepeat(option)) return reject(`${part} is repeated; expected a message in braces`);
      const type = typeOf(option, files);
      if (typeof type === 'string' || !('message' in type))
        return reject(`${part} is not a message`);
      around = type;
    }
    return undefined;
  }

  function isDeclared(part: string): boolean {
    return (
      part.startsWith('(') &&
      findName({ name: part.slice(1, -1), user, file, line: 0 }) !== undefined
    );
  }
}

function canRepeat({ field }: OptionField): boolean {
  return field.label === 'repeated' || field.mapKey !== undefined;
}
