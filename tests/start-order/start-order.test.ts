import { after, before, test } from 'node:test';
import { type ComposeStack, composeStack } from '../compose/compose-stack.ts';
import { coldStart, shuffled, startedServices } from './cold-start.ts';

let stack: ComposeStack;
let services: string[];

before(async () => {
  stack = await composeStack();
  services = await startedServices(stack);
});

after(() => stack.end());

// `npm run start-orders` repeats this any number of times.
test('S3-12 when every service starts before its dependencies, all become healthy, and an order is decoded', async (context) => {
  const last = ['glue-local', 'kafka'];
  const order = [...services.filter((service) => !last.includes(service)).reverse(), ...last];
  const { decodedMs } = await coldStart(stack, order);
  context.diagnostic(`${Math.round(decodedMs / 1000)} s, started in the order ${order}`);
});

test('S3-12 when the services start in a random order, all become healthy, and an order is decoded', async (context) => {
  const seed = process.env.START_ORDER_SEED ?? new Date().toISOString();
  const order = shuffled(services, seed);
  context.diagnostic(`START_ORDER_SEED=${seed} gives the order ${order}`);
  const { decodedMs } = await coldStart(stack, order);
  context.diagnostic(`${Math.round(decodedMs / 1000)} s`);
});
