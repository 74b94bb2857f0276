import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { repositoryOf, run } from './testing/run-schemas.ts';

const env = { AWS_REGION: 'us-east-1' };

/** The command must fail with this code, print no result, and one sentence on stderr. */
async function fails(
  code: number,
  args: string[],
  variables: Record<string, string> = env,
  stdin?: Uint8Array,
) {
  const words = args.join(' ').slice(0, 200);
  const result = await run(args, variables, stdin).catch((error) => {
    throw new Error(`${words}: thrown: ${error.stack}`);
  });
  assert.equal(result.code, code, `${words}: ${result.stdout}${result.stderr}`);
  assert.equal(result.stdout, '', words);
  assert.match(result.stderr, /^glue-schemas [a-z]+: .+\n$/, words);
  assert.ok(!/\n.*\n|^ +at /.test(result.stderr), `${words}: ${result.stderr}`);
}

/** A folder with files that no command can use. */
function badFiles(context: TestContext): { good: string; bad: string[]; folder: string } {
  const { folder, path, write, commit } = repositoryOf(context);
  write('good.avsc', '"int"');
  commit();
  mkdirSync(path('folder.avsc'));
  symlinkSync('nowhere.avsc', path('dangling.avsc'));
  symlinkSync('circle.avsc', path('circle.avsc'));
  writeFileSync(
    path('binary.avsc'),
    Uint8Array.from({ length: 999 }, (_, i) => (i * 7919) & 255),
  );
  writeFileSync(path('latin1.avsc'), Buffer.from('{"type":"int","doc":"\xe9"}', 'latin1'));
  const names = [
    ...[
      'missing.avsc',
      'folder.avsc',
      'dangling.avsc',
      'circle.avsc',
      'binary.avsc',
      'latin1.avsc',
    ],
    ...['good.avsc/inside.avsc', `${'x'.repeat(300)}.avsc`],
  ];
  return { folder, good: path('good.avsc'), bad: names.map(path) };
}

test('a file that cannot be read is one sentence, from every command that takes files', async (context) => {
  const { good, bad } = badFiles(context);
  for (const file of [...bad, '', `${good}.txt`]) {
    await fails(2, ['diff', good, file]);
    await fails(2, ['diff', file, good]);
    await fails(1, ['types', file]);
    await fails(1, ['register', 'name', file]);
    if (file !== '') await fails(1, ['decode', '--hex', '0000000001', '--schema', file]);
    if (file !== '' && !file.endsWith('folder.avsc'))
      await fails(1, ['check', good, '--root', file]);
  }
  for (const file of bad.filter((name) => !/latin1|binary/.test(name))) {
    await fails(1, ['check', good, '--against', file]);
    await fails(1, ['check', good, '--references', `p.X=${file}`]);
    await fails(1, ['decode', file]);
    if (!file.endsWith('folder.avsc')) await fails(1, ['types', good, '--out', `${file}/types.ts`]);
  }
  for (const file of bad.filter((name) => !/latin1|binary|folder/.test(name)))
    await fails(1, ['check', file]);
});

test('check: a file that is not a schema is a problem of that file, and the others are checked', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('good.avsc', '"int"');
  commit();
  const against = ['--against', path('good.avsc')];
  writeFileSync(path('binary.avsc'), Buffer.from([0xff, 0xfe, 0]));
  write('empty.avsc', '');
  write('cut.avsc', '{"type":');
  write('deep.avsc', '['.repeat(100_000));
  write('number.avsc', '5');
  write('huge.avsc', `{"type":"fixed","name":"F","size":${'9'.repeat(400)}}`);
  for (const name of ['binary', 'empty', 'cut', 'deep', 'number', 'huge']) {
    const { code, stdout, stderr } = await run(['check', path(`${name}.avsc`), ...against]);
    assert.deepEqual([code, stderr], [1, ''], name);
    assert.match(stdout, /^NO {2}.*\n {2}INVALID_SCHEMA: .+\n$/, name);
  }
  for (const [ending, text] of [
    ...[
      '',
      '{',
      '5',
      '['.repeat(100_000),
      '{"items":'.repeat(20_000),
      '{"$ref":5}',
      '{"$ref":"x.json"}',
    ].map((text) => ['json', text] as const),
    ...[
      '',
      'message',
      'syntax = "proto9";',
      'message A {'.repeat(20_000),
      'import "x.proto"; message A {}',
      'message A { int32 a = 99999999999; }',
    ].map((text) => ['proto', text] as const),
  ]) {
    const file = path(`bad.${ending}`);
    writeFileSync(file, text);
    const shown = `${ending} ${text.slice(0, 40)}`;
    const checked = await run(['check', file, '--against', file]);
    assert.equal(checked.stderr, '', shown);
    if (ending === 'proto' && text === '') continue;
    assert.equal(checked.code, 1, shown);
    assert.match(checked.stdout, /INVALID_SCHEMA: .+\n$/, shown);
    const { code } = await run(['diff', file, file]);
    assert.ok(code === 2 || (code === 0 && ending === 'json'), `${shown}: ${code}`);
  }
  assert.equal((await run(['check', folder, '--root', folder])).code, 1);
});

test('types: files that are not Avro schemas are refused, with what to do instead', async (context) => {
  const { path, write } = repositoryOf(context);
  write('order.proto', 'message Order {}');
  write('order.json', '{"type":"object"}');
  for (const name of ['order.proto', 'order.json']) {
    const { code, stdout, stderr } = await run(['types', path(name)]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /: there are types of Avro schemas only .* createDeserializer<Type>/);
  }
});

test('types: a definition that is not a schema is reported with the name of its file', async (context) => {
  const { path, write } = repositoryOf(context);
  for (const text of [
    '',
    '{"type":"record","name":"R","fields":[{"name":"a","type":"Nowhere"}]}',
  ]) {
    write('order.avsc', text);
    for (const flags of [[], ['--types-only']]) {
      const { code, stderr } = await run(['types', path('order.avsc'), ...flags]);
      assert.equal(code, 1);
      assert.match(stderr, /^glue-schemas types: \S*order\.avsc: .+\n$/);
    }
  }
});

test('wrong flags are one sentence with exit code 2, a wrong environment with 78', async (context) => {
  const { good } = badFiles(context);
  for (const args of [
    ['check', good, '--references', 'x'],
    ['check', good, '--references', '=x'],
    ['check', good, '--references', 'x='],
    ['check', good, '--mode', ''],
    ['check', good, '--json=yes'],
    ['check', good, '--base', ''],
    ['diff', good, 'name@0'],
    ['diff', good, 'name@1.5'],
    ['diff', good, '@1'],
    ['diff', good, 'name@99999999999999999999'],
    ['get', 'name@'],
    ['get', 'name@x'],
    ['get', '@1'],
    ['get', ''],
    ['get', '--id', 'x'],
    ['get', '--id', '1'],
    ['get', '--id', '../../x'],
    ['get', 'a', '--id', 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63'],
    ['get', 'a', 'b'],
    ['list', '--page-size', '0'],
    ['list', '--page-size', '1e9'],
    ['list', '--page-size', '9'.repeat(400)],
    ['list', 'x'],
    ['register', '', good],
    ['decode', '--hex', 'zz'],
    ['decode', '--base64', '!'],
    ['decode', '--hex', '00', '--base64', 'AA=='],
    ['types', good, '--check'],
  ])
    await fails(2, args);
  const confluent = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:9' };
  for (const id of ['x', '-1', '1.5', '4294967296', 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63'])
    await fails(2, ['get', '--id', id], confluent);
  await fails(2, ['register', 'n', good, '--mode', 'DISABLED'], confluent);
  for (const wrong of [
    {},
    { SCHEMA_REGISTRY: 'other' },
    { SCHEMA_REGISTRY: 'none' },
    { SCHEMA_REGISTRY: 'confluent' },
    { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: 'not a url' },
    { AWS_REGION: 'us-east-1', REGISTRY_NAME: 'a/b' },
    { AWS_REGION: 'us-east-1', GLUE_ASSUME_ROLE_ARN: 'x' },
  ] as Record<string, string>[]) {
    await fails(78, ['list'], wrong);
    await fails(78, ['diff', 'name@1', 'name@2'], wrong);
  }
});

test('bytes that are not a record are one sentence', async () => {
  for (const bytes of ['', '03', '00', '0300', '7b7d', 'ff', '0305aabb', '00000000'])
    await fails(1, ['decode'], env, Buffer.from(bytes, 'hex'));
});

/** A server with one answer to every request. */
async function answering(context: TestContext) {
  let answer: { status: number; body: string } = { status: 200, body: '' };
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, answerWith: (status: number, body: string) => (answer = { status, body }) };
}

const commands = (good: string) => [
  ['list'],
  ['list', '--versions'],
  ['get', 'a'],
  ['get', 'a@1'],
  ['register', 'a', good],
  ['check', good, '--online', 'a'],
  ['diff', 'a@1', 'a@2'],
];

/** Nonsense may mean an empty registry, but is never an error of this program. */
async function isToldOrEmpty(args: string[], variables: Record<string, string>, answer: string) {
  const shown = `${args.join(' ')} answered ${answer}`;
  const { code, stdout, stderr } = await run(args, variables).catch((error) => {
    throw new Error(`${shown}: thrown: ${error.stack}`);
  });
  if (code === 0) return assert.equal(stderr, '', shown);
  assert.ok(code === 1 || (code === 2 && args[0] === 'diff'), `${shown}: ${code}`);
  if (stdout === '') assert.match(stderr, /^glue-schemas [a-z]+: .+\n$/, shown);
}

const nonsense = [
  ...[
    '',
    'null',
    '5',
    '"x"',
    '[]',
    '[null]',
    '[5]',
    '[{}]',
    '["a"]',
    '{}',
    '<html></html>',
    '{"error_code":"x"}',
  ],
  ...[
    '{"id":"x","schema":5}',
    '{"id":1,"schema":"{","references":5}',
    '{"id":1,"schema":"\\"int\\"","references":[5]}',
  ],
  ...[
    '{"id":1,"schema":"\\"int\\"","schemaType":"X"}',
    '{"compatibilityLevel":5}',
    '{"id":1,"schema":"\\"int\\"","version":"x"}',
  ],
  ...[
    '{"Schemas":5}',
    '{"Schemas":[5]}',
    '{"Schemas":[null]}',
    '{"SchemaVersionId":5}',
    '{"__type":"X"}',
  ],
  ...[
    '{"SchemaDefinition":5,"DataFormat":"AVRO"}',
    '{"SchemaDefinition":"x","DataFormat":"X"}',
    '{"Compatibility":5}',
  ],
];

test('a registry that answers nonsense is one sentence', async (context) => {
  const { good } = badFiles(context);
  const { url, answerWith } = await answering(context);
  const confluent = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: url };
  for (const status of [200, 404, 302])
    for (const body of nonsense) {
      answerWith(status, body);
      for (const args of commands(good)) await isToldOrEmpty(args, confluent, `${status} ${body}`);
    }
});

test('a Glue endpoint that answers nonsense is one sentence', async (context) => {
  const { good } = badFiles(context);
  const { url, answerWith } = await answering(context);
  // The AWS SDK reads these from the environment of the process.
  const own = { AWS_ENDPOINT_URL_GLUE: url, AWS_ACCESS_KEY_ID: 't', AWS_SECRET_ACCESS_KEY: 't' };
  Object.assign(process.env, own);
  context.after(() => {
    for (const name of Object.keys(own)) delete process.env[name];
  });
  for (const status of [200, 400])
    for (const body of nonsense) {
      answerWith(status, body);
      for (const args of commands(good)) await isToldOrEmpty(args, env, `${status} ${body}`);
    }
});
