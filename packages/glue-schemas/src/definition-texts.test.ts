import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGlueLocal } from '@order-stream/glue-local';
import {
  compileAvro,
  inlineReferences,
  parseAvro,
  portableDefinition,
  SerdeError,
} from '@order-stream/serde';
import { canonicalAvro, checkAvroCompatibility } from '@order-stream/serde/compatibility';
import { schemasCommand } from './index.ts';

/** `registry`: Avro Java takes the text. `reading`: it does not, but values by it can be read and written. */
type Taken = 'registry' | 'reading' | 'nowhere';

const record = (...fields: string[]) => `{"type":"record","name":"R","fields":[${fields.join()}]}`;
const field = (type: string, more = '') => `{"name":"a","type":${type}${more}}`;
const withDefault = (type: string, value: string) => record(field(type, `,"default":${value}`));
const empty = '{"type":"record","name":"X","fields":[]}';
const arrays = (levels: number) =>
  `${'{"type":"array","items":'.repeat(levels)}"int"${'}'.repeat(levels)}`;

/** Each as Avro Java 1.11.4 was observed to decide, with a value and its bytes where values can be read. */
const texts: readonly [name: string, taken: Taken, text: string, value?: unknown, hex?: string][] =
  [
    ['comments', 'registry', '// one\n/* two **/ "int" ', 1, '02'],
    ['comments inside', 'registry', record(`// the a\r${field('"int" /* i */')}`), { a: 1 }, '02'],
    ['a comment with # ', 'nowhere', '# one\n"int"'],
    ['a comment after the end', 'nowhere', '"int" // one'],
    ['a comment without end', 'nowhere', '{"type":"int" /* }'],
    ['a comment with a control character', 'nowhere', '/* \u0001 */ "int"'],
    ['two byte order marks', 'nowhere', '\uFEFF\uFEFF"int"'],
    ['text after the end', 'nowhere', '"int" "int"'],
    ['a trailing comma', 'nowhere', '{"type":"int",}'],
    ['single quotes', 'nowhere', "{'type':'int'}"],
    ['no text', 'nowhere', ''],
    ['a repeated key, the last counts', 'registry', '{"type":"nope","type":"int"}', 1, '02'],
    ['escapes in keys and names', 'registry', '{"\\u0074ype":"\\u0069nt"}', 1, '02'],
    ['1000 levels', 'registry', arrays(1000), [], '00'],
    ['1001 levels', 'nowhere', arrays(1001)],
    ['a nested type', 'reading', '{"type":{"type":{"type":"int"}}}', 1, '02'],
    ['a union as type', 'reading', record(field('{"type":["null","int"]}')), { a: 1 }, '0202'],
    [
      'a name in a type',
      'registry',
      `[${empty},{"type":"record","name":"Q","fields":[${field('{"type":"X"}')}]}]`,
      { Q: { a: {} } },
      '02',
    ],
    [
      'a type without a namespace, named inside one',
      'registry',
      record(
        field(empty),
        `{"name":"b","type":{"type":"record","name":"o.P","fields":[${field('"X"')}]}}`,
      ),
      { a: {}, b: { a: {} } },
      '',
    ],
    [
      'the same in an object, which Java takes since 1.12',
      'reading',
      record(
        field(empty),
        `{"name":"b","type":{"type":"record","name":"o.P","fields":[${field('{"type":"X"}')}]}}`,
      ),
      { a: {}, b: { a: {} } },
      '',
    ],
    [
      'a type with the namespace ""',
      'registry',
      `{"type":"record","name":"s.p.R","fields":[${field('["null",{"type":"record","name":"V","namespace":"","fields":[]}]')},{"name":"b","type":["null","V"]}]}`,
      { a: {}, b: {} },
      '0202',
    ],
    [
      'a name that is defined later',
      'nowhere',
      record(field('"X"'), `{"name":"b","type":${empty}}`),
    ],
    [
      'a name of another namespace',
      'nowhere',
      `{"type":"record","name":"n.R","fields":[${field('{"type":"fixed","name":"m.F","size":1}')},{"name":"b","type":"F"}]}`,
    ],
    [
      'a type that is defined twice',
      'nowhere',
      `[${empty},{"type":"record","name":"Q","fields":[${field(empty)}]}]`,
    ],
    ['a recursive type', 'registry', record(field('["null","R"]')), { a: { a: null } }, '0200'],
    [
      'a dotted name beside a namespace',
      'registry',
      `{"type":"record","name":"a.b.R","namespace":"c","fields":[]}`,
      {},
      '',
    ],
    [
      'a name after a dot',
      'registry',
      '{"type":"record","name":".R","namespace":"c","fields":[]}',
      {},
      '',
    ],
    [
      'a namespace with a space',
      'registry',
      '{"type":"record","name":"Order V1.R","fields":[]}',
      {},
      '',
    ],
    ['a name with a dash', 'nowhere', '{"type":"record","name":"a-b","fields":[]}'],
    ['a name that ends with a dot', 'nowhere', '{"type":"record","name":"R.","fields":[]}'],
    ['the name of a primitive', 'nowhere', '{"type":"record","name":"int","fields":[]}'],
    [
      'letters beyond ASCII',
      'registry',
      record('{"name":"größe","type":"int"}'),
      { größe: 1 },
      '02',
    ],
    ['a field with a dash', 'reading', record('{"name":"a-b","type":"int"}'), { 'a-b': 1 }, '02'],
    [
      'a symbol with a dash',
      'reading',
      '{"type":"enum","name":"E","symbols":["a-b"]}',
      'a-b',
      '00',
    ],
    ['one field twice', 'nowhere', record(field('"int"'), field('"int"'))],
    ['one symbol twice', 'nowhere', '{"type":"enum","name":"E","symbols":["A","A"]}'],
    [
      'aliases that are no list',
      'nowhere',
      '{"type":"record","name":"R","aliases":"S","fields":[]}',
    ],
    [
      'the alias of a field as it is',
      'registry',
      record(field('"int"', ',"aliases":["b-c"]')),
      { a: 1 },
      '02',
    ],
    [
      'a bad alias of a type',
      'nowhere',
      '{"type":"record","name":"R","aliases":["a-b"],"fields":[]}',
    ],
    ['docs that are not text', 'registry', record(field('"int"', ',"doc":{}')), { a: 1 }, '02'],
    [
      'an order in capitals',
      'registry',
      record(field('"int"', ',"order":"IGNORE"')),
      { a: 1 },
      '02',
    ],
    ['an unknown order', 'nowhere', record(field('"int"', ',"order":"up"'))],
    ['an unknown logical type', 'registry', '{"type":"int","logicalType":"own"}', 1, '02'],
    [
      'a logical type of another type',
      'registry',
      '{"type":"int","logicalType":"decimal"}',
      1,
      '02',
    ],
    [
      'a scale beyond the precision',
      'registry',
      '{"type":"bytes","logicalType":"decimal","precision":1,"scale":2}',
      Buffer.of(7),
      '0207',
    ],
    ['an int default with a fraction', 'reading', withDefault('"int"', '1.0'), { a: 1 }, '02'],
    [
      'an int default beyond 32 bits',
      'reading',
      withDefault('"int"', '2147483648'),
      { a: 1 },
      '02',
    ],
    ['a default of another type', 'reading', withDefault('"string"', 'null'), { a: 'x' }, '0278'],
    [
      'a default of the second branch',
      'reading',
      withDefault('["null","int"]', '1'),
      { a: 1 },
      '0202',
    ],
    [
      'a default that contains itself',
      'reading',
      withDefault('["null","R"]', '{}'),
      { a: null },
      '00',
    ],
    [
      'a default beyond a double',
      'registry',
      withDefault('"double"', '1e400'),
      {},
      '000000000000f07f',
    ],
    [
      'a double default as text',
      'registry',
      withDefault('"double"', '" -0x1.8p1d "'),
      {},
      '00000000000008c0',
    ],
    [
      'a default that is no symbol',
      'registry',
      withDefault('{"type":"enum","name":"E","symbols":["A"]}', '"B"'),
      { a: 'A' },
      '00',
    ],
    ['a number of 1001 digits', 'registry', `{"type":"int","own":${'1'.repeat(1001)}}`, 1, '02'],
    [
      'an enum default that is no symbol',
      'nowhere',
      '{"type":"enum","name":"E","symbols":["A"],"default":"B"}',
    ],
    [
      'a fixed of no bytes',
      'registry',
      '{"type":"fixed","name":"F","size":-0}',
      Buffer.alloc(0),
      '',
    ],
    ['a size with a fraction', 'nowhere', '{"type":"fixed","name":"F","size":1.0}'],
    ['a size beyond an array of Java', 'nowhere', '{"type":"fixed","name":"F","size":2147483640}'],
    ['an empty union', 'registry', withDefault('{"type":"array","items":[]}', '[]'), {}, '00'],
    ['a union in a union', 'nowhere', '["null",["int"]]'],
    ['one type twice in a union', 'nowhere', '["int",{"type":"int","logicalType":"date"}]'],
    ['an unknown type', 'nowhere', '{"type":"union"}'],
    ['a type that is not text', 'nowhere', '{"type":1}'],
  ];

const reference = [{ definition: '{"type":"record","name":"other.Z","fields":[]}' }];

/** Entries that decide as the registry does. Each throws a SerdeError for a text that it does not take. */
const registryEntries: Record<string, (text: string) => unknown> = {
  parseAvro: (text) => parseAvro(text),
  canonicalAvro,
  checkAvroCompatibility: (text) =>
    checkAvroCompatibility({ mode: 'FULL', newSchema: text, previous: [text] }),
};

/** Entries that read and write values, or describe them. */
const readingEntries: Record<string, (text: string) => unknown> = {
  parseAvro: (text) => parseAvro(text, { lenient: true }),
  readerDefinition: (text) => compileAvro('"string"', { readerDefinition: text }),
  inlineReferences: (text) => parseAvro(inlineReferences(text, reference), { lenient: true }),
  portableDefinition: (text) => {
    const portable = portableDefinition(text);
    JSON.parse(portable);
    parseAvro(portable);
  },
  encode: (text) => codeOf(() => compileAvro(text).encode(Symbol.iterator, Buffer.alloc(9), 0)),
  decode: (text) => codeOf(() => compileAvro(text).decode(Buffer.alloc(0), 0)),
};

/** Whether the definition was compiled is the question, not whether the value fits it. */
function codeOf(use: () => unknown): void {
  try {
    use();
  } catch (error) {
    if (!['schema-mismatch', 'damaged-frame'].includes((error as SerdeError).code)) throw error;
  }
}

function takes(entry: (text: string) => unknown, text: string): boolean {
  try {
    entry(text);
    return true;
  } catch (error) {
    assert.ok(error instanceof SerdeError, `${error}`);
    return false;
  }
}

for (const [name, taken, text, value, hex] of texts)
  test(`a definition with ${name} is taken ${taken === 'nowhere' ? 'nowhere' : `by every entry that is for ${taken}`}`, () => {
    for (const [entry, take] of Object.entries(registryEntries))
      assert.equal(takes(take, text), taken === 'registry', entry);
    for (const [entry, take] of Object.entries(readingEntries))
      assert.equal(takes(take, text), taken !== 'nowhere', entry);
    if (hex === undefined) return;
    const body = Buffer.from(hex, 'hex');
    const target = Buffer.alloc(50);
    const codec = compileAvro(text);
    assert.equal(target.toString('hex', 0, codec.encode(value, target, 0)), hex);
    const others = [inlineReferences(text, reference), portableDefinition(text)];
    for (const definition of [
      text,
      ...others,
      ...(taken === 'registry' ? [canonicalAvro(text)] : []),
    ]) {
      const other = compileAvro(definition);
      const decoded = other.decode(body, 0);
      assert.equal(target.toString('hex', 0, other.encode(decoded, target, 0)), hex);
    }
  });

test('a byte order mark is part of a text, and makes it invalid', () => {
  for (const [entry, take] of Object.entries({ ...registryEntries, ...readingEntries }))
    assert.equal(takes(take, '\uFEFF"int"'), false, entry);
});

test('the commands and glue-local take the same texts from files, every second one after a byte order mark', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'definition-texts-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const app = createGlueLocal({ databaseFile: ':memory:' });
  const own = {
    AWS_ENDPOINT_URL_GLUE: await app.listen({ port: 0, host: '127.0.0.1' }),
    AWS_ACCESS_KEY_ID: 't',
    AWS_SECRET_ACCESS_KEY: 't',
  };
  Object.assign(process.env, own);
  context.after(async () => {
    for (const name of Object.keys(own)) delete process.env[name];
    await app.close();
  });
  const file = join(folder, 'a.avsc');
  const run = (...args: string[]) => {
    const write = () => true;
    const env = { AWS_REGION: 'us-east-1', REGISTRY_NAME: 'customer' };
    const stdin = (async function* () {})();
    return schemasCommand(args, { env, stdin, stdout: { write }, stderr: { write } } as never);
  };
  for (const [i, [name, taken, text, , hex]] of texts.entries()) {
    writeFileSync(file, `${i % 2 === 0 ? '\uFEFF' : ''}${text}`);
    const byRegistry = taken === 'registry' ? 0 : 1;
    assert.equal(await run('check', file, '--against', file), byRegistry, `check: ${name}`);
    assert.equal(await run('register', `t${i}`, file), byRegistry, `register: ${name}`);
    const byReading = taken === 'nowhere' ? 1 : 0;
    assert.equal(await run('types', file), byReading, `types: ${name}`);
    if (taken === 'nowhere') continue;
    assert.equal(await run('diff', file, file), 0, `diff: ${name}`);
    const framed = ['decode', '--schema', file, '--hex', `0300${'00'.repeat(16)}${hex}`];
    assert.equal(await run(...framed), 0, `decode: ${name}`);
  }
});
