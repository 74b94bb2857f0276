// The sink against two independent implementations of DynamoDB.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startDynalite } from '@order-stream/local-stack/dynalite';
import { localCredentials } from '@order-stream/local-stack/local-credentials';
import { startMoto } from '@order-stream/local-stack/moto';
import { createTable, type Item } from '@order-stream/local-stack/order-table';
import type { Store } from '@order-stream/local-stack/store';
import { compileAvro } from '@order-stream/serde';
import fc from 'fast-check';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Delivery } from '../../services/order-consumer/src/delivery.ts';
import { createDynamoDbSink } from '../../services/order-consumer/src/sinks/dynamodb/dynamodb-sink.ts';
import { openPartition } from '../../services/order-consumer/src/sinks/testing/opened-partition.ts';

Object.assign(process.env, localCredentials);

const json = { dataFormat: 'JSON', definition: '{}' } as const;

interface Source {
  offset: number;
  timestamp?: number;
  headers?: IHeaders;
  key?: string;
}

const delivery = (value: unknown, source: Source, schema: Delivery['schema'] = json): Delivery => ({
  record: {
    key: source.key === undefined ? null : Buffer.from(source.key),
    value: value === null ? null : Buffer.from('…'),
    timestamp: String(source.timestamp ?? 1_680_745_813_045),
    offset: String(source.offset),
    attributes: 0,
    headers: source.headers ?? {},
  } as KafkaMessage,
  value,
  schema,
});

const tombstone = (key: string, source: Source): Delivery => ({
  ...delivery(null, { ...source, key }),
  schema: undefined,
});

function createSink(
  context: { after(end: () => unknown): void },
  table: string,
  tombstones: 'ignore' | 'delete' = 'ignore',
) {
  const sink = createDynamoDbSink({
    table,
    key: 'order_id',
    tombstoneKey: '/order_id',
    tombstones,
    region: undefined,
    budget: { hold() {}, release() {} },
  });
  context.after(() => sink.close());
  return {
    async open(start: Parameters<typeof openPartition>[1]) {
      const partition = await openPartition(sink, start);
      context.after(() => partition.close());
      return partition;
    },
  };
}

for (const [name, start] of [
  ['moto', startMoto],
  ['dynalite', startDynalite],
] as const)
  describe(`the DynamoDB sink with ${name}`, () => {
    let store: Store;
    before(async () => {
      store = await start();
      process.env.AWS_ENDPOINT_URL_DYNAMODB = store.endpoint;
    });
    after(() => store.stop());

    async function openTable(
      context: { after(end: () => unknown): void },
      options: { tombstones?: 'delete'; table?: { key?: string; keyType?: 'S' | 'N' | 'B' } } = {},
    ) {
      const table = await createTable(store.endpoint, options.table);
      const { open } = createSink(context, table.name, options.tombstones);
      /** Stores a run of one partition. */
      const write = async (
        partition: number,
        deliveries: readonly Delivery[],
        topic = 'orders',
      ) => {
        const offset = BigInt(deliveries[0]?.record.offset ?? 0);
        const opened = await open({ topic, partition, offset });
        await opened.take(deliveries);
        await opened.stored(offset + BigInt(deliveries.length));
        return opened;
      };
      return { ...table, open, write };
    }

    test('S1-05 the item equals the decoded value plus _topic, _partition, _offset, _timestamp; a replay leaves one item', async (context) => {
      const { items, write } = await openTable(context);
      const definition = JSON.stringify({
        type: 'record',
        name: 'Order',
        fields: [
          { name: 'order_id', type: 'string' },
          { name: 'big', type: 'long' },
          {
            name: 'price',
            type: { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 2 },
          },
          { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
          { name: 'rate', type: 'double' },
          { name: 'raw', type: 'bytes' },
          { name: 'note', type: ['null', 'string'] },
          { name: 'paid', type: 'boolean' },
          { name: 'lines', type: { type: 'array', items: { type: 'map', values: 'int' } } },
        ],
      });
      const codec = compileAvro(definition);
      const bytes = Buffer.alloc(1_000);
      const end = codec.encode(
        {
          order_id: 'a',
          big: 2n ** 63n - 1n,
          price: Buffer.from('4b3b4ca85a86c47a098a223fffffffff', 'hex'),
          at: 1_680_745_813_045_678,
          rate: 0.1,
          raw: Buffer.from([0, 255]),
          note: null,
          paid: true,
          lines: [{ x: 1 }, {}],
        },
        bytes,
        0,
      );
      const value = codec.decode(bytes.subarray(0, end), 0);
      const schema = { dataFormat: 'AVRO', definition } as const;
      const record = delivery(value, { offset: 41 }, schema);
      for (const _ of [1, 2]) await write(3, [record]);
      assert.deepEqual(
        [...(await items()).values()].map((item) => ({ ...item, raw: item.raw?.B?.toString() })),
        [
          {
            order_id: { S: 'a' },
            big: { N: '9223372036854775807' },
            price: { N: '999999999999999999999999999999999999.99' },
            at: { N: '1680745813045678' },
            rate: { N: '0.1' },
            raw: '0,255',
            note: { NULL: true },
            paid: { BOOL: true },
            lines: { L: [{ M: { x: { N: '1' } } }, { M: {} }] },
            _topic: { S: 'orders' },
            _partition: { N: '3' },
            _offset: { N: '41' },
            _timestamp: { N: '1680745813045' },
          },
        ],
      );
    });

    test('S1-05 a later record of another partition or topic wins, and a replay of the old one changes nothing', async (context) => {
      const { items, write } = await openTable(context);
      const stored = async () => {
        const { _topic, _partition, _offset, v } = (await items()).get('a') as Item;
        return [_topic?.S, _partition?.N, _offset?.N, v?.N].join(' ');
      };
      const order = (v: number, offset: number, timestamp: number) =>
        delivery({ order_id: 'a', v }, { offset, timestamp });
      await write(1, [order(1, 500, 100)]);
      await write(7, [order(2, 3, 200)]);
      assert.equal(await stored(), 'orders 7 3 2');
      await write(1, [order(1, 500, 100)]);
      assert.equal(await stored(), 'orders 7 3 2');
      // At the same time: the higher partition, then the topic that sorts last.
      await write(2, [order(3, 900, 200)]);
      assert.equal(await stored(), 'orders 7 3 2');
      await write(7, [order(4, 0, 200)], 'orders.new');
      assert.equal(await stored(), 'orders.new 7 0 4');
      await write(7, [order(2, 3, 200)]);
      assert.equal(await stored(), 'orders.new 7 0 4');
    });

    test('S1-05 a replayed dead letter counts with its first position', async (context) => {
      const { items, write } = await openTable(context);
      const order = (v: number) => ({ order_id: 'a', v });
      await write(0, [delivery(order(2), { offset: 20, timestamp: 200 })]);
      const headers = {
        'orders.dlq.replayed': '1',
        'orders.dlq.topic': 'orders',
        'orders.dlq.partition': '0',
        'orders.dlq.offset': '10',
        'orders.dlq.timestamp': '100',
      };
      await write(0, [delivery(order(1), { offset: 30, timestamp: 300, headers })]);
      assert.deepEqual((await items()).get('a')?.v, { N: '2' });
      await write(0, [delivery(order(3), { offset: 40, timestamp: 400 })]);
      assert.deepEqual((await items()).get('a')?._offset, { N: '40' });
    });

    test('S1-05 a tombstone deletes the item unless a newer version is stored', async (context) => {
      const { items, write } = await openTable(context, { tombstones: 'delete' });
      const key = '{"order_id": "a"}';
      await write(0, [delivery({ order_id: 'a' }, { offset: 5 })]);
      await write(0, [tombstone(key, { offset: 4 })]);
      assert.equal((await items()).size, 1);
      await write(0, [tombstone(key, { offset: 6 })]);
      assert.equal((await items()).size, 0);
      await write(0, [tombstone(key, { offset: 7 })]);
      // A deleted item leaves no trace.
      await write(0, [delivery({ order_id: 'a' }, { offset: 5 })]);
      assert.equal((await items()).size, 1);
      const marked = delivery({ order_id: 'a', __deleted: 'true' }, { offset: 8 });
      await write(0, [marked]);
      assert.equal((await items()).size, 0);
    });

    test('S1-05 an item of another writer is replaced', async (context) => {
      const { items, write, client, name: table } = await openTable(context);
      await client.send(new PutItemCommand({ TableName: table, Item: { order_id: { S: 'a' } } }));
      await write(0, [delivery({ order_id: 'a', v: 1 }, { offset: 0 })]);
      assert.deepEqual((await items()).get('a')?.v, { N: '1' });
    });

    test('S1-05 a key of the wrong type is rejected, and a table with another key holds the partition', async (context) => {
      const numbers = await openTable(context, { table: { keyType: 'N' } });
      const written = await numbers.write(0, [
        delivery({ order_id: 'secret' }, { offset: 0 }),
        delivery({ order_id: 2n ** 70n }, { offset: 1 }),
      ]);
      assert.deepEqual(
        written.refusals.map(({ reason, error }) => [reason, error.message]),
        [['rejected', `/order_id: expected the type of the key of table ${numbers.name}`]],
      );
      const other = await openTable(context, { table: { key: 'id' } });
      const partition = await other.open({});
      await partition.take([delivery({ order_id: 'a' }, { offset: 0 })]);
      await partition.when(() =>
        /expected a partition key named order_id/.test(partition.faults().join()),
      );
      assert.deepEqual(partition.refusals, []);
    });

    test('S1-05 a missing table holds the partition until the table is there', async (context) => {
      const missing = `later-${name}-${Date.now()}`;
      const partition = await createSink(context, missing).open({});
      await partition.take([delivery({ order_id: 'a' }, { offset: 0 })]);
      await partition.when(() => /transient/.test(partition.faults().join()));
      const { items } = await createTable(store.endpoint, { name: missing });
      await partition.stored(1n);
      assert.equal((await items()).size, 1);
      assert.deepEqual(partition.refusals, []);
    });

    test('S1-05 whoever writes what when, also twice and by two members at once, the newest version is stored', async (context) => {
      const { items, open, name: table } = await openTable(context);
      const zombie = createSink(context, table);
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ partition: fc.nat(2), item: fc.nat(2), step: fc.nat(2) }), {
            minLength: 1,
            maxLength: 25,
          }),
          fc.nat(25),
          async (records, again) => {
            run += 1;
            const clocks = [0, 0, 0];
            const offsets = [0, 0, 0];
            const versions = records.map(({ partition, item, step }) => {
              clocks[partition] = (clocks[partition] as number) + step;
              offsets[partition] = (offsets[partition] as number) + 1;
              return {
                partition,
                order_id: `${run}-${item}`,
                timestamp: clocks[partition] as number,
                offset: offsets[partition] as number,
              };
            });
            const deliver = async (opener: typeof open, taken: typeof versions) => {
              await Promise.all(
                [0, 1, 2].map(async (partition) => {
                  const own = taken.filter((version) => version.partition === partition);
                  if (own.length === 0) return;
                  const opened = await opener({ partition });
                  for (const { order_id, offset, timestamp } of own)
                    await opened.take([delivery({ order_id }, { offset, timestamp })]);
                  await opened.stored(BigInt(own.at(-1)?.offset ?? 0) + 1n);
                }),
              );
            };
            await Promise.all([deliver(open, versions), deliver(zombie.open, versions)]);
            await deliver(open, versions.slice(0, again));
            const stored = await items();
            for (const order_id of new Set(versions.map((version) => version.order_id))) {
              const newest = versions
                .filter((version) => version.order_id === order_id)
                .sort(
                  (a, b) =>
                    b.timestamp - a.timestamp || b.partition - a.partition || b.offset - a.offset,
                )[0];
              const { _partition, _offset } = stored.get(order_id) as Item;
              assert.deepEqual(
                [_partition?.N, _offset?.N],
                [String(newest?.partition), String(newest?.offset)],
              );
            }
          },
        ),
        { numRuns: 5 },
      );
    });
  });
