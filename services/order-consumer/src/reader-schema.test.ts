import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ConfigError } from '@order-stream/runtime';
import type { RegisteredSchema } from '@order-stream/serde';
import { readerSchemaFromFile, readerSchemaSetting } from './reader-schema.ts';

function fileWith(context: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'reader-schema-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'order.avsc');
  writeFileSync(file, text);
  return file;
}

const avro = (definition: object | string): RegisteredSchema => ({
  dataFormat: 'AVRO',
  definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
});
const order = { type: 'record', name: 'Order', namespace: 'order.v1', fields: [] };

test('READER_SCHEMA is a word or the path of an Avro schema', (context) => {
  assert.equal(readerSchemaSetting(), 'writer');
  assert.equal(readerSchemaSetting('latest'), 'latest');
  const file = fileWith(context, JSON.stringify(order));
  assert.deepEqual(readerSchemaSetting(file), avro(order));
});

test('a file that cannot be read or is not an Avro schema is a fault of READER_SCHEMA, without its path', (context) => {
  const problemOf = (file: string) => {
    try {
      readerSchemaSetting(file);
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      const [fault] = error.faults;
      assert.equal(fault?.variable, 'READER_SCHEMA');
      assert.ok(!fault.problem.includes(file));
      return fault.problem;
    }
    return undefined;
  };
  assert.equal(
    problemOf('/nowhere/order.avsc'),
    'must be writer, latest or a file that can be read (ENOENT)',
  );
  assert.match(problemOf(tmpdir()) ?? '', /\(EISDIR\)$/);
  assert.match(problemOf(fileWith(context, '{"type":')) ?? '', /^must name a file with an Avro/);
  const noFields = { ...order, fields: undefined };
  assert.match(problemOf(fileWith(context, JSON.stringify(noFields))) ?? '', /^must name a file/);
});

test('a record of another name than the reader schema is refused, because its fields would become defaults', () => {
  const reader = avro({ ...order, namespace: 'mine', aliases: ['old.Purchase'] });
  const choice = readerSchemaFromFile(reader);
  assert.equal(choice(avro(order)), reader);
  assert.equal(choice(avro({ ...order, name: 'Purchase' })), reader);
  assert.throws(() => choice(avro({ ...order, name: 'Gen0' })), {
    code: 'reader-schema-mismatch',
    message: /the record is of type Gen0, the reader Order$/,
  });
});

test('types without a name, and definitions that are invalid, are left to the codec', () => {
  const reader = avro(order);
  const choice = readerSchemaFromFile(reader);
  assert.equal(choice(avro('"long"')), reader);
  assert.equal(choice(avro('{"type":"nobody.knows"}')), reader);
  const union = avro(['null', order]);
  assert.equal(readerSchemaFromFile(union)(avro({ ...order, name: 'Gen0' })), union);
});
