// `npm run start-orders -- [--rounds N] [--seed TEXT]`: starts the stack of compose.yml from scratch N times (default 10), each
// time with its services in another order. Prints how often an order was decoded, and then the stack's memory.
import { parseArgs } from 'node:util';
import { until } from '@order-stream/local-stack/until';
import { composeStack } from '../compose/compose-stack.ts';
import { coldStart, shuffled, startedServices } from './cold-start.ts';
import { formatMemory, stackMemory } from './stack-memory.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: new Date().toISOString() },
  },
});
const rounds = Number(values.rounds);
const say = (line: string) => process.stdout.write(`${line}\n`);
const stack = await composeStack();
let succeeded = 0;

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stack.end().then(() => process.exit(130)));

try {
  const services = await startedServices(stack);
  for (let round = 1; round <= rounds; round++) {
    const order = shuffled(services, `${values.seed} ${round}`);
    try {
      const { decodedMs } = await coldStart(stack, order);
      succeeded++;
      say(`${round}: ${(decodedMs / 1000).toFixed(1)} s to a decoded order: ${order.join(' ')}`);
    } catch (error) {
      say(`${round}: FAILED: ${order.join(' ')}\n${(error as Error).message}`);
    }
  }
  say(`${succeeded} of ${rounds} starts succeeded; seed ${values.seed}`);
  if (succeeded > 0) {
    await until(
      'orders flow for a while',
      async () => {
        const log = await stack.compose('logs', '--no-log-prefix', 'consumer');
        return log.split('{"topic":').length > 300;
      },
      180_000,
    );
    say(formatMemory(await stackMemory(stack)));
  }
} finally {
  await stack.end();
}
process.exitCode = succeeded === rounds ? 0 : 1;
