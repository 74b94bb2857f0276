import { createHash, randomUUID } from 'node:crypto';
import { until } from '@order-stream/local-stack/until';
import type { ComposeStack } from '../compose/compose-stack.ts';

/** Services that run to their end. */
const jobs = ['topics', 'connect-topics', 'connectors'];

export interface ColdStart {
  order: string[];
  /** Time from the first container's start until a posted order was decoded. */
  decodedMs: number;
}

/** Shuffles the services. The same seed gives the same order. */
export function shuffled(services: readonly string[], seed: string): string[] {
  const place = (service: string) =>
    createHash('sha256').update(`${seed} ${service}`).digest('hex');
  return [...services].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** The stack's services without those whose images this machine cannot pull (`COMPOSE_LEFT_OUT`). */
export async function startedServices(stack: ComposeStack): Promise<string[]> {
  const leftOut = (process.env.COMPOSE_LEFT_OUT ?? '').split(',');
  const services = (await stack.compose('config', '--services')).trim().split('\n');
  return services.filter((service) => !leftOut.includes(service));
}

/**
 * Creates every container from scratch and starts them one by one in this order, without waiting for dependencies.
 * Resolves when all are healthy and an order was decoded.
 */
export async function coldStart(stack: ComposeStack, order: string[]): Promise<ColdStart> {
  await stack.compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
  await stack.compose('create', '--build', ...order);
  const startedMs = performance.now();
  for (const service of order) await stack.docker('start', ...(await containerIds(stack, service)));
  for (const service of order)
    await until(
      `${service} is up, started in the order ${order}`,
      () => isUp(stack, service),
      240_000,
    );
  await postedAndDecoded(stack);
  return { order, decodedMs: performance.now() - startedMs };
}

async function containerIds(stack: ComposeStack, service: string): Promise<string[]> {
  return (await stack.compose('ps', '--all', '--quiet', service)).trim().split('\n');
}

async function isUp(stack: ComposeStack, service: string): Promise<boolean> {
  const containers = JSON.parse(
    await stack.docker('inspect', ...(await containerIds(stack, service))),
  ) as { State: { Status: string; ExitCode: number; Health?: { Status: string } } }[];
  return containers.every(({ State: state }) => {
    if (jobs.includes(service)) return state.Status === 'exited' && state.ExitCode === 0;
    return state.Health ? state.Health.Status === 'healthy' : state.Status === 'running';
  });
}

async function postedAndDecoded(stack: ComposeStack): Promise<void> {
  const id = randomUUID();
  const response = await stack.postOrder({
    order_id: id,
    user_id: 'u',
    order_items: [{ product_id: 1, quantity: 1 }],
  });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  await until('the order is decoded', async () =>
    (await stack.compose('logs', '--no-color', '--no-log-prefix', 'consumer')).includes(id),
  );
}
