import { InvalidSchemaError } from '../../errors.ts';
import type { LoadedFile } from '../names/loaded-files.ts';
import { findName } from '../names/resolve-name.ts';
import type { OptionSetting } from '../source/source-file.ts';
import { typeOf, valueProblem } from './check-value.ts';
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
  // By path: whether a part of the option is set, or the whole.
  const set = new Map<string, 'part' | 'whole'>();
  for (const { path, value, line } of settings) {
    const written = path.join('.');
    const reject = (problem: string): never => {
      throw new InvalidSchemaError(`line ${line}: ${place} has the option ${written}: ${problem}`);
    };
    if (path[0] === 'features') reject('features are not supported');
    if (otherReleases.has(written)) continue;
    const option = findOption(path, reject);
    if (!option) continue;
    const problem = valueProblem(option, value, 'option', { from: file, files });
    if (problem !== undefined) reject(problem);
  }

  function findOption(
    path: readonly string[],
    reject: (problem: string) => never,
  ): OptionField | undefined {
    let around = optionsMessage(name, files);
    let key = '';
    for (const [index, part] of path.entries()) {
      const option = optionField(part, around, user, file, files);
      if (!option) {
        if (undeclared === 'keep' && !isDeclared(part)) return undefined;
        return reject('it is not declared');
      }
      if (part === 'uninterpreted_option') return reject('the name is reserved');
      const isLast = index === path.length - 1;
      const isRepeated = option.field.label === 'repeated';
      key += `.${option.fullName}`;
      const before = set.get(key);
      if (before === 'whole' || (before === 'part' && isLast)) return reject('it is already set');
      if (!isRepeated) set.set(key, isLast ? 'whole' : 'part');
      if (isLast) return option;
      if (isRepeated) return reject(`${part} is repeated; expected a message in braces`);
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
