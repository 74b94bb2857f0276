import { posix } from 'node:path';
import type { Draft } from '@order-stream/serde/json-schema';
import type { NamesOf } from '../definition-names.ts';
import type { ReadKeys } from '../read-keys.ts';
import type { FindReferred, ReferredFile, ReferredFiles } from './referred-files.ts';

/** Finds the `.json` files that the `$ref`s of a definition name, by their paths or ids. */
export function createFindJson(files: ReferredFiles, namesOf: NamesOf): FindReferred {
  const indexes = new Map<Draft, Promise<ReadonlyMap<string, ReferredFile>>>();

  return async ({ path: from, definition }, { draft, keys }) => {
    const { outer, defined } = namesOf('JSON', definition, draft);
    const [base] = defined;
    const found = outer.map(async ([name = '']) => {
      const chosen = await files.readNamed(name, keys);
      if (chosen) return chosen;
      const path = posix.join(posix.dirname(from), decodeName(name));
      const file = URL.canParse(name) ? undefined : await files.readNewest(name, path, keys);
      return file ?? (await findId(name, base, draft, keys));
    });
    return (await Promise.all(found)).filter((file) => file !== undefined);
  };

  /** A file with this id, which may be relative to that of the definition. */
  async function findId(
    name: string,
    base: string | undefined,
    draft: Draft,
    keys: ReadKeys,
  ): Promise<ReferredFile | undefined> {
    if (!URL.canParse(name, base)) return undefined;
    const { href } = new URL(name, base);
    keys.addName(href);
    const index = indexes.get(draft) ?? indexIds(draft);
    indexes.set(draft, index);
    const file = (await index).get(href);
    return file && { ...file, name };
  }

  async function indexIds(draft: Draft) {
    const paths = (await files.tree.list()).filter((path) => path.endsWith('.json'));
    const index = new Map<string, ReferredFile>();
    for (const file of await Promise.all(paths.map(files.readOptional)))
      for (const id of file ? namesOf('JSON', file.definition, draft).defined : [])
        if (file && !index.has(id)) index.set(id, file);
    return index;
  }
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
