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

/** Nobody has decided what a type of resource costs. */
export class UnknownCostError extends Error {
  readonly code = 'UNKNOWN_COST';
  readonly retryable = false;
}

export const hoursPerMonth = 730;

interface Module {
  resources?: BilledResource[];
  child_modules?: Module[];
}

/** Paid for by what goes through them or lies in them, which nothing here knows. */
const paidByUse = new Set([
  'aws_cloudwatch_log_group',
  'aws_ecr_repository',
  // Container Insights.
  'aws_ecs_cluster',
  'aws_flow_log',
  // By the user.
  'aws_grafana_workspace',
  'aws_prometheus_workspace',
  'aws_s3_bucket',
  'aws_scheduler_schedule',
  'aws_sns_topic',
]);

const freeOfCharge = new Set([
  'aws_acm_certificate',
  'aws_acm_certificate_validation',
  'aws_appautoscaling_policy',
  'aws_appautoscaling_target',
  'aws_default_security_group',
  'aws_ecr_lifecycle_policy',
  'aws_ecs_cluster_capacity_providers',
  'aws_ecs_task_definition',
  'aws_glue_registry',
  'aws_glue_schema',
  'aws_iam_instance_profile',
  'aws_iam_openid_connect_provider',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_internet_gateway',
  'aws_lb_listener',
  'aws_lb_target_group',
  'aws_msk_configuration',
  'aws_prometheus_alert_manager_definition',
  'aws_prometheus_rule_group_namespace',
  'aws_prometheus_workspace_configuration',
  'aws_route',
  'aws_route53_record',
  'aws_route_table',
  'aws_route_table_association',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_security_group',
  'aws_sns_topic_policy',
  'aws_subnet',
  'aws_vpc',
  'aws_vpc_security_group_egress_rule',
  'aws_vpc_security_group_ingress_rule',
  'terraform_data',
]);

type Usage = [price: string, quantity: number];

/**
 * What an environment costs standing still in a month: resources and the least number of tasks, without traffic, requests and
 * logs. A share of tasks beyond the first is counted as Spot, as the service's strategy says.
 *
 * @throws MissingPriceError, UnknownCostError
 */
export function monthlyCost(
  resources: readonly BilledResource[],
  prices: Readonly<Record<string, Price>>,
): CostLine[] {
  const quantities = new Map<string, number>();
  for (const resource of resources)
    if (resource.mode === 'managed')
      for (const [price, quantity] of usageOf(resource, resources)) {
        if (Number.isNaN(quantity))
          throw new UnknownCostError(`${resource.address}: how much of "${price}" is not known`);
        if (quantity > 0) quantities.set(price, (quantities.get(price) ?? 0) + quantity);
      }
  return [...quantities].map(([price, quantity]) => {
    const known = prices[price];
    if (known === undefined) throw new MissingPriceError(`prices.json has no "${price}"`);
    const monthly = known.value === null ? null : known.value * quantity;
    return { price, quantity, per: known.per, monthly, region: known.region };
  });
}

/**
 * The resources in the output of `terraform show -json`: of a state, or of a plan as they are going to be.
 *
 * @throws UnknownCostError for an output with neither
 */
export function renderedResources(output: string): BilledResource[] {
  const { values, planned_values } = JSON.parse(output) as Record<string, { root_module: Module }>;
  const rendered = planned_values ?? values;
  if (rendered === undefined)
    throw new UnknownCostError('no values: neither a plan nor the state of anything that is there');
  return resourcesIn(rendered.root_module);
}

/** Type → how many there are that are paid for by use, and so are in no sum. */
export function countPaidByUse(resources: readonly BilledResource[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { mode, type } of resources)
    if (mode === 'managed' && paidByUse.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/** One line a price; the sum is of what is known, and says how much is not, and what it leaves out. */
export function formatCost(
  lines: readonly CostLine[],
  currency: string,
  byUse: ReadonlyMap<string, number> = new Map(),
): string {
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
    ...(byUse.size === 0
      ? []
      : [
          `not counted, paid for by use: ${[...byUse].map(([type, count]) => `${count} ${type}`).join(', ')}`,
        ]),
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
      // A plan knows no subnet's id, and how many there are.
      if (!Array.isArray(values.subnet_ids))
        throw new UnknownCostError(`${resource.address}: its subnets are not known yet`);
      return [['interface endpoint', values.subnet_ids.length * hoursPerMonth]];
    }
    case 'aws_eip':
      return [['public address', hoursPerMonth]];
    case 'aws_instance':
      return [
        [`instance ${String(values.instance_type)}`, hoursPerMonth],
        ['instance storage', Number(first(values.root_block_device).volume_size)],
      ];
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
      if (!paidByUse.has(type) && !freeOfCharge.has(type))
        throw new UnknownCostError(`${resource.address}: what does ${type} cost?`);
      return [];
  }
}

function tasksOf({ values }: BilledResource, all: readonly BilledResource[]): Usage[] {
  // A plan has no ARN yet; a service is named as its task's family.
  const [key, wanted] =
    values.task_definition == null ? ['family', values.name] : ['arn', values.task_definition];
  const definition = all.find(
    (one) => one.type === 'aws_ecs_task_definition' && one.values[key as string] === wanted,
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

function resourcesIn({ resources = [], child_modules = [] }: Module): BilledResource[] {
  return [...resources, ...child_modules.flatMap(resourcesIn)];
}
