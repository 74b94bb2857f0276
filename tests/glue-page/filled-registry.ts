import { createGlueLocal } from '@order-stream/glue-local';

const RegistryId = { RegistryName: 'customer' };
const order = (...fields: object[]) =>
  JSON.stringify({ type: 'record', name: 'Order', namespace: 'order.v1', fields });
const id = { name: 'order_id', type: 'string', doc: 'UUID, version 7' };
const amount = (scale: number) => ({
  name: 'amount',
  type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale },
});
const shipment = (stops: number) =>
  `syntax = "proto3";\npackage shop;\n\nmessage Shipment {\n  string id = 1;\n  repeated string stops = ${stops};\n}\n`;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** One line of almost 170 000 characters for each format. */
const largestDefinitions = {
  JSON: `{"type":"object","x-digits":[${numbers(84_900).map((number) => number % 10)}]}`,
  AVRO: order(...numbers(5500).map((number) => ({ name: `f${number}`, type: 'int' }))),
  PROTOBUF: `syntax = "proto3"; message M { ${numbers(8000)
    .map((number) => `int32 a${number} = ${number};`)
    .join(' ')} }`,
};

/** A registry on a free port, with a FAILURE in each format and a list of more than one page. */
export async function startFilledRegistry() {
  const app = createGlueLocal({ databaseFile: ':memory:' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const call = async (action: string, body: object) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSGlue.${action}`,
    };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const create = async (
    SchemaName: string,
    DataFormat: string,
    Compatibility: string,
    [first, ...others]: readonly string[],
  ) => {
    const schema = { RegistryId, SchemaName, DataFormat, Compatibility, SchemaDefinition: first };
    await call('CreateSchema', { ...schema, Tags: { team: 'orders' }, Description: 'for a test' });
    for (const SchemaDefinition of others) {
      await call('RegisterSchemaVersion', {
        SchemaId: { ...RegistryId, SchemaName },
        SchemaDefinition,
      });
    }
  };
  await call('CreateRegistry', { ...RegistryId, Description: 'of customers', Tags: { cost: '1' } });
  await create('orders-value', 'AVRO', 'BACKWARD', [
    order(id, amount(2)),
    order(id, amount(2), { name: 'is_prime', type: 'boolean' }),
    order(id, amount(4), { name: 'note', type: 'string', default: '' }),
  ]);
  await create('payments-value', 'JSON', 'FULL_ALL', [
    '{"type":"object","properties":{"id":{"type":"string"},"amount":{"minimum":0}},"required":["id"]}',
    '{"type":"object","properties":{"id":{"type":"integer"},"amount":{"minimum":1}},"required":["id","amount"]}',
  ]);
  await create('shipments-value', 'PROTOBUF', 'BACKWARD', [shipment(2), shipment(3)]);
  for (const [format, definition] of Object.entries(largestDefinitions)) {
    await create(`largest-${format.toLowerCase()}`, format, 'NONE', [definition]);
  }
  for (let number = 0; number < 60; number += 1) {
    await create(
      `com.example.events.a-rather-long-name-of-a-topic-${number}-value`,
      'AVRO',
      'NONE',
      ['"string"'],
    );
  }
  return { url, [Symbol.asyncDispose]: () => app.close() };
}
