import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  DeleteSchemaVersionsCommand,
  GetRegistryCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  GetTagsCommand,
  type GlueClient,
  ListSchemasCommand,
} from '@aws-sdk/client-glue';
import { versionNumbers } from '../testing/lists.ts';
import { startCommand } from '../testing/start-process.ts';
import {
  isPrime,
  isPrimeOrFalse,
  orderSchema,
  register,
  SchemaId,
  startRegistry,
} from '../testing/start-registry.ts';

const first = orderSchema();
const second = orderSchema(isPrimeOrFalse);
const jsonSchema = '{"type":"object"}';
const proto = 'syntax = "proto3"; message Order { string id = 1; }\n';

/** A temporary folder with these files. */
function seedFolder(context: TestContext, files: Readonly<Record<string, string | Buffer>>) {
  const parent = mkdtempSync(join(tmpdir(), 'glue-local-'));
  context.after(() => rmSync(parent, { recursive: true }));
  const folder = join(parent, 'seed');
  for (const [path, text] of Object.entries({ ...files })) add(path, text);
  mkdirSync(folder, { recursive: true });
  function add(path: string, text: string | Buffer): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, add, databaseFile: join(parent, 'registry.sqlite') };
}

async function schemasOf(client: GlueClient) {
  const { Schemas = [] } = await client.send(new ListSchemasCommand({}));
  const versions = Schemas.map(async ({ RegistryName, SchemaName }) => {
    const found = await client.send(
      new GetSchemaVersionCommand({
        SchemaId: { RegistryName, SchemaName },
        SchemaVersionNumber: { LatestVersion: true },
      }),
    );
    return `${RegistryName} ${SchemaName} ${found.DataFormat} ${found.VersionNumber} ${found.Status}`;
  });
  return Promise.all(versions);
}

test('registries, schemas and versions of a folder exist at start, with their settings', async (context) => {
  const { folder } = seedFolder(context, {
    'customer/registry.json': '{"description":"Customers","tags":{"team":"orders"}}',
    'customer/orders-value/v1.avsc': `${first}\n`,
    'customer/orders-value/v2.avsc': second,
    'customer/orders-value/schema.json':
      '{"compatibility":"FULL_ALL","description":"Orders","tags":{"tier":"1"}}',
    'customer/payments-value/v1.json': jsonSchema,
    'customer/parcel.v1.proto': proto,
    'customer/parcel.v2.proto': proto.replace('1;', '1; string to = 2;'),
    'legopoc.test/db.person.avsc': first,
    'order.v1.avsc': first,
    'README.md': '# Schemas',
    '.git/HEAD': 'ref',
  });
  await using registry = await startRegistry({ seedFolder: folder, pendingMs: 3_600_000 });
  const { client } = registry;
  assert.deepEqual(await schemasOf(client), [
    'customer orders-value AVRO 2 AVAILABLE',
    'customer parcel PROTOBUF 2 AVAILABLE',
    'customer payments-value JSON 1 AVAILABLE',
    'default-registry order AVRO 1 AVAILABLE',
    'legopoc.test db.person AVRO 1 AVAILABLE',
  ]);
  const RegistryId = { RegistryName: 'customer' };
  const { Description, RegistryArn } = await client.send(new GetRegistryCommand({ RegistryId }));
  assert.equal(Description, 'Customers');
  const tags = await client.send(new GetTagsCommand({ ResourceArn: RegistryArn }));
  assert.deepEqual(tags.Tags, { team: 'orders' });
  const schema = await client.send(new GetSchemaCommand({ SchemaId }));
  assert.deepEqual([schema.Compatibility, schema.Description], ['FULL_ALL', 'Orders']);
  const parcel = { RegistryName: 'customer', SchemaName: 'parcel' };
  const { Compatibility } = await client.send(new GetSchemaCommand({ SchemaId: parcel }));
  assert.equal(Compatibility, 'BACKWARD');
  const version = { SchemaId, SchemaVersionNumber: { VersionNumber: 1 } };
  const { SchemaDefinition } = await client.send(new GetSchemaVersionCommand(version));
  assert.equal(SchemaDefinition, `${first}\n`);
});

test('the schemas of this repository are a seed', async () => {
  await using registry = await startRegistry({
    seedFolder: join(import.meta.dirname, '../../../../schemas'),
  });
  assert.deepEqual(await schemasOf(registry.client), ['default-registry order AVRO 1 AVAILABLE']);
});

test('a seed over a kept database changes nothing that exists, and adds what is new', async (context) => {
  const { folder, add, databaseFile } = seedFolder(context, {
    'customer/orders-value/v1.avsc': first,
  });
  const options = { seedFolder: folder, databaseFile };
  const idOf = async (client: GlueClient) => {
    const version = { SchemaId, SchemaVersionNumber: { VersionNumber: 1 } };
    return (await client.send(new GetSchemaVersionCommand(version))).SchemaVersionId;
  };
  let id: string | undefined;
  {
    await using registry = await startRegistry(options);
    id = await idOf(registry.client);
  }
  add('customer/orders-value/v2.avsc', JSON.stringify(JSON.parse(second), null, 2));
  add('customer/orders-value/schema.json', '{"compatibility":"NONE"}');
  add('customer/new/v1.proto', proto);
  for (const _ of [1, 2]) {
    await using registry = await startRegistry(options);
    assert.equal(await idOf(registry.client), id);
    assert.deepEqual(await schemasOf(registry.client), [
      'customer new PROTOBUF 1 AVAILABLE',
      'customer orders-value AVRO 2 AVAILABLE',
    ]);
    const { Compatibility } = await registry.client.send(new GetSchemaCommand({ SchemaId }));
    assert.equal(Compatibility, 'BACKWARD');
    assert.equal((await register(registry.client, second)).VersionNumber, 2);
  }
});

test('every fault of a seed is reported with its file, and nothing is stored', async (context) => {
  const cases: [Record<string, string | Buffer>, string[]][] = [
    [{}, ['seed: no schemas found']],
    [
      { 'r/s/v1.avsc': first, 'r/s/v2.avsc': orderSchema(isPrime), 'r/t/v1.avsc': '{"a' },
      [
        'seed/r/s/v2.avsc: not compatible under BACKWARD: is_prime (at /fields/1)',
        'seed/r/t/v1.avsc: Schema definition of AVRO data format is invalid: …',
      ],
    ],
    [
      { 'r/s/v2.avsc': first, 'r/t/v1.avsc': first, 'r/t/v1.json': jsonSchema, 'r/u.txt': '' },
      [
        'seed/r/u.txt: expected <schema>.avsc or <schema>.v<N>.avsc (or json, proto)',
        'seed/r/s/v2.avsc: version 1 is missing',
        'seed/r/t/v1.json: there are two files of version 1',
        'seed/r/t/v1.json: expected AVRO, as version 1, found JSON',
      ],
    ],
    [
      { 'r/s/v1.avsc': first, 'r/s.avsc': first, 'r/t/x/v1.avsc': first, 'r/t/notes.txt': '' },
      [
        'seed/r/s: the schema has files in this folder and beside it',
        'seed/r/t/x: expected a file, found a folder',
        'seed/r/t/notes.txt: expected v<N>.avsc (or json, proto) or schema.json',
      ],
    ],
    [{ 'r/s/schema.json': '{}' }, ['seed/r/s: no version found']],
    [
      {
        'r/s/v1.avsc': first,
        'r/s/schema.json': '{"compatability":"NONE"}',
        'r/registry.json': '[]',
      },
      [
        'seed/r/registry.json: expected a JSON object',
        'seed/r/s/schema.json: unknown member compatability; expected compatibility, description, tags',
      ],
    ],
    [
      { 'r/s/v1.avsc': first, 'r/s/schema.json': '{"compatibility":"SIDEWAYS"}' },
      ['seed/r/s/schema.json: compatibility: expected one of NONE, DISABLED, …'],
    ],
    [{ 'r/s/v1.avsc': Buffer.from([0xff]) }, ['seed/r/s/v1.avsc: expected UTF-8 text']],
    [
      { 'r/s/v1.avsc': first, 'r/s/v2.avsc': `${first} ` },
      ['seed/r/s/v2.avsc: is the same definition as version 1'],
    ],
    [{ 'r/s/v1.avsc': '' }, ['seed/r/s/v1.avsc: …']],
    [{ 'r y/s.avsc': first }, ['seed/r y: …']],
    [{ 'r/s y.avsc': first }, ['seed/r/s y.avsc: …']],
    [
      {
        'r/registry.json': `{"description":"${'d'.repeat(3000)}"}`,
        'r/s.avsc': first,
        'q/s.avsc': first,
        'q/registry.json': '{"tags":{"tier":1}}',
        'p/s.avsc': first,
        'p/registry.json': '{"description":7}',
      },
      [
        'seed/p/registry.json: description: expected a string, found a number',
        'seed/q/registry.json: tags: expected a string as the value of tier, found a number',
      ],
    ],
    [
      {
        'r/s/schema.json': `{"description":"${'d'.repeat(3000)}"}`,
        'r/s/v1.avsc': first,
        'q/registry.json': `{"tags":{"${'t'.repeat(129)}":"1"}}`,
        'q/s.avsc': first,
      },
      ['seed/q/registry.json: …', 'seed/r/s/schema.json: …'],
    ],
    [
      {
        'registry.json': '{}',
        'schema.json': '{}',
        'package.json': '{"name":"schemas"}',
        'r/schema.json': '{}',
        'r/s.avsc': first,
      },
      [
        'seed/package.json: is not a schema; move it, or …',
        'seed/registry.json: expected in the folder of a registry: <registry>/registry.json',
        'seed/schema.json: expected in the folder of a schema: <registry>/<schema>/schema.json',
        'seed/r/schema.json: expected in the folder of a schema: …',
      ],
    ],
    ...['V2', 'v02', 'v0', 'v1234567', 'ver2', 'version-2', '2', 'v2-draft'].map(
      (part): [Record<string, string>, string[]] => [
        { 'r/order.v1.avsc': first, [`r/order.${part}.avsc`]: second },
        [`seed/r/order.${part}.avsc: expected <schema>.v<N>.avsc with a number from 1 on, …`],
      ],
    ),
    [
      { 'order.avsc': first, 'default-registry/payment.avsc': first },
      [
        'seed/default-registry: the registry default-registry has schemas in this folder and beside it',
      ],
    ],
  ];
  for (const [files, expected] of cases) {
    const { folder, databaseFile } = seedFolder(context, files);
    const faults = await startRegistry({ seedFolder: folder, databaseFile }).then(
      () => assert.fail(`${Object.keys(files)}: no fault`),
      (error) => (error.faults ?? assert.fail(error)) as string[],
    );
    const shown = faults.map((fault) => fault.replace(dirname(folder), '').slice(1));
    const wanted = expected.map((fault) => fault.replace('…', ''));
    for (const [index, fault] of wanted.entries())
      assert.ok(shown[index]?.startsWith(fault), shown.join('\n'));
    assert.equal(shown.length, wanted.length, shown.join('\n'));
    await using registry = await startRegistry({ databaseFile });
    assert.deepEqual(await schemasOf(registry.client), []);
  }
});

test('a name with a dot and digits is the name of a schema when its file has a version as well', async (context) => {
  const { folder } = seedFolder(context, {
    'order.V2.v1.avsc': first,
    'order.v1.v1.avsc': first,
    'order_v2.avsc': first,
    'region.eu.avsc': first,
  });
  await using registry = await startRegistry({ seedFolder: folder });
  assert.equal((await schemasOf(registry.client)).length, 4);
});

test('a byte order mark is not part of a file', async (context) => {
  const mark = '\uFEFF';
  const { folder } = seedFolder(context, {
    'r/a.avsc': `${mark}${first}`,
    'r/j.json': `${mark}${jsonSchema}`,
    'r/p.proto': `${mark}${proto}`,
    'r/registry.json': `${mark}{"description":"Marked"}`,
  });
  await using registry = await startRegistry({ seedFolder: folder });
  for (const [SchemaName, definition] of [
    ['a', first],
    ['j', jsonSchema],
    ['p', proto],
  ]) {
    const version = {
      SchemaId: { RegistryName: 'r', SchemaName },
      SchemaVersionNumber: { VersionNumber: 1 },
    };
    const { SchemaDefinition } = await registry.client.send(new GetSchemaVersionCommand(version));
    assert.equal(SchemaDefinition, definition);
  }
});

test('a version that the database has otherwise is reported', async (context) => {
  const { folder, add, databaseFile } = seedFolder(context, {
    'customer/orders-value/v1.avsc': first,
  });
  const options = { seedFolder: folder, databaseFile };
  {
    await using registry = await startRegistry(options);
    await register(registry.client, second);
  }
  add('customer/orders-value/v2.avsc', orderSchema({ ...isPrimeOrFalse, doc: 'prime' }));
  await assert.rejects(startRegistry(options), {
    code: 'seed-invalid',
    message: /orders-value\/v2\.avsc: the database has another version 2$/,
  });
});

test('the command ends with 78 and one line for each fault of the seed', async (context) => {
  const { folder } = seedFolder(context, { 'r/a.avsc': '1', 'r/b.txt': '' });
  const { lines, child, exited } = startCommand('--port', '0', '--seed', folder);
  child.stdout.resume();
  const said: string[] = [];
  for await (const line of lines) said.push(line);
  assert.deepEqual(await exited, [78, null]);
  assert.deepEqual(said, [
    `glue-local: ${folder}/r/b.txt: expected <schema>.avsc or <schema>.v<N>.avsc (or json, proto)`,
  ]);
});

test('a folder that cannot be read is reported in words', async (context) => {
  const { folder, add } = seedFolder(context, { 'r/s.avsc': first });
  symlinkSync('nowhere', join(folder, 'r/t.avsc'));
  add('../file', '');
  for (const [seed, message] of [
    [folder, `${folder}/r/t.avsc: does not exist`],
    [join(folder, 'nope'), `${folder}/nope: does not exist`],
    [join(folder, '../file'), `${join(folder, '../file')}: expected a folder, found a file`],
  ] as const) {
    await assert.rejects(startRegistry({ seedFolder: seed }), { message });
  }
});

test('a FIFO in a seed is reported, and not read', async (context) => {
  const { folder } = seedFolder(context, { 'r/s.avsc': first, 'r/t/v1.avsc': first });
  execFileSync('mkfifo', [join(folder, 'r/schema.v1.avsc')]);
  execFileSync('mkfifo', [join(folder, 'r/t/schema.json')]);
  // A reader of a FIFO waits for a writer: without the check, the seed would get a text.
  const writers = ['r/schema.v1.avsc', 'r/t/schema.json'].map((fifo) =>
    spawn('cp', [join(folder, 'r/s.avsc'), join(folder, fifo)]),
  );
  try {
    await assert.rejects(startRegistry({ seedFolder: folder }), {
      message: ['t/schema.json', 'schema.v1.avsc']
        .map((file) => `${folder}/r/${file}: expected a file, found a FIFO`)
        .join('\n'),
    });
  } finally {
    for (const writer of writers) writer.kill();
  }
});

test('package.v1.json is a schema of the name package', async (context) => {
  const { folder } = seedFolder(context, { 'package.v1.json': jsonSchema });
  await using registry = await startRegistry({ seedFolder: folder });
  assert.deepEqual(await schemasOf(registry.client), ['default-registry package JSON 1 AVAILABLE']);
});

test('a version of the seed that was deleted stays deleted, and the registry starts', async (context) => {
  const third = orderSchema(isPrimeOrFalse, { name: 'note', type: 'string', default: '' });
  const { folder, databaseFile } = seedFolder(context, {
    'customer/orders-value/v1.avsc': first,
    'customer/orders-value/v2.avsc': second,
    'customer/orders-value/v3.avsc': third,
  });
  const options = { seedFolder: folder, databaseFile };
  const start = async (deletingMs = 0) => {
    const lines: Record<string, unknown>[] = [];
    const stream = { write: (line: string) => lines.push(JSON.parse(line)) };
    return { registry: await startRegistry({ ...options, deletingMs, logger: { stream } }), lines };
  };
  {
    await using registry = await startRegistry({ ...options, deletingMs: 3_600_000 });
    await registry.client.send(new DeleteSchemaVersionsCommand({ SchemaId, Versions: '2-3' }));
  }
  // While the versions are DELETING, and when they are gone.
  for (const deletingMs of [3_600_000, 0]) {
    const { registry, lines } = await start(deletingMs);
    await using _closed = registry;
    assert.deepEqual(await versionNumbers(registry.client), [1]);
    const warned = lines.filter(({ level }) => level === 40);
    assert.deepEqual(
      warned.map(({ msg, versionNumber, file }) => [msg, versionNumber, file]),
      [2, 3].map((number) => [
        'schema version of the seed was deleted, and is not registered again',
        ...[number, join(folder, `customer/orders-value/v${number}.avsc`)],
      ]),
    );
  }
  {
    await using registry = await startRegistry(options);
    assert.equal((await register(registry.client, second)).VersionNumber, 4);
  }
  const { registry } = await start();
  await using _closed = registry;
  assert.deepEqual(await versionNumbers(registry.client), [4, 1]);
});

test('a refused seed logs no change', async (context) => {
  const { folder, add } = seedFolder(context, { 'r/s/v1.avsc': first });
  const started = async () => {
    const messages: unknown[] = [];
    const stream = { write: (line: string) => messages.push(JSON.parse(line).msg) };
    const seed = startRegistry({ seedFolder: folder, logger: { stream } });
    await seed.then((registry) => registry[Symbol.asyncDispose]()).catch(() => {});
    return messages.filter((message) => /version/.test(String(message)));
  };
  assert.deepEqual(await started(), ['schema version registered']);
  add('r/s/v2.avsc', orderSchema(isPrime));
  assert.deepEqual(await started(), []);
});
