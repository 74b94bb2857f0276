import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyRequest } from './iam-policy.ts';
import {
  accountOf,
  assertDecision,
  environments,
  type Service,
  services,
} from './rendered-policies.ts';
import { resourceEnding, resourcesOf } from './rendered-stacks.ts';

test('S0-21 S1-04 calls that no service needs are denied to all services, those of a foreign registry included', () => {
  for (const environment of environments) {
    const { clusterArn, topic, group, registry, schema, roles } = accountOf(environment);
    const foreignCluster = clusterArn.replace('/orders-', '/invoices-');
    const denied: PolicyRequest[] = [
      ...['AlterCluster', 'AlterClusterDynamicConfiguration'].map((action) => ({
        action: `kafka-cluster:${action}`,
        resource: clusterArn,
      })),
      ...['DeleteTopic', 'AlterTopicDynamicConfiguration'].flatMap((action) =>
        ['orders', 'orders.dlq', 'invoices'].map((name) => ({
          action: `kafka-cluster:${action}`,
          resource: topic(name),
        })),
      ),
      ...['CreateTopic', 'WriteData', 'ReadData', 'DescribeTopic', 'AlterTopic'].flatMap((action) =>
        ['invoices', 'orders2', 'orders.dlq.dlq', 'other/orders'].map((name) => ({
          action: `kafka-cluster:${action}`,
          resource: topic(name),
        })),
      ),
      ...['AlterGroup', 'DescribeGroup', 'DeleteGroup'].map((action) => ({
        action: `kafka-cluster:${action}`,
        resource: group('invoices-group-01'),
      })),
      { action: 'kafka-cluster:DeleteGroup', resource: group('orders-group-01') },
      { action: 'kafka-cluster:Connect', resource: foreignCluster },
      {
        action: 'kafka-cluster:WriteData',
        resource: `${foreignCluster.replace(':cluster/', ':topic/')}/orders`,
      },
      ...['DeleteSchema', 'DeleteSchemaVersions', 'UpdateSchema'].map((action) => ({
        action: `glue:${action}`,
        resource: schema('customer/orders-value'),
      })),
      ...['DeleteRegistry', 'UpdateRegistry'].map((action) => ({
        action: `glue:${action}`,
        resource: registry('customer'),
      })),
      ...['CreateSchema', 'RegisterSchemaVersion', 'GetSchema', 'GetSchemaByDefinition'].map(
        (action) => ({
          action: `glue:${action}`,
          resource: schema('salaries/orders-value'),
        }),
      ),
      ...['iam:PassRole', 'sts:AssumeRole', 'ecs:RunTask', 's3:GetObject', 'dynamodb:PutItem'].map(
        (action) => ({
          action,
          resource: 'arn:aws:iam::123456789012:role/any',
        }),
      ),
    ];
    for (const { name, policies } of roles)
      for (const call of denied) assertDecision(policies, call, 'implicit-deny', name);
  }
});

test('S0-21 no service may make the calls of another', () => {
  for (const environment of environments) {
    const { topic, group, schema, policiesOf } = accountOf(environment);
    const denied: [Service, PolicyRequest][] = [
      ...(['order-producer', 'order-consumer'] as const).flatMap((service) =>
        ['CreateTopic', 'AlterTopic'].flatMap((action) =>
          ['orders', 'orders.dlq'].map((name): [Service, PolicyRequest] => [
            service,
            { action: `kafka-cluster:${action}`, resource: topic(name) },
          ]),
        ),
      ),
      ['order-producer', { action: 'kafka-cluster:ReadData', resource: topic('orders') }],
      ['order-producer', { action: 'kafka-cluster:WriteData', resource: topic('orders.dlq') }],
      [
        'order-producer',
        { action: 'kafka-cluster:AlterGroup', resource: group('orders-group-01') },
      ],
      ['order-consumer', { action: 'kafka-cluster:WriteData', resource: topic('orders') }],
      ['order-consumer', { action: 'kafka-cluster:ReadData', resource: topic('orders.dlq') }],
      ...['CreateSchema', 'RegisterSchemaVersion', 'PutSchemaVersionMetadata'].map(
        (action): [Service, PolicyRequest] => [
          'order-consumer',
          { action: `glue:${action}`, resource: schema('customer/orders-value') },
        ],
      ),
      ['topics', { action: 'kafka-cluster:WriteData', resource: topic('orders') }],
      ['topics', { action: 'kafka-cluster:ReadData', resource: topic('orders') }],
      ['topics', { action: 'glue:GetSchemaVersion', resource: '*' }],
    ];
    for (const [service, call] of denied)
      assertDecision(
        policiesOf(service, 'task'),
        call,
        'implicit-deny',
        `${environment} ${service}`,
      );
  }
});

test('S0-21 only a collector writes metrics, and only to its workspace', () => {
  let collectors = 0;
  for (const environment of environments) {
    const { clusterArn, policiesOf } = accountOf(environment);
    const app = resourcesOf(environment, 'app');
    const [, , , region, account] = clusterArn.split(':');
    const found = app.find(({ type }) => type === 'aws_prometheus_workspaces')?.values;
    const workspace = (id: string) => `arn:aws:aps:${region}:${account}:workspace/${id}`;
    const [id = 'none'] = (found?.workspace_ids ?? []) as string[];
    for (const service of services) {
      const { values } = resourceEnding(app, 'aws_ecs_task_definition', 'family', `-${service}`);
      const collects = JSON.parse(String(values.container_definitions)).length > 1;
      if (collects) collectors++;
      const policies = policiesOf(service, 'task');
      const write = { action: 'aps:RemoteWrite', resource: workspace(id) };
      assertDecision(policies, write, collects ? 'allow' : 'implicit-deny', service);
      for (const call of [
        { action: 'aps:RemoteWrite', resource: workspace('ws-of-others') },
        { action: 'aps:QueryMetrics', resource: workspace(id) },
        { action: 'aps:DeleteWorkspace', resource: workspace(id) },
      ])
        assertDecision(policies, call, 'implicit-deny', service);
    }
  }
  assert.ok(collectors >= 2, 'expected a rendered environment with collectors');
});

test('S0-21 the generator has no permissions', () => {
  for (const environment of environments) {
    const app = resourcesOf(environment, 'app');
    const { values } = resourceEnding(app, 'aws_iam_role', 'name', '-order-generator-task');
    const attached = app.filter(
      ({ type, mode, values: { role } }) =>
        mode === 'managed' && type.startsWith('aws_iam_role_') && role === values.name,
    );
    assert.deepEqual(attached, []);
  }
});
