import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { entries, requireFunction } from './entries.ts';
import { installedPackages } from './installed-packages.ts';
import { outcomeOf } from './run-command.ts';

const jest = join(import.meta.dirname, 'node_modules/jest/bin/jest.js');

const required = entries.map((entry) => requireFunction(`require('${entry}')`, entry)).join('\n  ');

/** Jest without flags is CommonJS alone: no import(). */
const jestTest = `
test('every entry', () => {
  ${required}
});

test('a record is read through a registry that is opened by its settings', async () => {
  const { createDeserializer, createSerializer, UndecodableError } = require('@order-stream/serde');
  const { openRegistry } = require('@order-stream/serde/registry');
  const { createGlueLocal } = require('@order-stream/glue-local');
  const app = createGlueLocal({ databaseFile: ':memory:' });
  process.env.AWS_ENDPOINT_URL_GLUE = await app.listen({ port: 0 });
  process.env.AWS_ACCESS_KEY_ID = process.env.AWS_SECRET_ACCESS_KEY = 'test';
  const registry = await openRegistry({ kind: 'glue', registryName: 'r', region: 'us-east-1' }, { autoRegistration: true });
  const schema = '{"type":"record","name":"P","fields":[{"name":"id","type":"string"}]}';
  const bytes = await createSerializer({ registry }).serialize('t', { id: 'a' }, { schema });
  const deserializer = createDeserializer({ registry });
  expect((await deserializer.deserialize(bytes)).value).toEqual({ id: 'a' });
  await expect(deserializer.deserialize(Buffer.from('{}'))).rejects.toBeInstanceOf(UndecodableError);
  registry.close();
  await app.close();
});
`;

let folder: string;
before(async () => {
  folder = join((await installedPackages()).folder, 'jest');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"jest-user","version":"1.0.0"}');
  writeFileSync(join(folder, 'serde.test.js'), jestTest);
});

test('Jest in its default mode loads every entry, reads a record and recognizes errors', async () => {
  const args = [jest, '--rootDir', folder, '--no-cache'];
  const { code, stderr } = await outcomeOf(process.execPath, args, { cwd: folder });
  assert.match(stderr, /Tests: +2 passed, 2 total/, stderr);
  assert.equal(code, 0, stderr);
});
