import { entries } from './entries.ts';

/**
 * A program that uses every entry without a network: writes and reads each data format, with compression, and compares
 * schemas. It prints `done`, or throws.
 */
export const everyFormat = `
const definitions = {
  AVRO: '{"type":"record","name":"P","fields":[{"name":"id","type":"string"},{"name":"cents","type":"long"}]}',
  PROTOBUF: \`syntax = "proto3"; package p;
    \${['timestamp', 'descriptor', 'type', 'api', 'source_context'].map((file) => \`import "google/protobuf/\${file}.proto";\`).join(' ')}
    message P { string id = 1; int64 cents = 2; google.protobuf.Timestamp at = 3; google.protobuf.Api api = 4;
      google.protobuf.Type type = 5; google.protobuf.SourceContext source = 6; google.protobuf.FileDescriptorProto file = 7; }\`,
};
const drafts = ['http://json-schema.org/draft-04/schema#', 'http://json-schema.org/draft-06/schema#',
  'http://json-schema.org/draft-07/schema#', 'https://json-schema.org/draft/2019-09/schema', 'https://json-schema.org/draft/2020-12/schema'];
const jsonDefinition = (draft: string) => JSON.stringify({ $schema: draft, type: 'object',
  properties: { id: { type: 'string', format: 'email' }, cents: { type: 'integer', multipleOf: 1 } }, required: ['id'] });

async function roundTrip(dataFormat: DataFormat, definition: string, value: object, message?: string) {
  const schema: RegisteredSchema = { schemaVersionId: 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63', dataFormat, definition };
  const registry = { framing: 'glue' as const, schemaById: async () => schema, schemaByDefinition: async () => schema };
  const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];
  for (const compression of ['none', 'zlib'] as const) {
    const choice = { schema: definition, dataFormat, ...(message !== undefined && { message }) };
    const bytes = await createSerializer({ registry, formats, compression }).serialize('t', value, choice);
    if ((bytes[1] === 5) !== (compression === 'zlib')) throw new Error('compression of ' + dataFormat);
    const deserializer = createDeserializer({ registry, formats });
    const read = (await deserializer.deserialize(bytes)).value as Record<string, unknown>;
    for (const [name, member] of Object.entries(value))
      if (JSON.stringify(read[name]) !== JSON.stringify(member)) throw new Error(dataFormat + ' ' + name);
    const damaged = await deserializer.deserialize(Buffer.from('{}')).catch((error: unknown) => error);
    if (!(damaged instanceof UndecodableError)) throw new Error('damage is not an UndecodableError');
  }
}

async function main() {
  const id = 'somebody@' + 'example.'.repeat(20) + 'com';
  await roundTrip('AVRO', definitions.AVRO, { id, cents: 5 });
  for (const draft of drafts) await roundTrip('JSON', jsonDefinition(draft), { id, cents: 5 });
  const at = { seconds: 7, nanos: 5 };
  await roundTrip('PROTOBUF', definitions.PROTOBUF, { id, cents: 5, at }, 'P');
  const history = (newSchema: string) => ({ mode: 'FULL' as const, newSchema, previous: [newSchema] });
  for (const { compatible } of [
    checkAvroCompatibility(history(definitions.AVRO)),
    checkProtobufCompatibility(history(definitions.PROTOBUF)),
    checkJsonSchemaCompatibility(history(jsonDefinition(drafts[2] as string))),
  ]) if (!compatible) throw new Error('not compatible with itself');
  const confluent = createConfluentRegistry({ url: 'http://127.0.0.1:1' });
  const glue = createGlueRegistry({ registryName: 'r', region: 'us-east-1', endpoint: 'http://127.0.0.1:1', requestTimeoutMs: 200,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  for (const registry of [confluent, glue, await openRegistry({ kind: 'confluent', url: 'http://127.0.0.1:1' }),
    await openRegistry({ kind: 'glue', registryName: 'r', region: 'us-east-1' })]) registry.close();
  const unasked = async () => Promise.reject(new Error());
  const registry = { framing: 'glue' as const, schemaById: unasked, schemaByDefinition: unasked };
  const handler = createKafkaHandler({ value: createDeserializer({ registry }), partialBatchResponse: true, eachRecord() {}, onFailure() {} });
  const answer = await handler({ eventSource: 'aws:kafka', records: { 't-0': [{ topic: 't', partition: 0, offset: 7, timestamp: 0,
    timestampType: 'CREATE_TIME', value: 'e30=' }] } }, {});
  if (answer.batchItemFailures[0]?.itemIdentifier.offset !== 7) throw new Error('lambda');
  if (!typescriptOfAvro(definitions.AVRO).includes('cents')) throw new Error('typescriptOfAvro');
  const app = createGlueLocal({ databaseFile: ':memory:' });
  const health = await app.inject('/healthz');
  if (health.statusCode !== 200) throw new Error('glue-local');
  await app.close();
  console.log('done');
}
main().catch((error) => { console.error(error); process.exit(1); });
`;

/** The names that the program uses, by the entry that exports them. Types have `type` before their name. */
export const everyName: Record<string, readonly string[]> = {
  '@order-stream/serde': [
    ...['avroFormat', 'createDeserializer', 'createSerializer', 'UndecodableError'],
    ...['type DataFormat', 'type RegisteredSchema'],
  ],
  '@order-stream/serde/glue': ['createGlueRegistry'],
  '@order-stream/serde/confluent': ['createConfluentRegistry'],
  '@order-stream/serde/registry': ['openRegistry'],
  '@order-stream/serde/json-schema': ['jsonSchemaFormat'],
  '@order-stream/serde/protobuf': ['protobufFormat'],
  '@order-stream/serde/compatibility': [
    ...['checkAvroCompatibility', 'checkProtobufCompatibility', 'checkJsonSchemaCompatibility'],
  ],
  '@order-stream/serde/lambda': ['createKafkaHandler'],
  '@order-stream/glue-schemas': ['typescriptOfAvro'],
  '@order-stream/glue-local': ['createGlueLocal'],
};

/** A new entry that the program does not use yet is at least resolved. */
const unused = entries
  .filter((entry) => !(entry in everyName))
  .map((entry, index) => `import * as unused${index} from '${entry}';\n`);

const importing = ([name, names]: [string, readonly string[]]) =>
  `import { ${names.join(', ')} } from '${name}';`;

/** The program as TypeScript with imports. TypeScript compiles it to `require()` where the module kind is CommonJS. */
export const everyFormatInTypeScript = `${unused.join('')}${Object.entries(everyName).map(importing).join('\n')}${everyFormat}`;
