import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  evaluatePolicies,
  type PolicyDecision,
  statementsOf,
  textsOf,
} from '../../tools/terraform-policy.ts';
import { type GlueCall, importedGlueActions, recordGlueCalls } from './glue-calls.ts';
import { filesBehind, type KafkaUse, kafkaCalls, kafkaMethodsBehind } from './kafka-calls.ts';
import { renderedEnvironments, resourceEnding, resourcesOf } from './rendered-stacks.ts';

const uses = {
  'order-producer': { entry: 'services/order-producer/src/main.ts', writes: ['orders'] },
  'order-consumer': {
    entry: 'services/order-consumer/src/main.ts',
    reads: ['orders'],
    writes: ['orders.dlq'],
    group: 'orders-group-01',
  },
  topics: {
    entry: 'packages/orders-cli/src/topics-create.ts',
    creates: ['orders', 'orders.dlq'],
  },
} satisfies Record<string, KafkaUse>;
type Service = keyof typeof uses;
const services = Object.keys(uses) as Service[];

interface Call {
  action: string;
  resource: string;
}

const environments = renderedEnvironments();
const glueCalls = await recordGlueCalls();
const glueCallsOf: Record<Service, GlueCall[]> = {
  'order-producer': glueCalls.writer,
  'order-consumer': glueCalls.reader,
  topics: [],
};

/** One environment's policies, and the ARNs of what its services use. */
function accountOf(environment: string) {
  const app = resourcesOf(environment, 'app');
  const cluster = app.find(({ type }) => type === 'aws_msk_cluster');
  const clusterArn = String(cluster?.values.arn);
  const [, , , region, account] = clusterArn.split(':');
  const ofCluster = (kind: string, name: string) =>
    `${clusterArn.replace(':cluster/', `:${kind}/`)}/${name}`;
  const glue = (kind: string, path: string) => `arn:aws:glue:${region}:${account}:${kind}/${path}`;
  const policiesOf = (service: Service, role: 'task' | 'execution') => {
    const { values } = resourceEnding(app, 'aws_iam_role', 'name', `-${service}-${role}`);
    return app
      .filter(
        ({ type, values: { role: holder } }) =>
          type === 'aws_iam_role_policy' && holder === values.name,
      )
      .map((policy) => String(policy.values.policy));
  };
  return {
    clusterArn,
    topic: (name: string) => ofCluster('topic', name),
    group: (name: string) => ofCluster('group', name),
    registry: (name: string) => glue('registry', name),
    schema: (path: string) => glue('schema', path),
    policiesOf,
    roles: services.flatMap((service) =>
      (['task', 'execution'] as const).map((role) => ({
        name: `${environment} ${service} ${role}`,
        role,
        policies: policiesOf(service, role),
      })),
    ),
    /** Everything that the service's code asks Kafka and Glue for. */
    callsOf(service: Service): Call[] {
      const kafka = kafkaCalls(uses[service]).map(({ action, kind, name }) => ({
        action,
        resource: kind === 'cluster' ? clusterArn : ofCluster(kind, name as string),
      }));
      const ofGlue = glueCallsOf[service].flatMap(({ action, registry, schema }) => [
        ...(registry === undefined ? [] : [{ action, resource: glue('registry', registry) }]),
        ...(schema === undefined
          ? []
          : [{ action, resource: glue('schema', `${registry}/${schema}`) }]),
        // AWS's own example for serializers limits labels to registry and schema although the request names neither.
        ...(registry === undefined && schema === undefined
          ? [
              {
                action,
                resource:
                  action === 'glue:GetSchemaVersion'
                    ? '*'
                    : glue('schema', 'customer/orders-value'),
              },
            ]
          : []),
      ]);
      return [...kafka, ...ofGlue];
    },
  };
}

function assertDecision(
  policies: readonly string[],
  { action, resource }: Call,
  wanted: PolicyDecision,
  who: string,
): void {
  assert.equal(
    evaluatePolicies(policies, { action, resource }),
    wanted,
    `${who}: ${action} on ${resource}`,
  );
}

test('the calls are those that the code can make', () => {
  assert.ok(environments.length > 0, 'an environment is rendered');
  const heard = [...glueCalls.writer, ...glueCalls.reader].map(({ action }) => action);
  const imported = importedGlueActions();
  assert.deepEqual(
    heard.filter((action) => !imported.includes(action)),
    [],
  );
  // What else the client can send is what people ask of a registry: it reads.
  for (const action of imported.filter((action) => !heard.includes(action)))
    assert.match(action, /^glue:(Get|List)/);
  assert.deepEqual(kafkaMethodsBehind(uses.topics.entry), [
    ...['connect', 'createTopics', 'fetchTopicMetadata'],
  ]);
  assert.ok(
    filesBehind(uses['order-consumer'].entry).includes('services/order-consumer/src/consumer.ts'),
  );
  for (const method of [
    'run',
    'subscribe',
    'commitOffsetsIfNecessary',
    'fetchOffsets',
    'sendBatch',
  ])
    assert.ok(kafkaMethodsBehind(uses['order-consumer'].entry).includes(method), method);
  assert.ok(!kafkaMethodsBehind(uses['order-producer'].entry).includes('subscribe'));
});

test('S0-21 every call that the code makes is allowed, and none by accident', () => {
  for (const environment of environments) {
    const account = accountOf(environment);
    for (const service of services) {
      const policies = account.policiesOf(service, 'task');
      const calls = account.callsOf(service);
      assert.ok(calls.length >= 4, `${service} makes calls`);
      for (const call of calls) {
        assertDecision(policies, call, 'allow', `${environment} ${service}`);
        const without = policies.map((policy) =>
          policy.replaceAll(`"${call.action}"`, '"none:None"'),
        );
        assertDecision(without, call, 'implicit-deny', `${environment} ${service} without it`);
      }
    }
  }
});

test('S0-21 the actions of each task role are the listed ones', () => {
  const kafka = (...actions: string[]) => actions.map((action) => `kafka-cluster:${action}`);
  const glue = (...actions: string[]) => actions.map((action) => `glue:${action}`);
  const listed: Record<Service, string[]> = {
    'order-producer': [
      ...kafka('Connect', 'DescribeCluster', 'WriteDataIdempotently', 'DescribeTopic', 'WriteData'),
      ...glue('GetSchemaByDefinition', 'GetSchemaVersion', 'RegisterSchemaVersion', 'CreateSchema'),
      ...glue('GetSchema', 'GetRegistry', 'CreateRegistry', 'PutSchemaVersionMetadata'),
    ],
    'order-consumer': [
      ...kafka('Connect', 'DescribeCluster', 'WriteDataIdempotently', 'DescribeTopic', 'ReadData'),
      ...kafka('DescribeGroup', 'AlterGroup', 'WriteData'),
      // GetRegistry is what readiness asks.
      ...glue('GetSchemaVersion', 'GetSchema', 'GetRegistry'),
    ],
    topics: kafka('Connect', 'CreateTopic', 'DescribeTopic', 'AlterTopic'),
  };
  for (const environment of environments)
    for (const service of services) {
      const statements = accountOf(environment).policiesOf(service, 'task').flatMap(statementsOf);
      const granted = new Set(statements.flatMap(({ Action }) => textsOf(Action)));
      // The collector's beside the service; its own test is below.
      granted.delete('aps:RemoteWrite');
      assert.deepEqual([...granted].sort(), listed[service].sort(), `${environment} ${service}`);
    }
});

test('S0-21 what no service needs is denied to all of them', () => {
  for (const environment of environments) {
    const { clusterArn, topic, group, registry, schema, roles } = accountOf(environment);
    const foreignCluster = clusterArn.replace('/orders-', '/invoices-');
    const refused: Call[] = [
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
      for (const call of refused) assertDecision(policies, call, 'implicit-deny', name);
  }
});

test('S0-21 no service may do what another is for', () => {
  for (const environment of environments) {
    const { topic, group, schema, policiesOf } = accountOf(environment);
    const refused: [Service, Call][] = [
      ...(['order-producer', 'order-consumer'] as const).flatMap((service) =>
        ['CreateTopic', 'AlterTopic'].flatMap((action) =>
          ['orders', 'orders.dlq'].map((name): [Service, Call] => [
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
        (action): [Service, Call] => [
          'order-consumer',
          { action: `glue:${action}`, resource: schema('customer/orders-value') },
        ],
      ),
      ['topics', { action: 'kafka-cluster:WriteData', resource: topic('orders') }],
      ['topics', { action: 'kafka-cluster:ReadData', resource: topic('orders') }],
      ['topics', { action: 'glue:GetSchemaVersion', resource: '*' }],
    ];
    for (const [service, call] of refused)
      assertDecision(
        policiesOf(service, 'task'),
        call,
        'implicit-deny',
        `${environment} ${service}`,
      );
  }
});

test('S0-21 a collector writes to its workspace, and nobody else and nowhere else', () => {
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
  assert.ok(collectors >= 2, 'an environment with collectors is rendered');
});

test('S0-21 the generator may call nothing', () => {
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

test('S0-21 task role and execution role are apart', () => {
  for (const environment of environments) {
    const account = accountOf(environment);
    for (const service of services) {
      for (const call of account.callsOf(service))
        assertDecision(
          account.policiesOf(service, 'execution'),
          call,
          'implicit-deny',
          `${service} execution`,
        );
      for (const action of ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'logs:PutLogEvents'])
        assertDecision(
          account.policiesOf(service, 'task'),
          { action, resource: '*' },
          'implicit-deny',
          `${service} task`,
        );
    }
  }
});

test('S0-21 wildcards are GetSchemaVersion, the registry login and the streams of one log group', () => {
  const allowed: Record<'task' | 'execution', RegExp> = {
    task: /^glue:GetSchemaVersion on \*$/,
    execution:
      /^(ecr:GetAuthorizationToken on \*|logs:(CreateLogStream|PutLogEvents) on arn:aws:logs:[^*]+:log-group:\/ecs\/[^*]+:\*)$/,
  };
  for (const environment of environments)
    for (const { name, role, policies } of accountOf(environment).roles)
      for (const statement of policies.flatMap(statementsOf))
        for (const action of textsOf(statement.Action))
          for (const resource of textsOf(statement.Resource)) {
            assert.ok(!/[*?]/.test(action), `${name}: ${action}`);
            if (/[*?]/.test(resource))
              assert.match(`${action} on ${resource}`, allowed[role], name);
          }
});
