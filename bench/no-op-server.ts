// The baseline of `npm run bench:http`: the service's Fastify options, route schema and answer, without any work.
import {
  orderReceiptSchema,
  orderRequestSchema,
  serverOptions,
} from '@order-stream/order-producer';
import fastify from 'fastify';

const receipt = {
  order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479',
  ordered_at: 1_680_745_813_045,
  topic: 'orders',
  partition: 2,
  offset: '123456',
  schema_version_id: 'af7afa28-92f2-4b29-bf34-9eef43f33153',
};

const app = fastify(serverOptions);
app.post(
  '/orders',
  { schema: { body: orderRequestSchema, response: { 201: orderReceiptSchema } } },
  async (_request, reply) => reply.code(201).send(receipt),
);
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
process.stderr.write('listening\n');
