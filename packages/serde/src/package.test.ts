import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const compiler = join(root, '../../node_modules/.bin/tsc');

const program = `
import { avroFormat, createDeserializer, createSerializer, type RegisteredSchema } from '@order-stream/serde';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import { protobufFormat } from '@order-stream/serde/protobuf';
import { checkAvroCompatibility } from '@order-stream/serde/compatibility';
import { createConfluentRegistry } from '@order-stream/serde/confluent';
import { createGlueRegistry } from '@order-stream/serde/glue';

const definition = '{"type":"record","name":"P","fields":[{"name":"cents","type":"long"}]}';
const schema: RegisteredSchema = {
  schemaVersionId: 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63',
  dataFormat: 'AVRO',
  definition,
};
const registry = {
  framing: 'glue' as const,
  schemaById: async () => schema,
  schemaByDefinition: async () => schema,
};
const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];
const bytes = await createSerializer({ registry, formats }).serialize('t', { cents: 5n }, { schema: definition });
const { value } = await createDeserializer({ registry, formats }).deserialize(bytes);
const { compatible } = checkAvroCompatibility({ mode: 'FULL', newSchema: definition, previous: [definition] });
console.log(JSON.stringify({ value, compatible, glue: typeof createGlueRegistry, confluent: typeof createConfluentRegistry }));
`;

// A copy, because packing changes package.json for a while.
const workspace = mkdtempSync(join(tmpdir(), 'serde-workspace-'));
const user = mkdtempSync(join(tmpdir(), 'serde-user-'));
const copy = join(workspace, 'packages/serde');
let packed: { filename: string; files: { path: string }[] };

before(() => {
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => !['node_modules', 'dist'].includes(basename(path)),
  });
  cpSync(join(root, '../../tsconfig.json'), join(workspace, 'tsconfig.json'));
  symlinkSync(join(root, '../../node_modules'), join(workspace, 'node_modules'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  [packed] = JSON.parse(run(copy, 'npm', 'pack', '--json', '--foreground-scripts=false'));
});

after(() => {
  for (const folder of [workspace, user]) rmSync(folder, { recursive: true, force: true });
});

function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test('the packed package has code, types, licence and README, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  const others = paths.filter((path) => !/^dist\/[a-z\d/-]+(\.d\.ts|\.js)$/.test(path));
  assert.deepEqual(others.sort(), ['LICENSE', 'README.md', 'package.json']);
  assert.deepEqual(
    paths.filter((path) => /test|bench|vector/.test(path)),
    [],
  );
  const licence = (path: string) => readFileSync(join(root, path), 'utf8');
  assert.equal(licence('LICENSE'), licence('../../LICENSE'));
});

test('packing leaves package.json as it was', () => {
  const manifest = (folder: string) => readFileSync(join(folder, 'package.json'), 'utf8');
  assert.equal(manifest(copy), manifest(root));
  assert.equal(existsSync(join(copy, 'package.json.workspace')), false);
});

test('the package that npm packs has types and needs nothing of the workspace', () => {
  const modules = join(user, 'node_modules');
  const installed = join(modules, '@order-stream/serde');
  mkdirSync(installed, { recursive: true });
  run(copy, 'tar', '-xzf', packed.filename, '-C', installed, '--strip-components=1');

  const published = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const versions = Object.values<string>(published.dependencies);
  assert.deepEqual(
    versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
  );
  assert.deepEqual([published.private, published.scripts], [undefined, undefined]);
  for (const name of [...Object.keys(published.dependencies), '@types/node']) {
    // Uses the installed packages, so that the test needs no package registry.
    const from = name === '@types/node' ? join(root, '../..') : root;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(from, 'node_modules', name), join(modules, name));
  }

  writeFileSync(join(user, 'package.json'), '{"type":"module"}');
  writeFileSync(join(user, 'program.ts'), program);
  run(
    user,
    compiler,
    ...'--strict --target es2024 --module nodenext --types node program.ts'.split(' '),
  );
  assert.deepEqual(JSON.parse(run(user, process.execPath, 'program.js')), {
    value: { cents: 5 },
    compatible: true,
    glue: 'function',
    confluent: 'function',
  });
});
