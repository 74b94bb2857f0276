import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { browse } from '../testing/browse.ts';
import { openRegistry } from '../testing/open-registry.ts';
import { reasonTypes } from './reason-words.ts';

const RegistryId = { RegistryName: 'r' };
const SchemaId = { RegistryName: 'r', SchemaName: 's' };
const base = '/registries/r/schemas/s';

async function openVersions(
  DataFormat: string,
  Compatibility: string,
  definitions: readonly string[],
) {
  const registry = openRegistry();
  await registry.call('CreateRegistry', RegistryId);
  await registry.call('CreateSchema', {
    ...{ RegistryId, SchemaName: 's', DataFormat, Compatibility },
    SchemaDefinition: definitions[0],
  });
  for (const SchemaDefinition of definitions.slice(1)) {
    const { answer } = await registry.call('RegisterSchemaVersion', { SchemaId, SchemaDefinition });
    assert.match(String(answer.Status), /AVAILABLE|FAILURE/);
  }
  return registry;
}

const record = (...fields: object[]) => JSON.stringify({ type: 'record', name: 'R', fields });
const id = { name: 'id', type: 'string' };

/** The marked texts of a document, with the id of their place. */
function marksOf(document: string): string[][] {
  const pattern = /<a class="ref" id="([^"]+)"[^>]*>\d+<\/a><mark>([^<]*)<\/mark>/g;
  return [...document.matchAll(pattern)].map(([, place = '', text = '']) => [
    place,
    text.replaceAll('&#34;', '"'),
  ]);
}

const plain = (document: string) => document.replace(/<[^>]*>/g, '').replaceAll('&#34;', '"');

test('the reasons of a FAILURE are sentences, with their places marked in both texts', async () => {
  await using registry = await openVersions('AVRO', 'BACKWARD', [
    record(id),
    record({ ...id, type: 'long' }, { name: 'is_prime', type: 'boolean' }),
  ]);
  const { text } = await browse(registry, `${base}/versions/2`);
  assert.deepEqual(marksOf(text), [
    ['new-1', '"type": "long"'],
    ['new-2', '{ "name": "is_prime", "type": "boolean" }'],
    ['v1-1', '"type":"string"'],
  ]);
  assert.match(
    plain(text),
    /id: The type is LONG in version 2 and STRING in version 1: STRING cannot be read as LONG\./,
  );
  assert.match(
    plain(text),
    /is_prime: The field “is_prime” of version 2 has no default, and records of version 1 do not/,
  );
  assert.match(text, /<a href="#v1-1"><code>\/fields\/0\/type<\/code><\/a>/);
});

test('each reason is marked in the version that it is about, also after others were deleted', async () => {
  const [one, two] = [record(id), record(id, { name: 'b', type: 'int', default: 0 })];
  await using registry = await openVersions('AVRO', 'FORWARD', [
    one,
    two,
    record(id, { name: 'b', type: 'int', default: 0 }, { name: 'c', type: 'int' }),
    record({ ...id, type: 'int' }, { name: 'c', type: 'string' }, { name: 'b', type: 'int' }),
  ]);
  const before = await browse(registry, `${base}/versions/4`);
  assert.ok(marksOf(before.text).some(([place]) => place === 'v3-1'));
  await registry.call('DeleteSchemaVersions', { SchemaId, Versions: '2' });
  const after = await browse(registry, `${base}/versions/4`);
  assert.deepEqual(marksOf(after.text), marksOf(before.text));
  await registry.call('DeleteSchemaVersions', { SchemaId, Versions: '3' });
  const gone = await browse(registry, `${base}/versions/4`);
  assert.equal(gone.status, 200);
  assert.match(gone.text, /The text that it was compared with is no longer known/);
});

test('reasons of JSON Schema and Protobuf are marked too', async () => {
  const schema = (type: string) => `{\n  "properties": { "a/b": { "type": "${type}" } }\n}`;
  await using json = await openVersions('JSON', 'FULL', [schema('number'), schema('integer')]);
  const { text } = await browse(json, `${base}/versions/2`);
  assert.ok(marksOf(text).some(([, marked]) => marked === '"type": "integer"'));
  assert.match(text, /version 1 cannot|Version 2 cannot read all data of version 1/);
  const proto = (field: string) => `syntax = "proto3";\n// int64 n = 1;\nmessage M { ${field}; }`;
  await using protobuf = await openVersions('PROTOBUF', 'BACKWARD', [
    proto('int64 n = 1'),
    proto('string /* < */ n = 1 [deprecated = true]'),
  ]);
  const failed = await browse(protobuf, `${base}/versions/2`);
  assert.deepEqual(marksOf(failed.text), [
    ['new-1', 'string /* &#60; */ n = 1 [deprecated = true]'],
    ['v1-1', 'int64 n = 1'],
  ]);
  assert.match(plain(failed.text), /M\.n: The type is string in version 2 and int64 in version 1/);
});

test('every type of reason has a sentence', () => {
  const folder = new URL('../../../serde/src/compatibility/', import.meta.url).pathname;
  const types = globSync(`${folder}{*-faults,json-schema-*,reader-writer,check-history}.ts`)
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => readFileSync(file, 'utf8').match(/(?<=')[A-Z]+(?:_[A-Z]+)+(?=')/g) ?? [])
    .filter((type) => !/_ALL$/.test(type));
  assert.ok(types.length > 20);
  assert.deepEqual(
    types.filter((type) => !reasonTypes.has(type)),
    [],
  );
});

test('the form answers whether a definition is compatible, for any mode, and stores nothing', async () => {
  await using registry = await openVersions('AVRO', 'BACKWARD', [record(id)]);
  const check = async (definition: string, mode = '', headers = {}) => {
    const response = await registry.app.inject({
      ...{ method: 'POST', url: `${base}/check` },
      headers: {
        ...{ host: 'localhost:4570', 'content-type': 'application/x-www-form-urlencoded' },
        ...headers,
      },
      payload: new URLSearchParams({ definition, mode }).toString(),
    });
    return { status: response.statusCode, text: response.body };
  };
  const form = await browse(registry, `${base}/check`);
  assert.match(form.text, /<option value="BACKWARD" selected>BACKWARD \(of this schema\)/);
  const added = record(id, { name: 'b', type: 'int' });
  const no = await check(added);
  assert.equal(no.status, 200);
  assert.match(no.text, /<h2>Not compatible/);
  assert.match(plain(no.text), /The field “b” of the new definition has no default/);
  assert.deepEqual(marksOf(no.text)[0], ['new-1', '{"name":"b","type":"int"}']);
  for (const [mode, heading] of [
    ...[
      ['FORWARD', 'Compatible'],
      ['NONE', 'Compatible'],
      ['FULL_ALL', 'Not compatible'],
    ],
    ...[
      ['DISABLED', 'Refused'],
      ['toString', 'Not compatible'],
    ],
  ] as const) {
    const { text } = await check(added, mode);
    assert.ok(text.includes(`<h2>${heading} `), mode);
  }
  assert.match(
    (await check(record(id).replace(',', ' , '))).text,
    /is <a href="[^"]+\/1">version 1<\/a> already/,
  );
  assert.match(
    plain((await check('{"type": "recor')).text),
    /Refused.*Schema definition of AVRO data format is invalid/s,
  );
  // As long as a definition can be. A browser sends each of its line breaks as two characters.
  const longest = `${record(id)}${'\n'.repeat(170_000 - record(id).length)}`;
  assert.match((await check(longest.replaceAll('\n', '\r\n'))).text, /<h2>Registered already/);
  assert.match((await check(`${longest}\n`)).text, /<h2>Refused/);
  const hostile = await check('</textarea><script>alert(1)</script>');
  assert.doesNotMatch(hostile.text, /<script|<\/textarea><s/);
  assert.equal((await check(' '.repeat(3_000_000))).status, 413);
  assert.equal((await check(added, '', { 'sec-fetch-site': 'cross-site' })).status, 403);
  assert.equal((await check(added, '', { 'sec-fetch-site': 'same-site' })).status, 403);
  assert.equal((await check(added, '', { origin: 'http://attacker.example' })).status, 403);
  assert.equal((await check(added, '', { origin: 'null' })).status, 403);
  assert.equal((await check(added, '', { origin: 'http://localhost:4570' })).status, 200);
  assert.equal((await check(added, '', { host: 'attacker.example' })).status, 421);
  const { answer } = await registry.call('ListSchemaVersions', { SchemaId });
  assert.equal(answer.Schemas.length, 1);
});

test('two versions are compared in lines, in what changed, and in the modes that allow the change', async () => {
  const decimal = (scale: number) => ({
    ...{ name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale } },
  });
  await using registry = await openVersions('AVRO', 'NONE', [
    record(id, decimal(2)),
    record(id, decimal(4), { name: 'b', type: 'int' }),
  ]);
  const { text } = await browse(registry, `${base}/compare?from=1&to=2`);
  const modes = [...text.matchAll(/class="badge (?:yes|note)">([A-Z_]+)</g)].map(
    ([, mode]) => mode,
  );
  assert.deepEqual(modes, ['NONE', 'FORWARD', 'FORWARD_ALL']);
  assert.match(plain(text), /added \/fields\/b: \{"name":"b","type":"int"\}/);
  assert.match(
    plain(text),
    /amount: The decimal&#39;s scale changed from 2 to 4: stored bytes mean other numbers/,
  );
  assert.match(plain(text), /-.*"scale": 2 \}.*\+.*"scale": 4 \}/s);
  const same = await browse(registry, `${base}/compare?from=2&to=2`);
  assert.match(same.text, /No line differs/);
  for (const query of ['', '?from=1', '?from=1&to=9', '?from=x&to=1', '?from=1&from=2&to=1']) {
    const { status } = await browse(registry, `${base}/compare${query}`);
    assert.equal(status, 404, query);
  }
});

test('versions of every format can be compared, also where one is not compatible at all', async () => {
  for (const [format, one, other] of [
    ['JSON', '{"type":"string"}', 'true'],
    [
      'PROTOBUF',
      'syntax = "proto3"; message A { string a = 1; }',
      'syntax = "proto2"; message B {}',
    ],
    ['AVRO', '"string"', '{"type":"map","values":["null","bytes"]}'],
  ] as const) {
    await using registry = await openVersions(format, 'NONE', [one, other]);
    const { status, text } = await browse(registry, `${base}/compare?from=1&to=2`);
    assert.equal(status, 200, format);
    assert.match(text, />NONE</);
    if (format === 'AVRO') assert.match(text, /<li>changed the whole definition: from <code>/);
  }
});

test('reasons that are not kept are counted, on the page and by the registry', async () => {
  const fields = (type: string) =>
    Array.from({ length: 300 }, (_, index) => ({ name: `f${index}`, type }));
  await using registry = await openVersions('AVRO', 'FULL_ALL', [
    record(...fields('int')),
    record(...fields('int').reverse()),
    record(...fields('string')),
  ]);
  const { text } = await browse(registry, `${base}/versions/3`);
  assert.match(
    plain(text),
    /(?<!At least )1200 reasons were counted\. The first 1000 are kept, 200 are not\./,
  );
  const [, id = ''] = /<code>([0-9a-f-]{36})<\/code>/.exec(text) ?? [];
  const { app } = registry;
  const answer = (await app.inject(`/_local/schema-versions/${id}/reasons`)).json();
  const { incompatibilityCount, notKept, incompatibilities } = answer;
  assert.deepEqual([incompatibilityCount, notKept, incompatibilities.length], [1200, 200, 1000]);
});
