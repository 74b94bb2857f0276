import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { entries, requireFunction } from './entries.ts';
import { installedPackages } from './installed-packages.ts';
import { nodeOf } from './node-version.ts';
import { outcomeOf, run } from './run-command.ts';

const imports = entries.map((name, i) => `import * as imported${i} from '${name}';`).join('\n');

/** Both ways of loading give the same objects: a process never has two copies of a class. */
const bothWays = `
import { createRequire } from 'node:module';
${imports}
const require = createRequire(import.meta.url);
const faults = [];
[${entries.map((_, i) => `imported${i}`)}].forEach((imported, i) => {
  const name = ${JSON.stringify(entries)}[i];
  const required = require(name);
  for (const key of new Set([...Object.keys(required), ...Object.keys(imported)]))
    if (imported[key] === undefined || imported[key] !== required[key]) faults.push(name + ' ' + key);
});
const { createDeserializer, UndecodableError } = imported0;
const registry = { framing: 'glue', schemaById: () => {}, schemaByDefinition: () => {} };
const error = await createDeserializer({ registry }).deserialize(Buffer.from('{}')).catch((caught) => caught);
const byRequire = error instanceof require('@order-stream/serde').UndecodableError;
console.log(JSON.stringify({ faults, byImport: error instanceof UndecodableError, byRequire }));
`;

let folder: string;
before(async () => {
  folder = join((await installedPackages()).folder, 'node-versions');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'both-ways.mjs'), bothWays);
  const required = entries.map((entry) => requireFunction(`require('${entry}')`, entry));
  writeFileSync(join(folder, 'required.js'), required.join('\n'));
});

const supported: [string, () => Promise<string> | string, string[]][] = [
  ['Node 22', () => nodeOf(22), []],
  [
    'Node 22 without require() of ES modules',
    () => nodeOf(22),
    ['--no-experimental-require-module'],
  ],
  ['Node 24', () => process.execPath, []],
];
for (const [version, node, flags] of supported)
  test(`${version} loads every entry by require() and by import, as the same objects`, async () => {
    const quiet = [...flags, '--disable-warning=ExperimentalWarning'];
    await run(await node(), [...quiet, 'required.js'], { cwd: folder });
    const printed = await run(await node(), [...quiet, 'both-ways.mjs'], { cwd: folder });
    assert.deepEqual(JSON.parse(printed), { faults: [], byImport: true, byRequire: true });
  });

test('on Node 20 every entry fails with one clear sentence', async () => {
  const node = await nodeOf(20);
  for (const name of entries)
    for (const [code, ...flags] of [
      [`require('${name}')`],
      [`import '${name}'`, '--input-type=module'],
    ]) {
      const { stderr } = await outcomeOf(node, [...flags, '-e', code as string], { cwd: folder });
      const [own] = /^@order-stream\/[\w-]+/.exec(name) ?? [];
      const needed = own === '@order-stream/glue-local' ? '22.13' : '22';
      const sentence = `${own} needs Node.js ${needed} or newer; this is Node.js 20.20.2.`;
      assert.ok(stderr.includes(`Error: ${sentence}\n`), `${code} ${stderr}`);
      assert.match(stderr, /code: 'unsupported-node'/);
    }
});

test('the commands end with exit code 78 and the same sentence on Node 20, and work on Node 22 and 24', async () => {
  for (const command of ['glue-schemas', 'glue-local']) {
    const bin = join(folder, '../node_modules/.bin', command);
    const old = await outcomeOf(await nodeOf(20), [bin, '--help'], { cwd: folder });
    assert.match(old.stderr, /^@order-stream\/[\w-]+ needs Node\.js 22(\.13)? or newer; [^\n]+\n$/);
    assert.deepEqual([old.code, old.stdout], [78, '']);
    for (const node of [await nodeOf(22), process.execPath])
      assert.match(await run(node, [bin, '--help'], { cwd: folder }), new RegExp(command));
  }
});
