import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glueSettings } from '@order-stream/local-stack/glue-local';
import { root } from '@order-stream/local-stack/state-folder';
import { avroFormat, createSerializer, type SchemaChoice } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import type { PoisonClass } from './poison.ts';
import { orderContent } from './record-content.ts';

const mostKeyBytes = 2_048;

const orderSchema = readFileSync(join(root, 'schemas/order.v1.avsc'), 'utf8');
const numberedSchema = withNumberAsId(orderSchema);
const jsonSchema = JSON.stringify({ type: 'object', properties: { order_id: { type: 'string' } } });

/** Orders that can be decoded, and that one of the sinks must reject while the others store them. */
export async function rejectedOrders(
  registry: { endpoint: string },
  topic: string,
  sinks: { dynamodb: boolean; avroFiles: boolean },
): Promise<PoisonClass[]> {
  const glue = createGlueRegistry({ ...glueSettings(registry), autoRegistration: true });
  await glue.ensureRegistry();

  /** Each class has a schema name of its own, because their schemas are not compatible. */
  async function rejectedClass(
    name: string,
    fate: PoisonClass['fate'],
    choice: SchemaChoice,
    nextId: () => string | number,
  ): Promise<PoisonClass> {
    const schemaName = () => `${topic}-${name.replaceAll(' ', '-')}`;
    const formats = [avroFormat(), jsonSchemaFormat()];
    const serializer = createSerializer({ registry: glue, formats, schemaName });
    await serializer.prepare(topic, choice);
    return {
      name,
      fate,
      make() {
        const product_id = Math.ceil(Math.random() * 1e9);
        const order = {
          order_id: nextId(),
          ordered_at: 1_680_745_813_045,
          user_id: 'x',
          order_items: [{ product_id, quantity: 1 }],
        };
        const value = Buffer.from(serializer.serializeSync(topic, order, choice) as Buffer);
        return { value, content: orderContent(order) };
      },
    };
  }

  const longId = () => randomUUID().padEnd(mostKeyBytes + 1, 'x');
  let numbers = 0;
  const nextNumber = () => {
    numbers += 1;
    return numbers;
  };
  const json = { schema: jsonSchema, dataFormat: 'JSON' } as const;
  const classes = [
    ...(sinks.dynamodb
      ? [
          // Refused before a request is sent.
          rejectedClass('long order id', 'rejected-by-dynamodb', { schema: orderSchema }, longId),
          // Refused by DynamoDB: the table's key is a text.
          rejectedClass(
            'number as order id',
            'rejected-by-dynamodb',
            { schema: numberedSchema },
            nextNumber,
          ),
        ]
      : []),
    ...(sinks.avroFiles
      ? [rejectedClass('JSON in Avro files', 'rejected-by-s3', json, randomUUID)]
      : []),
  ];
  const made = await Promise.all(classes);
  glue.close();
  return made;
}

function withNumberAsId(definition: string): string {
  const schema = JSON.parse(definition) as { fields: { name: string; type: unknown }[] };
  const fields = schema.fields.map((field) =>
    field.name === 'order_id' ? { ...field, type: 'long' } : field,
  );
  return JSON.stringify({ ...schema, fields });
}
