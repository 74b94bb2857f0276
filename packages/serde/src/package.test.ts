import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

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

test('the package that npm packs has types and needs nothing of the workspace', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'serde-package-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  run(process.execPath, join(root, 'tools/build-package.mjs'), join(folder, 'built'));
  const [{ filename }] = JSON.parse(run('npm', 'pack', '--json', './built'));
  const modules = join(folder, 'node_modules');
  const installed = join(modules, '@order-stream/serde');
  mkdirSync(installed, { recursive: true });
  run('tar', '-xzf', filename, '-C', installed, '--strip-components=1');

  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const file of ['README.md', 'LICENSE']) readFileSync(join(installed, file));
  const versions = Object.values<string>(manifest.dependencies);
  assert.deepEqual(
    versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
  );
  assert.equal(manifest.private, undefined);
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
    // Those that are installed here already, so that the test asks no registry.
    const from = name === '@types/node' ? join(root, '../..') : root;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(from, 'node_modules', name), join(modules, name));
  }

  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'program.ts'), program);
  run(compiler, ...'--strict --target es2024 --module nodenext --types node program.ts'.split(' '));
  assert.deepEqual(JSON.parse(run(process.execPath, 'program.js')), {
    value: { cents: 5 },
    compatible: true,
    glue: 'function',
    confluent: 'function',
  });
});
