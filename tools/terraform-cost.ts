/** A rendered resource, as far as it costs something. */
export interface BilledResource {
  mode: string;
  type: string;
  address: string;
  values: Record<string, unknown>;
}

/** `value` null: nobody has looked it up. The others say of which region a value is, and where and when it was read. */
export interface Price {
  per: string;
  value: number | null;
  region: string | null;
  source: string | null;
  date: string | null;
}

export interface CostLine {
  price: string;
  /** In the price's own unit, for a month of 730 hours. */
  quantity: number;
  per: string;
  /** Null where the price is. */
  monthly: number | null;
  /** Whose price it is. */
  region: string | null;
}

/** The environment uses something that the price list does not name. */
export class MissingPriceError extends Error {
  readonly code = 'MISSING_PRICE';
  readonly retryable = false;
}

export const hoursPerMonth = 730;

type Usage = [price: string, quantity: number];

/**
 * What an environment costs standing still in a month: resources and the least number of tasks, without traffic, requests and
 * logs. A share of tasks beyond the first is counted as Spot, as the service's strategy says.
 *
 * @throws MissingPriceError
 */
export function monthlyCost(
  resources: readonly BilledResource[],
  prices: Readonly<Record<string, Price>>,
): CostLine[] {
  const quantities = new Map<string, number>();
  for (const resource of resources)
    if (resource.mode === 'managed')
      for (const [price, quantity] of usageOf(resource, resources))
        if (quantity > 0) quantities.set(price, (quantities.get(price) ?? 0) + quantity);
  return [...quantities].map(([price, quantity]) => {
    const known = prices[price];
    if (known === undefined) throw new MissingPriceError(`prices.json has no "${price}"`);
    const monthly = known.value === null ? null : known.value * quantity;
    return { price, quantity, per: known.per, monthly, region: known.region };
  });
}

/** One line a price; the sum is of what is known, and says how much is not. */
export function formatCost(lines: readonly CostLine[], currency: string): string {
  const known = lines.reduce((sum, { monthly }) => sum + (monthly ?? 0), 0);
  const unknown = lines.filter(({ monthly }) => monthly === null).length;
  const money = (monthly: number | null) =>
    monthly === null ? 'unknown' : `${monthly.toFixed(2)} ${currency}`;
  const whose = (region: string | null) => (region === null ? '' : `, price of ${region}`);
  return [
    ...lines.map(({ price, quantity, per, monthly, region }) =>
      [
        ...[price.padEnd(28), quantity.toFixed(2).padStart(10), ` × ${per}`.padEnd(18)],
        `${money(monthly)}${whose(region)}`,
      ].join(' '),
    ),
    `a month: ${unknown === lines.length ? 'unknown' : money(known)}${unknown > 0 ? `, without ${unknown} of ${lines.length} prices that were not looked up` : ''}`,
  ].join('\n');
}

function usageOf(resource: BilledResource, all: readonly BilledResource[]): Usage[] {
  const { type, values } = resource;
  switch (type) {
    case 'aws_msk_cluster': {
      const brokers = Number(values.number_of_broker_nodes);
      const group = first(values.broker_node_group_info);
      const storage = first(first(group.storage_info).ebs_storage_info);
      return [
        [`msk broker ${String(group.instance_type)}`, brokers * hoursPerMonth],
        ['msk storage', brokers * Number(storage.volume_size)],
      ];
    }
    case 'aws_vpc_endpoint': {
      if (values.vpc_endpoint_type !== 'Interface') return [];
      return [['interface endpoint', (values.subnet_ids as unknown[]).length * hoursPerMonth]];
    }
    case 'aws_nat_gateway':
      return [['nat gateway', hoursPerMonth]];
    case 'aws_lb':
      return [['load balancer', hoursPerMonth]];
    case 'aws_cloudwatch_metric_alarm':
      return [['alarm', 1]];
    case 'aws_cloudwatch_composite_alarm':
      return [['composite alarm', 1]];
    case 'aws_ecs_service':
      return tasksOf(resource, all);
    default:
      return [];
  }
}

function tasksOf({ values }: BilledResource, all: readonly BilledResource[]): Usage[] {
  const definition = all.find(
    ({ type, values: { arn } }) =>
      type === 'aws_ecs_task_definition' && arn === values.task_definition,
  );
  if (definition === undefined) throw new Error(`no task definition of ${String(values.name)}`);
  const strategy = values.capacity_provider_strategy as {
    capacity_provider: string;
    weight: number;
  }[];
  const weightOf = (provider: string) =>
    strategy.find(({ capacity_provider }) => capacity_provider === provider)?.weight ?? 0;
  const spotWeight = weightOf('FARGATE_SPOT');
  const tasks = Number(values.desired_count);
  const spot =
    spotWeight === 0 ? 0 : ((tasks - 1) * spotWeight) / (spotWeight + weightOf('FARGATE'));
  const [vcpu, gib] = [
    Number(definition.values.cpu) / 1024,
    Number(definition.values.memory) / 1024,
  ];
  return [
    ['fargate arm vcpu', (tasks - spot) * vcpu * hoursPerMonth],
    ['fargate arm memory', (tasks - spot) * gib * hoursPerMonth],
    ['fargate spot arm vcpu', spot * vcpu * hoursPerMonth],
    ['fargate spot arm memory', spot * gib * hoursPerMonth],
  ];
}

function first(blocks: unknown): Record<string, unknown> {
  return (blocks as Record<string, unknown>[])[0] ?? {};
}
