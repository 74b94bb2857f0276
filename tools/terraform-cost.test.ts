import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './state-folder.ts';
import {
  type BilledResource,
  countPaidByUse,
  formatCost,
  MissingPriceError,
  monthlyCost,
  type Price,
  renderedResources,
  UnknownCostError,
} from './terraform-cost.ts';

const resource = (type: string, values: object): BilledResource => ({
  mode: 'managed',
  type,
  address: type,
  values: values as Record<string, unknown>,
});
const cluster = resource('aws_msk_cluster', {
  number_of_broker_nodes: 3,
  broker_node_group_info: [
    {
      instance_type: 'kafka.m5.large',
      storage_info: [{ ebs_storage_info: [{ volume_size: 20 }] }],
    },
  ],
});
const service = (desired_count: number, spotWeight: number) => [
  resource('aws_ecs_task_definition', { arn: 'task:1', cpu: '512', memory: '1024' }),
  resource('aws_ecs_service', {
    name: 's',
    task_definition: 'task:1',
    desired_count,
    capacity_provider_strategy: [
      { capacity_provider: 'FARGATE', weight: 10 - spotWeight },
      { capacity_provider: 'FARGATE_SPOT', weight: spotWeight },
    ],
  }),
];
const { prices, currency } = JSON.parse(
  readFileSync(join(root, 'deploy/terraform/prices.json'), 'utf8'),
) as { prices: Record<string, Price>; currency: string };
const priced = (values: Record<string, number>) => ({
  ...prices,
  ...Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { per: 'x', value, region: 'r', source: 's', date: 'd' },
    ]),
  ),
});

test('hours, GiB and zones are counted from what was rendered', () => {
  const endpoint = resource('aws_vpc_endpoint', {
    vpc_endpoint_type: 'Interface',
    subnet_ids: ['a', 'b'],
  });
  const gateway = resource('aws_vpc_endpoint', { vpc_endpoint_type: 'Gateway', subnet_ids: null });
  const found = { ...cluster, mode: 'data' };
  const lines = monthlyCost([cluster, found, endpoint, gateway, ...service(3, 5)], prices);
  assert.deepEqual(Object.fromEntries(lines.map(({ price, quantity }) => [price, quantity])), {
    'msk broker kafka.m5.large': 3 * 730,
    'msk storage': 60,
    'interface endpoint': 2 * 730,
    'fargate arm vcpu': 2 * 0.5 * 730,
    'fargate arm memory': 2 * 730,
    'fargate spot arm vcpu': 0.5 * 730,
    'fargate spot arm memory': 730,
  });
});

test('a price that was not looked up is unknown, and the sum says so', () => {
  const some = monthlyCost([cluster], priced({ 'msk storage': 0.5 }));
  assert.match(formatCost(some, 'USD'), /kafka\.m5\.large .* unknown\n/);
  assert.match(formatCost(some, 'USD'), /a month: 30\.00 USD, without 1 of 2 prices/);
  const none = monthlyCost(
    [cluster],
    priced({ 'msk storage': 0.5, 'msk broker kafka.m5.large': 1 }),
  );
  assert.match(formatCost(none, 'USD'), /a month: 2220\.00 USD$/);
  assert.match(formatCost(none, 'USD'), /^msk storage .* 30\.00 USD, price of r$/m);
});

test('what the list does not name is an error, never nothing', () => {
  assert.throws(() => monthlyCost([cluster], {}), MissingPriceError);
});

test('what nobody has decided on is an error, and what is paid for by use is named beside the sum', () => {
  assert.throws(() => monthlyCost([resource('aws_db_instance', {})], prices), UnknownCostError);
  const free = [resource('aws_subnet', {}), resource('terraform_data', {})];
  const host = resource('aws_instance', { instance_type: 't4g.nano', root_block_device: [{}] });
  assert.throws(() => monthlyCost([host], prices), UnknownCostError);
  assert.deepEqual(monthlyCost([...free, { ...cluster, mode: 'data' }], prices), []);
  const bucket = resource('aws_s3_bucket', {});
  const byUse = countPaidByUse([bucket, bucket, { ...bucket, mode: 'data' }, ...free]);
  assert.match(
    formatCost(monthlyCost([bucket, cluster], prices), 'USD', byUse),
    /\nnot counted, paid for by use: 2 aws_s3_bucket$/,
  );
});

test('a plan costs what the state after its apply does', () => {
  const output = (key: string, resources: readonly BilledResource[]) =>
    JSON.stringify({ [key]: { root_module: { child_modules: [{ resources }] } } });
  const named = service(3, 5).map((one) => ({ ...one, values: { ...one.values, family: 's' } }));
  const other = resource('aws_ecs_task_definition', { family: 't', cpu: '4096', memory: '8192' });
  const endpoint = (subnet: string | null) =>
    resource('aws_vpc_endpoint', { vpc_endpoint_type: 'Interface', subnet_ids: [subnet, subnet] });
  const unknown = { arn: undefined, task_definition: undefined };
  const planned = named.map((one) => ({ ...one, values: { ...one.values, ...unknown } }));
  const state = renderedResources(output('values', [other, ...named, cluster, endpoint('a')]));
  const plan = renderedResources(
    output('planned_values', [other, ...planned, cluster, endpoint(null)]),
  );
  assert.deepEqual(monthlyCost(plan, prices), monthlyCost(state, prices));
  assert.throws(() => renderedResources('{"format_version":"1.0"}'), UnknownCostError);
});

test('a price has its region, its source at AWS and its date, or is null', () => {
  assert.equal(currency, 'USD');
  for (const [name, { value, region, source, date }] of Object.entries(prices)) {
    if (value === null) {
      assert.deepEqual([region, source, date], [null, null, null], name);
      continue;
    }
    assert.ok(value > 0, name);
    assert.match(`${region} ${date}`, /^[a-z]{2}-[a-z]+-\d \d{4}-\d{2}-\d{2}$/, name);
    assert.match(String(source), /^https:\/\/aws\.amazon\.com\//, name);
  }
});
