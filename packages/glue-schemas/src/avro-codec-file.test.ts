import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Representation, SchemaReference, TypedSchema } from '@order-stream/serde';
import { avroCodecFile } from './avro-codec-file.ts';

const moduleOf = (
  schema: unknown,
  representation?: Representation,
  references: SchemaReference[] = [],
) => avroCodecFile({ definition: JSON.stringify(schema), references }, representation);
const record = (name: string, fields: object[]) => ({ type: 'record', name, fields });

/** Runs a generated module, and returns what it exports. */
async function load(context: TestContext, text: string) {
  // In this package, so that the import of the serde is found.
  const folder = mkdtempSync(join(import.meta.dirname, '../.generated-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'codec.ts'), text);
  return (await import(pathToFileURL(join(folder, 'codec.ts')).href)) as Record<
    string,
    TypedSchema<unknown, unknown>
  >;
}

test('the definition is in the module byte for byte', async (context) => {
  const definition =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a definition
    '{"type":"record",\r\n\t"name":"R","doc":"`a` ${b} \\\\ \\u0041 \u2028","fields":[]}\n';
  const { R } = await load(context, avroCodecFile({ definition, references: [] }));
  assert.equal(R?.definition, definition);
  assert.deepEqual(R?.decode(R.encode({})), {});
});

test('values that are written come back, with the representation of the flags', async (context) => {
  const schema = record('R', [
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'either', type: ['null', 'string'], default: null },
  ]);
  const text = moduleOf(schema, { unions: 'tagged', logicalTypes: { timestamp: 'Date' } });
  assert.match(text, /\{ unions: 'tagged', logicalTypes: \{ timestamp: 'Date' \} \},\n\);\n$/);
  assert.match(text, / at: Date;\n {2}either: null \| \{ string: string \};/);
  const { R } = await load(context, text);
  const value = { at: new Date(7), either: { string: 'a' } };
  assert.deepEqual(R?.decode(R.encode(value)), value);
  assert.deepEqual(R?.decode(R.encode({ at: new Date(7) })), { at: new Date(7), either: null });
});

test('each logical type has the type of its representation', () => {
  const logical = (name: string, type: object) => ({ name, type });
  const schema = record('R', [
    logical('date', { type: 'int', logicalType: 'date' }),
    logical('time', { type: 'long', logicalType: 'time-micros' }),
    logical('timestamp', { type: 'long', logicalType: 'timestamp-micros' }),
    logical('localTimestamp', { type: 'long', logicalType: 'local-timestamp-millis' }),
    logical('decimal', { type: 'bytes', logicalType: 'decimal', precision: 4 }),
    logical('uuid', { type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' }),
    logical('duration', { type: 'fixed', name: 'D', size: 12, logicalType: 'duration' }),
    // Not allowed for an int, so it is ignored.
    logical('ignored', { type: 'int', logicalType: 'timestamp-millis' }),
  ]);
  const typesWith = (logicalTypes: Representation['logicalTypes']) =>
    [...moduleOf(schema, logicalTypes && { logicalTypes }).matchAll(/^ {2}(\w+): (.*);$/gm)]
      .slice(0, 8)
      .map(([, name, type]) => `${name}: ${type}`);
  assert.deepEqual(typesWith(undefined), [
    ...['date: number', 'time: number | bigint', 'timestamp: number | bigint'],
    ...['localTimestamp: number | bigint', 'decimal: Buffer', 'uuid: U', 'duration: D'],
    'ignored: number',
  ]);
  assert.deepEqual(
    typesWith({
      ...{ date: 'Date', time: 'string', timestamp: 'bigint', localTimestamp: 'string' },
      ...{ decimal: 'bigint', uuid: 'string', duration: 'object' },
    }),
    [
      ...['date: Date', 'time: string', 'timestamp: bigint', 'localTimestamp: string'],
      ...['decimal: bigint', 'uuid: string'],
      'duration: { months: number; days: number; milliseconds: number }',
      'ignored: number',
    ],
  );
});

test('writing takes missing fields with a default, other bytes, unchanged arrays and Maps', () => {
  const item = record('Item', [{ name: 'raw', type: 'bytes' }]);
  const same = record('Same', [{ name: 'n', type: 'long' }]);
  const text = moduleOf(
    record('R', [
      { name: 'note', type: 'string', default: '' },
      { name: 'items', type: { type: 'array', items: item } },
      { name: 'counts', type: { type: 'map', values: same } },
      { name: 'next', type: ['null', 'R'], default: null },
    ]),
  );
  const input = text.slice(text.indexOf('export interface RInput'));
  assert.match(
    input,
    /note\?: string \| undefined;\n {2}items: readonly ItemInput\[\];\n {2}counts: Record<string, Same> \| ReadonlyMap<string, Same>;\n {2}next\?: null \| RInput \| undefined;/,
  );
  assert.match(input, /interface ItemInput \{\n {2}raw: Uint8Array;/);
  assert.doesNotMatch(text, /SameInput/);
});

test('a schema without such parts has one type for both', () => {
  assert.match(moduleOf(record('R', [{ name: 'n', type: 'long' }])), /avroCodec<R>\(/);
  assert.match(
    moduleOf('long'),
    /export type Value = number \| bigint;\n\n.*\nexport const Value: TypedSchema<Value> = \/\* @__PURE__ \*\/ avroCodec<Value>\(/,
  );
  assert.match(moduleOf({ type: 'array', items: 'int' }), /avroCodec<Value, ValueInput>\(/);
});

test('a name that a declaration cannot have, or that the module uses, gets another identifier', async (context) => {
  for (const name of [
    'class',
    'Record',
    'avroCodec',
    'TypedSchema',
    'Date',
    'any',
    'undefined',
    'await',
  ]) {
    const text = moduleOf(record(name, [{ name: 'm', type: { type: 'map', values: 'int' } }]));
    const exported = await load(context, text);
    assert.deepEqual(Object.keys(exported), [`${name}_`]);
  }
});

test('types of other files are written into the definition', async (context) => {
  const references = [
    {
      name: 'Money',
      definition: JSON.stringify(record('Money', [{ name: 'cents', type: 'long' }])),
    },
  ];
  const text = moduleOf(record('R', [{ name: 'price', type: 'Money' }]), {}, references);
  const { R } = await load(context, text);
  assert.deepEqual(R?.decode(R.encode({ price: { cents: 5 } })), { price: { cents: 5 } });
});

test('the module passes isolatedDeclarations, and bundlers may drop a codec that is not used', (context) => {
  const text = moduleOf(record('R', [{ name: 'n', type: 'int', default: 0 }]));
  assert.match(text, /= \/\* @__PURE__ \*\/ avroCodec/);
  const folder = mkdtempSync(join(import.meta.dirname, '../.generated-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'codec.ts'), text);
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
  const words = ['--ignoreConfig', '--strict', '--declaration', '--isolatedDeclarations'];
  const files = ['--outDir', join(folder, 'out'), join(folder, 'codec.ts'), '--noResolve'];
  // Without the imports, which take seconds; the only error left is that they are not found.
  const { stdout } = spawnSync(
    process.execPath,
    [join(dirname(tsc), 'bin/tsc'), ...words, ...files],
    { encoding: 'utf8' },
  );
  assert.deepEqual(stdout.match(/TS\d+/g), ['TS2307']);
});
