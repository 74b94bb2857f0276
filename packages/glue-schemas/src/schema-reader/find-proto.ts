import { posix } from 'node:path';
import type { NamesOf } from '../definition-names.ts';
import type { FindReferred, ReferredFiles } from './referred-files.ts';

/** Finds the `.proto` files that a definition imports. */
export function createFindProto(files: ReferredFiles, namesOf: NamesOf): FindReferred {
  return async ({ definition }, { folders, keys }) => {
    const found = namesOf('PROTOBUF', definition).outer.map(async ([name = '']) => {
      const chosen = await files.readNamed(name, keys);
      if (chosen) return chosen;
      for (const folder of folders) {
        const file = await files.readNewest(name, posix.join(folder, name), keys);
        if (file) return file;
      }
      return undefined;
    });
    return (await Promise.all(found)).filter((file) => file !== undefined);
  };
}
