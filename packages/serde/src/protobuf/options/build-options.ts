import { InvalidSchemaError } from '../../errors.ts';
import type { LoadedFile } from '../names/loaded-files.ts';
import { findName } from '../names/resolve-name.ts';
import type { Options } from '../proto-file.ts';
import type { OptionSetting } from '../source/source-file.ts';
import { addValue, type OptionTree, optionValueOf } from './option-value.ts';
import { withPlainNames } from './plain-names.ts';

/**
 * The options of a declaration by name, with nested ones as objects, so that `(a).b = 1` and `(a) = { b: 1 }` are
 * the same. Custom options have the full names of their extensions.
 *
 * @param place the declaration, for errors
 * @param user the full name of the declaration
 * @param undeclared what happens to an option of an extension that is not declared: protoc and AWS's library refuse it,
 *   Confluent's library ignores it. `keep`: it stays as written
 * @throws InvalidSchemaError
 */
export function buildOptions(
  settings: readonly OptionSetting[],
  place: string,
  user: string,
  file: LoadedFile,
  undeclared: 'keep' | 'refuse',
): Options {
  const options: OptionTree = {};
  for (const { path, value } of withPlainNames(settings, user, file)) {
    const names = path.map((name) => (name.startsWith('(') ? extensionName(name) : name));
    const last = names.pop() ?? '';
    let tree = options;
    for (const name of names) {
      const before = Object.hasOwn(tree, name) ? tree[name] : undefined;
      const nested = typeof before === 'object' && !Array.isArray(before) ? before : {};
      if (before === undefined) tree[name] = nested;
      else if (before !== nested) addValue(tree, name, nested);
      tree = nested;
    }
    // Only an option that is also set in parentheses can be there twice; the last one applies.
    if (typeof tree[last] === 'boolean') delete tree[last];
    addValue(tree, last, optionValueOf(value));
  }
  return options;

  function extensionName(name: string): string {
    const written = name.slice(1, -1);
    const fullName = findName({ name: written, user, file, line: 0 })?.fullName;
    if (fullName === undefined && undeclared === 'refuse') {
      throw new InvalidSchemaError(`${place} has the option ${name}, which is not declared`);
    }
    return `(${fullName ?? written.replace(/^\./, '')})`;
  }
}
