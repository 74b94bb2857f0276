import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importedGlueActions } from './glue-calls.ts';
import { statementsOf, stringsOf } from './iam-policy.ts';
import { filesBehind, kafkaMethodsBehind } from './kafka-calls.ts';
import {
  accountOf,
  assertDecision,
  environments,
  glueCalls,
  type Service,
  services,
  uses,
} from './rendered-policies.ts';

test('the recorded calls are calls that the code can make', () => {
  assert.ok(environments.length > 0, 'expected a rendered environment');
  const recorded = [...glueCalls.writer, ...glueCalls.reader].map(({ action }) => action);
  const imported = importedGlueActions();
  assert.deepEqual(
    recorded.filter((action) => !imported.includes(action)),
    [],
  );
  // The client's other commands are for people who look at a registry: they only read.
  for (const action of imported.filter((action) => !recorded.includes(action)))
    assert.match(action, /^glue:(Get|List)/);
  assert.deepEqual(kafkaMethodsBehind(uses.topics.entry), [
    ...['connect', 'createTopics', 'fetchTopicMetadata'],
  ]);
  assert.ok(
    filesBehind(uses['order-consumer'].entry).includes('services/order-consumer/src/consumer.ts'),
  );
  for (const method of ['run', 'subscribe', 'commitOffsets', 'fetchOffsets', 'sendBatch'])
    assert.ok(kafkaMethodsBehind(uses['order-consumer'].entry).includes(method), method);
  assert.ok(!kafkaMethodsBehind(uses['order-producer'].entry).includes('subscribe'));
});

test('S0-21 every call that the code makes is allowed, and only by its own action', () => {
  for (const environment of environments) {
    const account = accountOf(environment);
    for (const service of services) {
      const policies = account.policiesOf(service, 'task');
      const calls = account.callsOf(service);
      assert.ok(calls.length >= 4, `expected calls of ${service}`);
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

test('S0-21 each task role has exactly the listed actions', () => {
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
      // GetRegistry is called by the readiness check.
      ...glue('GetSchemaVersion', 'GetSchema', 'GetRegistry'),
    ],
    topics: kafka('Connect', 'CreateTopic', 'DescribeTopic', 'AlterTopic'),
  };
  for (const environment of environments)
    for (const service of services) {
      const statements = accountOf(environment).policiesOf(service, 'task').flatMap(statementsOf);
      const granted = new Set(statements.flatMap(({ Action }) => stringsOf(Action)));
      // For the collector beside the service; denials.test.ts covers it.
      granted.delete('aps:RemoteWrite');
      assert.deepEqual([...granted].sort(), listed[service].sort(), `${environment} ${service}`);
    }
});

test('S0-21 neither task role nor execution role may make the other’s calls', () => {
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
      for (const call of account.startCallsOf(service)) {
        const [task, execution] = (['task', 'execution'] as const).map((role) =>
          account.policiesOf(service, role),
        );
        assertDecision(execution ?? [], call, 'allow', `${service} execution`);
        assertDecision(task ?? [], call, 'implicit-deny', `${service} task`);
      }
    }
  }
});

test('S0-21 the only wildcards are GetSchemaVersion, the registry login and the streams of one log group', () => {
  const allowed: Record<'task' | 'execution', RegExp> = {
    task: /^glue:GetSchemaVersion on \*$/,
    execution:
      /^(ecr:GetAuthorizationToken on \*|logs:(CreateLogStream|PutLogEvents) on arn:aws:logs:[^*]+:log-group:\/ecs\/[^*]+:\*)$/,
  };
  for (const environment of environments)
    for (const { name, role, policies } of accountOf(environment).roles)
      for (const statement of policies.flatMap(statementsOf))
        for (const action of stringsOf(statement.Action))
          for (const resource of stringsOf(statement.Resource)) {
            assert.ok(!/[*?]/.test(action), `${name}: ${action}`);
            if (/[*?]/.test(resource))
              assert.match(`${action} on ${resource}`, allowed[role], name);
          }
});
