import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGlueLocal } from '@order-stream/glue-local';
import { createSerializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { folderOf, repositoryOf, run } from './testing/run-schemas.ts';

const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });
const order = (...more: object[]) =>
  JSON.stringify({
    type: 'record',
    name: 'Order',
    namespace: 'order.v1',
    fields: [field('id', 'long'), ...more],
  });
const optional = field('note', ['null', 'string'], { default: null });
const required = field('is_prime', 'boolean');

async function registryOf(context: TestContext) {
  const app = createGlueLocal({ databaseFile: ':memory:' });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const env = { AWS_REGION: 'us-east-1', REGISTRY_NAME: 'customer' };
  // The AWS SDK reads these from the environment of the process.
  const own = {
    AWS_ENDPOINT_URL_GLUE: endpoint,
    AWS_ACCESS_KEY_ID: 't',
    AWS_SECRET_ACCESS_KEY: 't',
  };
  Object.assign(process.env, own);
  context.after(async () => {
    for (const name of Object.keys(own)) delete process.env[name];
    await app.close();
  });
  const registry = createGlueRegistry({
    registryName: 'customer',
    region: 'us-east-1',
    autoRegistration: true,
  });
  context.after(() => registry.close());
  return { env, registry };
}

test('check: numbered files are compared with lower numbers, and an incompatible one is reported with the reason', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('order.v1.avsc', order());
  write('order.v2.avsc', order(optional));
  commit();
  write('order.v3.avsc', order(optional, field('more', 'int', { default: 0 })));
  assert.deepEqual(await run(['check', folder]), {
    code: 0,
    stdout: `ok  ${path('order.v1.avsc')}: the first version
ok  ${path('order.v2.avsc')}: BACKWARD with 1 earlier
ok  ${path('order.v3.avsc')}: BACKWARD with 2 earlier
`,
    stderr: '',
  });

  write('order.v3.avsc', order(required));
  const { code, stdout } = await run(['check', path('order.v3.avsc')]);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^NO {2}.*order\.v3\.avsc: .*\n {2}READER_FIELD_MISSING_DEFAULT_VALUE at \/fields\/1: is_prime \(against .*order\.v2\.avsc\)\n$/,
  );
  const json = await run(['check', path('order.v3.avsc'), '--json', '--mode', 'NONE']);
  assert.equal(json.code, 0);
  assert.deepEqual(JSON.parse(json.stdout), {
    compatible: true,
    files: [
      {
        file: path('order.v3.avsc'),
        mode: 'NONE',
        against: [path('order.v1.avsc'), path('order.v2.avsc')],
        compatible: true,
        problems: [],
        warnings: [],
        notes: [],
      },
    ],
    skipped: [],
  });
});

test('check: a released file must not change or be removed', async (context) => {
  const { folder, write, remove, commit } = repositoryOf(context);
  write('order.v1.avsc', order());
  write('order.v2.avsc', order(optional));
  commit();
  write('order.v2.avsc', order(field('other', 'int', { default: 0 })));
  remove('order.v1.avsc');
  const { code, stdout } = await run(['check', folder, '--json']);
  assert.equal(code, 1);
  const types = JSON.parse(stdout).files.map((file: { problems: { type: string }[] }) =>
    file.problems.map(({ type }) => type),
  );
  assert.deepEqual(types, [['EDITED_AFTER_RELEASE'], ['REMOVED_AFTER_RELEASE']]);
});

test('check: a file without a number is compared with its own history', async (context) => {
  const { path, write, commit } = repositoryOf(context);
  const file = path('person.avsc');
  write('person.avsc', order());
  commit();
  assert.match((await run(['check', file])).stdout, /^ok .*: the first version\n$/);
  write('person.avsc', order(optional));
  commit();
  write('person.avsc', order(optional, required));
  const refused = await run(['check', file]);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /is_prime \(against HEAD, text 2 of 2\)/);
  const since = await run(['check', file, '--base', 'HEAD~1', '--mode', 'BACKWARD_ALL']);
  assert.match(since.stdout, /against HEAD~1, text 1 of 1/);
});

test('check: JSON Schema and Protobuf files are compared by their own rules', async (context) => {
  const { path, write } = repositoryOf(context);
  const number = {
    type: 'object',
    properties: { n: { type: 'number' } },
    additionalProperties: false,
  };
  const text = { ...number, properties: { n: { type: 'string' } } };
  write('a.json', JSON.stringify(number));
  write('b.json', JSON.stringify(text));
  write('a.proto', 'syntax = "proto3"; message M { int32 n = 1; }');
  write('b.proto', 'syntax = "proto3"; message M { string n = 1; }');
  for (const ending of ['json', 'proto']) {
    const against = ['--against', path(`a.${ending}`)];
    assert.equal((await run(['check', path(`a.${ending}`), ...against])).code, 0, ending);
    assert.equal((await run(['check', path(`b.${ending}`), ...against])).code, 1, ending);
  }
});

test('check: a JSON Schema that cannot be used is invalid, under every mode', async (context) => {
  const { path, write } = repositoryOf(context);
  const text = { type: 'string' };
  write('good.json', JSON.stringify({ type: 'object', properties: { id: text } }));
  for (const [schema, problem] of [
    [{ properties: { id: text, type: 'object' } }, "at '/properties/type': expected a schema"],
    [{ properties: { minimum: 2 } }, "at '/properties/minimum': expected a schema"],
    [{ patternProperties: { a: 5 } }, "at '/patternProperties/a': expected a schema"],
    [{ type: 5 }, "at '/type': expected a type of JSON Schema"],
    [
      { properties: { a: { type: 'strin' } } },
      "at '/properties/a/type': expected a type of JSON Schema",
    ],
    [{ $schema: 'http://example.org/own' }, "at '/$schema': expected draft 04, 06, 07"],
  ] as const) {
    write('bad.json', JSON.stringify(schema));
    for (const mode of ['NONE', 'BACKWARD', 'FORWARD', 'FULL']) {
      const flags = ['--mode', mode, '--against', path('good.json')];
      const { code, stdout } = await run(['check', path('bad.json'), ...flags]);
      assert.equal(code, 1, mode);
      assert.ok(stdout.includes('INVALID_SCHEMA') && stdout.includes(problem), stdout);
    }
    const { code, stdout } = await run(['diff', path('good.json'), path('bad.json')]);
    assert.equal(code, 1);
    assert.match(stdout, /INVALID_SCHEMA/);
  }
  write('after.json', JSON.stringify({ type: 'object', properties: { minimum: 2 } }));
  const after = await run(['check', path('good.json'), '--against', path('after.json')]);
  assert.match(after.stdout, /INVALID_SCHEMA: .*at '\/properties\/minimum'/);
});

test('check: an invalid schema and a missing repository are reported', async (context) => {
  const { path, write } = repositoryOf(context);
  write('bad.avsc', '{"type":"nonsense"}');
  write('good.avsc', order());
  const bad = await run(['check', path('bad.avsc'), '--against', path('good.avsc')]);
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /INVALID_SCHEMA/);
  const nothingCommitted = await run(['check', path('good.avsc')]);
  assert.deepEqual([nothingCommitted.code, nothingCommitted.stdout], [1, '']);
  assert.match(
    nothingCommitted.stderr,
    /^glue-schemas check: --base HEAD: .* has no such commit; .*--against FILE/,
  );
});

test('S4-08 register, list, get and check --online: a schema with dots, in a registry listed 23 names at a time', async (context) => {
  const { env, registry } = await registryOf(context);
  const folder = folderOf(context);
  const path = (name: string) => join(folder, name);
  writeFileSync(path('v1.avsc'), order());
  writeFileSync(path('v2.avsc'), order(optional));
  writeFileSync(path('bad.avsc'), order(required));
  const name = 'fullfillment.test_db.person';

  assert.match(
    (await run(['check', path('v1.avsc'), '--online', name], env)).stdout,
    /first version/,
  );
  const registered = await run(['register', name, path('v1.avsc'), '--mode', 'FULL'], env);
  assert.match(registered.stdout, /^fullfillment\.test_db\.person version 1: [0-9a-f-]{36}\n$/);
  assert.match(
    (await run(['check', path('v2.avsc'), '--online', name], env)).stdout,
    /: FULL with 1/,
  );
  const second = await run(['register', name, path('v2.avsc'), '--json'], env);
  const { schemaVersionId, versionNumber } = JSON.parse(second.stdout);
  assert.equal(versionNumber, 2);

  const refused = await run(['check', path('bad.avsc'), '--online', name], env);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /is_prime \(against fullfillment\.test_db\.person version 2\)/);
  const unregistered = await run(['register', name, path('bad.avsc')], env);
  assert.equal(unregistered.code, 1);
  assert.match(unregistered.stderr, /refuses schema fullfillment\.test_db\.person: .*FAILURE/);

  for (let i = 0; i < 30; i++) await registry.registerVersion(`s${i}`, order());
  const names = (await run(['list', '--page-size', '23'], env)).stdout.trim().split('\n');
  assert.equal(new Set(names).size, 31);
  const versions = (await run(['list', '--versions', '--json'], env)).stdout.trim().split('\n');
  assert.ok(versions.includes(JSON.stringify({ name, mode: 'FULL', versions: [1, 2] })));

  assert.equal((await run(['get', `${name}@1`], env)).stdout, order());
  assert.equal((await run(['get', name], env)).stdout, order(optional));
  assert.equal((await run(['get', '--id', schemaVersionId], env)).stdout, order(optional));
  const absent = await run(['get', 'absent'], env);
  assert.deepEqual([absent.code, absent.stdout], [1, '']);

  const diff = await run(['diff', `${name}@1`, `${name}@2`], env);
  assert.equal(diff.code, 1);
  assert.equal(
    diff.stdout,
    `+ /fields/note: {"name":"note","type":["null","string"],"default":null}
compatible under: NONE, BACKWARD, BACKWARD_ALL, FORWARD, FORWARD_ALL, FULL, FULL_ALL
`,
  );
});

test('diff: two files, with the modes under which they are compatible', async (context) => {
  const { path, write } = repositoryOf(context);
  write('a.avsc', order(field('n', 'int')));
  write('b.avsc', order(required, field('n', 'long', { doc: 'a number' })));
  const { code, stdout } = await run(['diff', path('a.avsc'), path('b.avsc')]);
  assert.equal(code, 1);
  const [first, second, third, modes, ...problems] = stdout.trim().split('\n');
  assert.equal(first, '~ /fields/n/type: "int" -> "long"');
  assert.equal(second, '+ /fields/n/doc: "a number"');
  assert.equal(third, '+ /fields/is_prime: {"name":"is_prime","type":"boolean"}');
  assert.equal(modes, 'compatible under: NONE');
  assert.equal(problems.length, 2);
  const same = await run(['diff', path('a.avsc'), path('a.avsc')]);
  assert.deepEqual([same.code, same.stdout], [0, 'no difference\n']);
});

test('decode: bytes from a file, stdin, hexadecimal digits and base64; every digit is printed', async (context) => {
  const { env, registry } = await registryOf(context);
  const definition = order(field('raw', 'bytes'));
  const serializer = createSerializer({ registry });
  const value = { id: 2n ** 63n - 1n, raw: Buffer.from([1, 255]) };
  const bytes = await serializer.serialize('t', value, { schema: definition });
  const folder = folderOf(context);
  writeFileSync(join(folder, 'record'), bytes);
  writeFileSync(join(folder, 'order.avsc'), definition);
  const expected = '{"id":9223372036854775807,"raw":"Af8="}\n';
  for (const args of [
    [join(folder, 'record')],
    ['--hex', bytes.toString('hex').replaceAll(/../g, '$& ')],
    ['--base64', bytes.toString('base64')],
  ])
    assert.deepEqual(await run(['decode', ...args], env), {
      code: 0,
      stdout: expected,
      stderr: '',
    });
  assert.equal((await run(['decode'], env, bytes)).stdout, expected);
  const whole = JSON.parse((await run(['decode', '--json'], env, bytes)).stdout);
  assert.equal(whole.schema.name, 't-value');

  const offline = await run(['decode', '--schema', join(folder, 'order.avsc')], {}, bytes);
  assert.equal(offline.stdout, expected);
  const confluent = Buffer.concat([Buffer.alloc(5), bytes.subarray(18)]);
  const other = await run(['decode', '--schema', join(folder, 'order.avsc')], {}, confluent);
  assert.equal(other.stdout, expected);
  const damaged = await run(['decode'], env, bytes.subarray(0, -1));
  assert.deepEqual([damaged.code, damaged.stdout], [1, '']);
  assert.match(damaged.stderr, /damaged frame/);
});

test('types: printed, written and compared with a file', async (context) => {
  const { path, write } = repositoryOf(context);
  write('order.v1.avsc', order(optional));
  const types = `// Generated from order.v1.avsc by \`glue-schemas types\`. Do not edit.

export interface Order {
  id: number | bigint;
  note: null | string;
}
`;
  const onlyTypes = ['types', path('order.v1.avsc'), '--types-only'];
  assert.equal((await run(onlyTypes)).stdout, types);
  const whole = (await run(['types', path('order.v1.avsc')])).stdout;
  assert.match(
    whole,
    /export const Order: TypedSchema<Order, OrderInput> = \/\* @__PURE__ \*\/ avroCodec</,
  );
  const out = ['--out', path('order.ts')];
  for (const [args, expected] of [
    [onlyTypes, types],
    [['types', path('order.v1.avsc')], whole],
  ] as const) {
    assert.equal((await run([...args, ...out, '--check'])).code, 1);
    assert.equal((await run([...args, ...out])).code, 0);
    assert.equal(readFileSync(path('order.ts'), 'utf8'), expected);
    assert.equal((await run([...args, ...out, '--check'])).code, 0);
  }
  const other = [...out, '--check', '--logical-type', 'date=Date'];
  assert.equal((await run(['types', path('order.v1.avsc'), ...other])).code, 1);
});

test('types: a representation that does not exist is a usage error', async (context) => {
  const { path, write } = repositoryOf(context);
  write('order.v1.avsc', order(optional));
  for (const flags of [
    ['--unions', 'sometimes'],
    ['--logical-type', 'toString=Date'],
    ['--logical-type', 'time=Date'],
    ['--logical-type', 'time'],
  ]) {
    const { code, stderr } = await run(['types', path('order.v1.avsc'), ...flags]);
    assert.equal(code, 2);
    assert.match(stderr, /--(unions|logical-type)/);
  }
});

test('check, diff: a changed unit or scale is a warning that leaves the exit code as it is', async (context) => {
  const { path, write, commit } = repositoryOf(context);
  const at = (unit: string, scale: number) =>
    order(
      field('at', { type: 'long', logicalType: `timestamp-${unit}` }),
      field('sum', { type: 'bytes', logicalType: 'decimal', precision: 9, scale }),
    );
  write('order.v1.avsc', at('millis', 2));
  write('order.v2.avsc', at('micros', 3));
  commit();
  const [v1, v2] = [path('order.v1.avsc'), path('order.v2.avsc')];
  const warnings = [
    [
      'TIME_UNIT_CHANGED',
      'timestamp-millis changed to timestamp-micros: stored values mean something else',
    ],
    [
      'DECIMAL_SCALE_CHANGED',
      "the decimal's scale changed from 2 to 3: stored bytes mean other numbers",
    ],
  ].map(([type, message], i) => ({ type, message, location: `/fields/${i + 1}/type` }));
  const lines = warnings.map(
    ({ type, message, location }) =>
      `  warning: ${type} at ${location}: ${message} (against ${v1})\n`,
  );
  const checked = await run(['check', v2]);
  assert.deepEqual(
    [checked.code, checked.stdout],
    [0, `ok  ${v2}: BACKWARD with 1 earlier\n${lines.join('')}`],
  );
  const diff = await run(['diff', v1, v2]);
  assert.equal(diff.code, 1);
  assert.ok(diff.stdout.endsWith(lines.join('')), diff.stdout);
  const expected = warnings.map((warning) => ({
    ...warning,
    previousLocation: warning.location,
    against: v1,
  }));
  const json = async (...args: string[]) => JSON.parse((await run([...args, '--json'])).stdout);
  assert.deepEqual((await json('check', v2)).files[0].warnings, expected);
  assert.deepEqual((await json('diff', v1, v2)).warnings, expected);
});

test('a wrong command line is reported with exit code 2, a wrong environment with 78', async () => {
  for (const args of [
    [],
    ['nonsense'],
    ['check'],
    ['check', '.', '--nonsense'],
    ['check', '.', '--mode', 'SIDEWAYS'],
    ['register', 'name'],
    ['list', '--page-size', '101'],
    ['get'],
    ['get', 'n@0'],
    ['diff', 'one'],
    ['decode', 'f', '--hex', '00'],
    ['decode', '--hex', '0'],
    ['types', 'a.avsc', '--check'],
  ]) {
    const { code, stderr } = await run(args, { AWS_REGION: 'us-east-1' });
    assert.equal(code, args[0] === 'types' ? 1 : 2, args.join(' '));
    assert.ok(stderr.length > 0);
  }
  const { code, stderr } = await run(['list'], {});
  assert.equal(code, 78);
  assert.match(stderr, /AWS_REGION is required/);
  for (const word of ['check', 'register', 'diff', 'list', 'get', 'types', 'decode'])
    assert.match((await run([word, '--help'])).stdout, new RegExp(`^glue-schemas ${word} `));
});
