import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createLogger } from '@order-stream/runtime';
import { loadConsumerConfig } from './config.ts';
import { createRecordDeserializer } from './record-deserializer.ts';
import { listeningEndpoint } from './testing/listening-endpoint.ts';
import { openConnections } from './testing/open-connections.ts';
import { setVariables } from './testing/set-variables.ts';

const field = (name: string, more: object = {}) => ({ name, type: 'string', ...more });
const order = (...fields: object[]) =>
  JSON.stringify({ type: 'record', name: 'Order', fields: [field('id'), ...fields] });
const written = { subject: 'orders-value', version: 1, id: 7, schema: order() };
const later = { ...written, version: 2, id: 8, schema: order(field('note', { default: 'none' })) };
const otherTopic = { ...later, subject: 'returns-value', schema: order() };
const answers: Record<string, object> = {
  '/schemas/types': ['AVRO'],
  '/schemas/ids/7': written,
  '/schemas/ids/7/versions': [written, otherTopic].map(({ subject }) => ({ subject, version: 1 })),
  '/subjects/orders-value/versions/latest': later,
  '/subjects/returns-value/versions/latest': otherTopic,
};

/** An order whose id is `a`, in a Confluent frame with the schema id 7. */
const frame = Buffer.from('0000000007' + '0261', 'hex');
const json = Buffer.from('{"id":"a"}');

/** A deserializer by these variables, over a server in place of a Confluent-compatible registry. */
async function start(context: TestContext, env: Record<string, string> = {}) {
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    const answer = answers[url];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error_code: 40403, message: 'not found' }));
  });
  const config = loadConsumerConfig({
    BOOTSTRAP_SERVERS: 'b-1:9098',
    AWS_REGION: 'us-east-1',
    SCHEMA_REGISTRY: 'confluent',
    SCHEMA_REGISTRY_URL: await listeningEndpoint(context, server),
    ...env,
  });
  const warnings: string[] = [];
  const infos: string[] = [];
  const logger = createLogger({ name: 'test', level: 'silent' });
  logger.warn = (_: unknown, message?: string) => warnings.push(String(message));
  logger.info = (_: unknown, message?: string) => infos.push(String(message));
  const parts = await createRecordDeserializer(config, logger);
  context.after(() => parts.close());
  return {
    ...parts,
    requests,
    warnings,
    infos,
    read: async (bytes: Buffer, topic = 'orders') => {
      const { value } = await parts.deserializerOf(topic).deserialize(bytes);
      return { ...(value as object) };
    },
  };
}

function fileWith(context: TestContext, name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'record-deserializer-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('without a registry, values are JSON, keys are text, and no registry is asked', async (context) => {
  const { read, keys, checkRegistry, registryIsNeeded, requests } = await start(context, {
    SCHEMA_REGISTRY: 'none',
  });
  assert.deepEqual(await read(json), { id: 'a' });
  assert.equal(keys, undefined);
  await checkRegistry();
  assert.equal(registryIsNeeded(), false);
  assert.deepEqual(requests, []);
});

test('values and keys are read by the registry, which is needed while no snapshot has answers', async (context) => {
  const { read, keys, checkRegistry, registryIsNeeded, requests, deserializerOf, warnings } =
    await start(context);
  assert.equal(registryIsNeeded(), true);
  await checkRegistry();
  assert.deepEqual(requests, ['/schemas/types']);
  assert.deepEqual(await read(frame), { id: 'a' });
  assert.deepEqual({ ...((await keys?.deserialize(frame))?.value as object) }, { id: 'a' });
  assert.equal(deserializerOf('orders'), deserializerOf('returns'));
  assert.deepEqual(warnings, []);
});

test('values without a frame are JSON only if UNFRAMED_VALUES says so, and keys never are', async (context) => {
  const refused = { code: 'not-a-frame' };
  const { deserializerOf } = await start(context);
  await assert.rejects(deserializerOf('orders').deserialize(json), refused);
  const { read, keys } = await start(context, { UNFRAMED_VALUES: 'json' });
  assert.deepEqual(await read(json), { id: 'a' });
  await assert.rejects(async () => keys?.deserialize(json), refused);
});

test('a registry whose snapshot has answers is not needed, and a damaged snapshot is logged', async (context) => {
  const url = 'http://127.0.0.1:9/registry';
  const snapshot = JSON.stringify({
    format: 'schema snapshot 1',
    source: url,
    answers: [['id 7', { schemaId: 7, dataFormat: 'AVRO', definition: written.schema }]],
  });
  const withSnapshot = await start(context, {
    SCHEMA_REGISTRY_URL: url,
    SCHEMA_SNAPSHOT_FILE: fileWith(context, 'snapshot.json', snapshot),
  });
  assert.equal(withSnapshot.registryIsNeeded(), false);
  const SCHEMA_SNAPSHOT_FILE = fileWith(context, 'snapshot.json', '{');
  const { warnings, registryIsNeeded } = await start(context, { SCHEMA_SNAPSHOT_FILE });
  assert.deepEqual([warnings, registryIsNeeded()], [['schema snapshot'], true]);
});

test('S4-01 with a second registry, the records and keys of both are read', async (context) => {
  const { read, keys } = await start(context);
  const glue = {
    SCHEMA_REGISTRY: 'glue',
    SECONDARY_SCHEMA_REGISTRY: 'confluent',
  };
  const primary = await start(context, glue);
  assert.deepEqual(await primary.read(frame), await read(frame));
  assert.deepEqual(await primary.keys?.deserialize(frame), await keys?.deserialize(frame));
  const { deserializerOf } = await start(context, { SCHEMA_REGISTRY: 'glue' });
  await assert.rejects(deserializerOf('orders').deserialize(frame), { code: 'not-a-frame' });
});

test('READER_SCHEMA=file resolves values and not keys', async (context) => {
  const reader = order(field('note', { default: 'by the file' }));
  const { read, keys } = await start(context, {
    READER_SCHEMA: fileWith(context, 'order.avsc', reader),
  });
  assert.deepEqual(await read(frame), { id: 'a', note: 'by the file' });
  assert.deepEqual({ ...((await keys?.deserialize(frame))?.value as object) }, { id: 'a' });
});

test('READER_SCHEMA=latest follows a new version, which it logs once, until it is closed', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  let now = 0;
  context.mock.method(performance, 'now', () => now);
  const path = '/subjects/orders-value/versions/latest';
  const newest = order(field('note', { default: 'new' }));
  context.after(() => {
    answers[path] = later;
  });
  const { read, requests, infos, checkRegistry, close } = await start(context, {
    READER_SCHEMA: 'latest',
  });
  const asked = () => requests.filter((one) => one === path).length;
  await read(frame);
  answers[path] = { ...later, version: 3, id: 9, schema: newest };
  now = 5 * 60_000;
  // The first round begins the request, and the second sees its answer.
  while (infos.length === 0) {
    context.mock.timers.tick(60_000);
    await turn();
  }
  assert.deepEqual(infos, ['records are read by a newer schema version']);
  assert.equal(asked(), 2);
  assert.deepEqual(await read(frame), { id: 'a', note: 'new' });
  close();
  now += 5 * 60_000;
  context.mock.timers.tick(60_000);
  // The answer to a later request: the server would have seen an earlier one.
  await checkRegistry();
  assert.equal(asked(), 2);
});

test('READER_SCHEMA=latest resolves the values of each topic to the latest version of its schema', async (context) => {
  const { read, keys, deserializerOf, close } = await start(context, { READER_SCHEMA: 'latest' });
  assert.deepEqual(await read(frame), { id: 'a', note: 'none' });
  assert.deepEqual(await read(frame, 'returns'), { id: 'a' });
  assert.deepEqual({ ...((await keys?.deserialize(frame))?.value as object) }, { id: 'a' });
  assert.ok(deserializerOf('orders').deserializeSync(frame));
  assert.equal(deserializerOf('orders'), deserializerOf('orders'));
  close();
});

for (const [ReaderSchema, primary, secondary] of [
  ['writer', 'glue', 'confluent'],
  ['latest', 'glue', 'confluent'],
  ['writer', 'confluent', 'glue'],
] as const)
  test(`a closed deserializer has no connection to Glue (${ReaderSchema}, ${primary}, ${secondary})`, async (context) => {
    const glue = createServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end('{"__type":"AccessDeniedException"}');
    });
    const connections = openConnections(glue);
    setVariables(context, {
      AWS_ENDPOINT_URL_GLUE: await listeningEndpoint(context, glue),
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    const { deserializerOf, close } = await start(context, {
      SCHEMA_REGISTRY: primary,
      SECONDARY_SCHEMA_REGISTRY: secondary,
      READER_SCHEMA: ReaderSchema,
    });
    const ofGlue = Buffer.from(`0300${'ab'.repeat(16)}`, 'hex');
    await assert.rejects(deserializerOf('orders').deserialize(ofGlue), { code: 'registry-access' });
    assert.equal(connections.size, 1);
    close();
    while (connections.size > 0) await turn();
  });
