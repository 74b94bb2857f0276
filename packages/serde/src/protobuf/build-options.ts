import type { LoadedFile } from './names/loaded-files.ts';
import { nameOf } from './names/resolve-name.ts';
import type { Options } from './proto-file.ts';
import { addValue } from './source/parse-options.ts';
import type { OptionSetting, OptionTree } from './source/source-file.ts';

/**
 * The options of a declaration by name, with nested ones as objects, so that `(a).b = 1` and `(a) = { b: 1 }` are
 * the same. Custom options have the full names of their extensions. The name of an extension that is not declared
 * stays as written, because the Java library ignores such an option.
 *
 * @param user the full name of the declaration
 */
export function buildOptions(
  settings: readonly OptionSetting[],
  user: string,
  file: LoadedFile,
): Options {
  const options: OptionTree = {};
  for (const { path, value } of settings) {
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
    addValue(tree, last, value);
  }
  return options;

  function extensionName(name: string): string {
    const written = name.slice(1, -1);
    return `(${nameOf({ name: written, user, file, line: 0 }) ?? written.replace(/^\./, '')})`;
  }
}
