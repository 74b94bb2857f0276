import { after, before } from 'node:test';
import { dynamodbFaults } from '@order-stream/local-stack/aws-faults';
import { type AwsProxy, createAwsProxy } from '@order-stream/local-stack/aws-proxy';
import { startDynalite } from '@order-stream/local-stack/dynalite';
import { localCredentials } from '@order-stream/local-stack/local-credentials';
import { createTable } from '@order-stream/local-stack/order-table';
import type { Store } from '@order-stream/local-stack/store';
import type { Delivery } from '../../services/order-consumer/src/delivery.ts';
import { createDynamoDbSink } from '../../services/order-consumer/src/sinks/dynamodb/dynamodb-sink.ts';
import { recordAt } from '../../services/order-consumer/src/sinks/testing/record-at.ts';
import { sinkContract } from '../../services/order-consumer/src/sinks/testing/sink-contract.ts';

Object.assign(process.env, localCredentials);

let store: Store;
let proxy: AwsProxy;
before(async () => {
  store = await startDynalite();
  proxy = await createAwsProxy({ target: store.endpoint });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;
});
after(async () => {
  await proxy.close();
  await store.stop();
});

const delivery = (offset: number, order_id: string): Delivery => ({
  record: recordAt(offset, { value: Buffer.from('…') }),
  value: { order_id },
  schema: { dataFormat: 'JSON', definition: '{}' },
});

sinkContract('S1-05 dynamodb', async () => {
  const table = await createTable(store.endpoint);
  let outage: { remove(): void } | undefined;
  return {
    create: () =>
      createDynamoDbSink({
        table: table.name,
        key: 'order_id',
        tombstoneKey: '/order_id',
        tombstones: 'ignore',
        region: undefined,
        budget: { hold() {}, release() {} },
      }),
    delivery: (offset) => delivery(offset, `order ${offset}`),
    refused: (offset) => delivery(offset, ''),
    stored: async () =>
      [...(await table.items()).values()]
        .filter(({ _partition }) => _partition?.N === '0')
        .map(({ _offset }) => Number(_offset?.N)),
    fail(isFailing) {
      outage?.remove();
      const all = { request: 'PutItem', times: Number.POSITIVE_INFINITY };
      if (isFailing) outage = proxy.intercept(all, ({ reply }) => reply(dynamodbFaults.internal));
    },
    storesOnce: true,
  };
});
