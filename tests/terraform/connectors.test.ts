import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { type Connector, connectors, connectorTopic } from './connectors.ts';
import type { PolicyRequest } from './iam-policy.ts';
import { evaluatePolicies, statementsOf, stringsOf } from './iam-policy.ts';
import { assertDecision } from './rendered-policies.ts';

const source = connectors.find(({ name }) => name.endsWith('-source')) as Connector;
const sink = connectors.find(({ name }) => name.endsWith('-sink')) as Connector;
const schemas = ['key', 'value'].map((part) => `${connectorTopic}-${part}`);

/** What a worker of MSK Connect does for every connector. Source: MSK developer guide, "Understand service execution role". */
function workerCalls({ name, arns }: Connector): PolicyRequest[] {
  const ownTopics = ['configs', 'status'].map((kind) => `__amazon_msk_connect_${kind}_${name}_0-2`);
  return [
    ...['Connect', 'DescribeCluster'].map((action) => kafka(action, arns.cluster)),
    ...[...ownTopics, `${name}-offsets`].flatMap((topic) =>
      ['CreateTopic', 'DescribeTopic', 'ReadData', 'WriteData'].map((action) =>
        kafka(action, arns.topic(topic)),
      ),
    ),
    ...['AlterGroup', 'DescribeGroup'].map((action) =>
      kafka(action, arns.group(`__amazon_msk_connect_${name}`)),
    ),
  ];
}

const kafka = (action: string, resource: string): PolicyRequest => ({
  action: `kafka-cluster:${action}`,
  resource,
});

function sourceCalls({ arns }: Connector): PolicyRequest[] {
  return [
    ...['CreateTopic', 'DescribeTopic', 'WriteData'].map((action) =>
      kafka(action, arns.topic(connectorTopic)),
    ),
    kafka('WriteDataIdempotently', arns.cluster),
    ...schemas.flatMap((schema) =>
      [
        'CreateSchema',
        'GetSchemaByDefinition',
        'PutSchemaVersionMetadata',
        'RegisterSchemaVersion',
      ].map((action) => ({ action: `glue:${action}`, resource: arns.schema('cdc', schema) })),
    ),
    { action: 'glue:CreateSchema', resource: arns.registry('cdc') },
    { action: 'glue:GetSchemaVersion', resource: '*' },
    { action: 'secretsmanager:GetSecretValue', resource: arns.secret },
  ];
}

function sinkCalls({ name, arns }: Connector): PolicyRequest[] {
  return [
    ...['DescribeTopic', 'ReadData'].map((action) => kafka(action, arns.topic(connectorTopic))),
    ...['AlterGroup', 'DescribeGroup'].map((action) =>
      kafka(action, arns.group(`connect-${name}`)),
    ),
    { action: 'glue:GetSchemaVersion', resource: '*' },
    ...['PutObject', 'AbortMultipartUpload', 'GetObject'].map((action) => ({
      action: `s3:${action}`,
      resource: `${arns.bucket}/topics/${connectorTopic}/partition=0/x.avro`,
    })),
    ...['ListBucket', 'GetBucketLocation'].map((action) => ({
      action: `s3:${action}`,
      resource: arns.bucket,
    })),
  ];
}

test('S2-13 the workers’ roles allow every call of their connector, and only by its own action', () => {
  const calls: [Connector, PolicyRequest[]][] = [
    [source, [...workerCalls(source), ...sourceCalls(source)]],
    [sink, [...workerCalls(sink), ...sinkCalls(sink)]],
  ];
  for (const [{ name, policies }, wanted] of calls)
    for (const call of wanted) {
      assertDecision(policies, call, 'allow', name);
      const without = policies.map((one) => one.replaceAll(`"${call.action}"`, '"none:None"'));
      assertDecision(without, call, 'implicit-deny', `${name} without it`);
    }
});

test('S2-13 a connector may not make the calls of the other, nor touch what belongs to others', () => {
  const denied: [Connector, PolicyRequest[]][] = [
    [
      source,
      sinkCalls(source).filter(
        ({ action }) => !/DescribeTopic$|GetSchemaVersion$|Group$/.test(action),
      ),
    ],
    [
      sink,
      sourceCalls(sink).filter(
        ({ action }) => !/DescribeTopic$|GetSchemaVersion$|Idempotently$/.test(action),
      ),
    ],
  ];
  for (const [{ name, policies }, calls] of denied)
    for (const call of calls) assertDecision(policies, call, 'implicit-deny', name);
  for (const { name, policies, arns } of connectors)
    for (const call of [
      ...['orders', `${connectorTopic}2`, 'order-offsets'].flatMap((topic) =>
        ['CreateTopic', 'WriteData', 'ReadData', 'DeleteTopic', 'AlterTopic'].map((action) =>
          kafka(action, arns.topic(topic)),
        ),
      ),
      ...['DeleteTopic', 'AlterTopic', 'AlterTopicDynamicConfiguration'].map((action) =>
        kafka(action, arns.topic(connectorTopic)),
      ),
      kafka('AlterGroup', arns.group('orders-group-01')),
      kafka('AlterCluster', arns.cluster),
      kafka('Connect', arns.cluster.replace(':cluster/', ':cluster/other-')),
      { action: 'glue:RegisterSchemaVersion', resource: arns.schema('customer', 'orders-value') },
      { action: 'glue:DeleteSchema', resource: arns.schema('cdc', `${connectorTopic}-value`) },
      { action: 'secretsmanager:GetSecretValue', resource: `${arns.secret}x` },
      { action: 's3:DeleteObject', resource: `${arns.bucket}/topics/x` },
      { action: 's3:PutObject', resource: `${arns.bucket}/other/x` },
      { action: 'kms:Decrypt', resource: '*' },
    ])
      assertDecision(policies, call, 'implicit-deny', name);
});

test('S2-13 the only wildcards are those that AWS documents for MSK Connect, one prefix of objects and GetSchemaVersion', () => {
  for (const { name, policies } of connectors)
    for (const { Action, Resource } of policies.flatMap(statementsOf))
      for (const resource of stringsOf(Resource)) {
        for (const action of stringsOf(Action)) assert.ok(!/[*?]/.test(action), action);
        if (/[*?]/.test(resource))
          assert.match(
            `${stringsOf(Action).join()} ${resource}`,
            /^glue:GetSchemaVersion \*$|\/__amazon_msk_connect_\*$|\/connect-orders-dev-cdc-(source|sink)\*$|:::orders-dev-cdc-files-[^*]+\/topics\/\*$/,
            name,
          );
      }
});

test('S2-13 only MSK Connect assumes a role, for the connector that has its name, in this account', () => {
  for (const { name, trust, account, region } of connectors) {
    // The policy has a principal, which the evaluator of identity policies does not know.
    const policy = JSON.parse(trust) as { Statement: { Principal: unknown; Resource: string }[] };
    for (const statement of policy.Statement) {
      assert.deepEqual(statement.Principal, { Service: 'kafkaconnect.amazonaws.com' });
      Object.assign(statement, { Principal: undefined, Resource: '*' });
    }
    const decide = (sourceAccount: string, sourceArn: string) =>
      evaluatePolicies([JSON.stringify(policy)], {
        action: 'sts:AssumeRole',
        resource: '*',
        context: { 'aws:SourceAccount': sourceAccount, 'aws:SourceArn': sourceArn },
      });
    const arn = (owner: string, connector: string) =>
      `arn:aws:kafkaconnect:${region}:${owner}:connector/${connector}/0-2`;
    assert.equal(decide(account, arn(account, name)), 'allow');
    assert.equal(decide(account, arn(account, `${name}2`)), 'implicit-deny');
    assert.equal(decide('210987654321', arn('210987654321', name)), 'implicit-deny');
  }
});

test('S2-13 a connector on MSK Connect has the properties of the file that the local worker gets, and the named differences', () => {
  const different = ({ config }: Connector, file: string) => {
    const local = JSON.parse(readFileSync(join(root, 'docker/connect', file), 'utf8')).config;
    return [...new Set([...Object.keys(local), ...Object.keys(config)])]
      .filter((property) => String(local[property]) !== config[property])
      .sort();
  };
  assert.deepEqual(different(source, 'cdc-postgresql-glue.json'), [
    ...['database.hostname', 'database.password', 'database.port', 'database.sslmode'],
    ...['database.user', 'key.converter.endpoint', 'key.converter.region'],
    ...['value.converter.endpoint', 'value.converter.region'],
  ]);
  assert.deepEqual(different(sink, 'order-sink-s3-avro.json'), [
    ...['behavior.on.null.values', 's3.bucket.name', 's3.region', 'topics'],
    ...['value.converter.endpoint', 'value.converter.region', 'value.converter.registry.name'],
  ]);
  assert.deepEqual(sink.config.topics, connectorTopic);
});

test('S2-07 the S3 sink writes Avro files of 100 records or 60 s in the time zone of Sydney, and logs its errors', () => {
  assert.equal(sink.config['format.class'], 'io.confluent.connect.s3.format.avro.AvroFormat');
  assert.equal(sink.config['flush.size'], '100');
  assert.equal(sink.config['rotate.schedule.interval.ms'], '60000');
  assert.equal(sink.config.timezone, 'Australia/Sydney');
  assert.match(String(sink.config['partitioner.class']), /\.DefaultPartitioner$/);
  for (const { config } of connectors) assert.equal(config['errors.log.enable'], 'true');
});
