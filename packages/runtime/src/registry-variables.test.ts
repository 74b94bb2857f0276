import assert from 'node:assert/strict';
import { test } from 'node:test';
import Type from 'typebox';
import { ConfigError, loadConfig } from './load-config.ts';
import { registrySettings, registryVariables } from './registry-variables.ts';
import { awsVariables } from './variables.ts';

const schema = Type.Object({ ...awsVariables, ...registryVariables });
const settingsOf = (env: Record<string, string>) =>
  loadConfig(schema, env, [], { registry: registrySettings }).registry;

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    settingsOf(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return Object.fromEntries(error.faults.map(({ variable, problem }) => [variable, problem]));
  }
  return {};
}

test('the settings of a registry hold what its kind needs and nothing else', () => {
  const all = {
    AWS_REGION: 'eu-west-1',
    GLUE_ASSUME_ROLE_ARN: 'arn:aws:iam::123456789012:role/schemas',
    SCHEMA_REGISTRY_URL: 'http://registry:8081',
    SCHEMA_SNAPSHOT_FILE: 'schemas.json',
  };
  assert.deepEqual(settingsOf({ AWS_REGION: 'eu-west-1' }), {
    kind: 'glue',
    registryName: 'customer',
    region: 'eu-west-1',
  });
  assert.deepEqual(settingsOf(all), {
    kind: 'glue',
    registryName: 'customer',
    region: 'eu-west-1',
    assumeRoleArn: all.GLUE_ASSUME_ROLE_ARN,
    snapshotFile: 'schemas.json',
  });
  assert.deepEqual(settingsOf({ ...all, SCHEMA_REGISTRY: 'confluent' }), {
    kind: 'confluent',
    url: 'http://registry:8081',
    snapshotFile: 'schemas.json',
  });
  assert.deepEqual(settingsOf({ ...all, SCHEMA_REGISTRY: 'none' }), { kind: 'none' });
});

test('the region of a registry ARN wins over the region of the environment', () => {
  const REGISTRY_NAME = 'arn:aws:glue:us-west-2:123456789012:registry/customer';
  for (const env of [{ REGISTRY_NAME }, { REGISTRY_NAME, AWS_REGION: 'eu-west-1' }])
    assert.deepEqual(settingsOf(env), {
      kind: 'glue',
      registryName: REGISTRY_NAME,
      region: 'us-west-2',
    });
});

test('missing and invalid variables are named once', () => {
  const confluent = { SCHEMA_REGISTRY: 'confluent' };
  assert.deepEqual(Object.keys(problemsOf({})), ['AWS_REGION']);
  assert.deepEqual(problemsOf({ SCHEMA_REGISTRY: 'etcd' }), {
    SCHEMA_REGISTRY: 'must be one of glue, confluent, none',
  });
  assert.deepEqual(problemsOf(confluent), {
    SCHEMA_REGISTRY_URL: 'is required with a confluent registry',
  });
  assert.deepEqual(problemsOf({ ...confluent, SCHEMA_REGISTRY_URL: 'http://user:50%@host' }), {
    SCHEMA_REGISTRY_URL: 'is not a valid URL; write a % in its user or password as %25',
  });
});
