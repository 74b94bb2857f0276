// Generates the types of an order from the newest schemas/order.v<N>.avsc. Compares them or writes them (`--write`).
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { typesFileOf } from '../../packages/glue-schemas/src/index.ts';
import { writeOrCompare } from './generated-file.ts';

const version = (path: string) => Number(/\.v(\d+)\.avsc$/.exec(path)?.[1]);
const [newest] = globSync('schemas/order.v*.avsc', { cwd: root }).sort(
  (a, b) => version(b) - version(a),
);
if (newest === undefined) throw new Error('no schemas/order.v*.avsc');
const path = 'services/order-producer/src/order-schema.ts';
writeOrCompare('generate/order-types.ts', [
  { path, content: await typesFileOf(join(root, newest), { typesOnly: true }) },
]);
