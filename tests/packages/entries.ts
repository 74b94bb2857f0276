import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

/** Every entry of the packages, as a program names it: `@order-stream/serde/glue`. */
export const entries: readonly string[] = ['serde', 'glue-schemas', 'glue-local'].flatMap(
  (folder) => {
    const text = readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8');
    const { name, exports } = JSON.parse(text) as { name: string; exports: object };
    return Object.keys(exports).map((path) => name + path.slice('.'.length));
  },
);

/** JavaScript that throws unless the value, which is the module of an entry, has a function. */
export const requireFunction = (module: string, entry: string) =>
  `if (!Object.values(${module}).some((one) => typeof one === 'function')) throw new Error('no function in ${entry}');`;
