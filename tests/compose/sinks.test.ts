import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '@order-stream/local-stack/until';
import { type ComposeStack, composeStack } from './compose-stack.ts';

let stack: ComposeStack;
before(async () => {
  stack = await composeStack({ flags: ['--profile', 'sinks'] });
  await stack.up(['producer', 'consumer-sinks']);
});
after(() => stack.end());

/** Runs `orders` with the variables of the stores. Returns its output by lines. */
async function orders(...args: string[]): Promise<string[]> {
  const output = await stack.compose('run', '--rm', '--no-TTY', 'stores', ...args);
  return output.split('\n').filter((line) => line !== '');
}

test('S1-05 S2-07 with the profile sinks, an order is an item of the table, and a line of a file in the bucket', async () => {
  const user_id = 'dicxa';
  const order_items = [{ product_id: '9007199254740993', quantity: 8 }];
  const answer = await stack.postOrder({ user_id, order_items });
  assert.equal(answer.status, 201);
  const { order_id, partition, offset } = (await answer.json()) as Record<string, string>;
  const item = await until(
    'the order is an item',
    async () => (await orders('items', 'get', String(order_id), '--json'))[0],
    60_000,
  );
  // A number, with all its digits.
  assert.match(item, /"order_items":\[\{[^}]*"product_id":9007199254740993[,}]/);
  assert.ok(
    item.includes(`"_partition":${partition}`) && item.includes(`"_offset":${offset}`),
    item,
  );
  const folder = `topics/orders/partition=${partition}/orders+${partition}+`;
  const files = await until(
    'the order is in a file',
    async () => {
      const found = await orders('files', 'ls', folder, '--json');
      return found.length > 0 && found.map((line) => JSON.parse(line) as { key: string });
    },
    60_000,
  );
  assert.deepEqual(
    files.map(({ key }) => key),
    [`${folder}0000000000.json`],
  );
});
