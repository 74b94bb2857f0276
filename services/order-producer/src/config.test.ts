import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '@order-stream/runtime';
import { loadProducerConfig } from './config.ts';

const enough = { BOOTSTRAP_SERVERS: 'b:9092', AWS_REGION: 'eu-west-1', AUTH_MODE: 'none' };

function faultyVariables(env: Record<string, string>): string[] {
  try {
    loadProducerConfig(env);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults.map(({ variable }) => variable);
  }
}

test('S0-16 the defaults are those of the reference systems', () => {
  const config = loadProducerConfig(enough);
  assert.equal(config.TOPIC_NAME, 'orders');
  assert.deepEqual(config.registry, {
    kind: 'glue',
    registryName: 'customer',
    region: 'eu-west-1',
  });
  assert.equal(config.SCHEMA_COMPATIBILITY, 'BACKWARD');
  assert.equal(config.SCHEMA_NAME_STRATEGY, 'topic-value');
  assert.equal(config.REQUEST_TIMEOUT_MS, 10_000);
});

test('S0-16 AWS_DEFAULT_REGION is used when AWS_REGION is absent, and one of them is required', () => {
  const { AWS_REGION: _, ...regionless } = enough;
  assert.deepEqual(faultyVariables({ ...regionless, AWS_DEFAULT_REGION: 'eu-west-1' }), []);
  assert.deepEqual(faultyVariables(regionless), ['AWS_REGION']);
});

test('S0-09 each of the eight compatibility modes can be configured, and no other', () => {
  for (const mode of ['NONE', 'DISABLED', 'BACKWARD', 'FORWARD', 'FULL'].flatMap((one) =>
    ['NONE', 'DISABLED'].includes(one) ? [one] : [one, `${one}_ALL`],
  ))
    assert.equal(
      loadProducerConfig({ ...enough, SCHEMA_COMPATIBILITY: mode }).SCHEMA_COMPATIBILITY,
      mode,
    );
  assert.deepEqual(faultyVariables({ ...enough, SCHEMA_COMPATIBILITY: 'SIDEWAYS' }), [
    'SCHEMA_COMPATIBILITY',
  ]);
});

test('S2-01 options that a Confluent-compatible registry lacks are rejected with it', () => {
  const confluent = {
    ...enough,
    SCHEMA_REGISTRY: 'confluent',
    SCHEMA_REGISTRY_URL: 'http://apicurio:8080/apis/ccompat/v7',
  };
  assert.deepEqual(faultyVariables(confluent), []);
  assert.deepEqual(
    faultyVariables({
      ...confluent,
      SCHEMA_COMPATIBILITY: 'DISABLED',
      SCHEMA_COMPRESSION: 'zlib',
    }),
    ['SCHEMA_COMPATIBILITY', 'SCHEMA_COMPRESSION'],
  );
});

test('AUTH_MODE is required unless only this machine can reach the port', () => {
  const { AUTH_MODE: _, ...unstated } = enough;
  assert.deepEqual(faultyVariables(unstated), ['AUTH_MODE']);
  assert.deepEqual(faultyVariables({ ...unstated, HOST: '10.0.0.5' }), ['AUTH_MODE']);
  for (const HOST of ['127.0.0.1', '::1', 'localhost'])
    assert.deepEqual(faultyVariables({ ...unstated, HOST }), []);
  assert.deepEqual(faultyVariables({ ...enough, AUTH_MODE: 'jwt' }), ['AUTH_MODE']);
});

test('a drain that could exceed the 25 s of a shutdown is rejected at the start', () => {
  const env = { ...enough, DRAIN_DELAY_MS: '14000' };
  assert.deepEqual(faultyVariables(env), ['REQUEST_TIMEOUT_MS']);
  assert.deepEqual(faultyVariables({ ...env, REQUEST_TIMEOUT_MS: '9000' }), []);
});

test('S0-16 the producer’s own variables have these defaults and limits', () => {
  assert.partialDeepStrictEqual(loadProducerConfig(enough), {
    HOST: '0.0.0.0',
    PORT: 3_000,
    MANAGEMENT_PORT: 9_464,
    DRAIN_DELAY_MS: 5_000,
    SCHEMA_AUTO_REGISTRATION: true,
    SCHEMA_COMPRESSION: 'none',
    MAX_IN_FLIGHT: 1_000,
    MAX_IN_FLIGHT_BYTES: 16_777_216,
    LOG_REQUESTS_PER_SECOND: 10,
  });
  assert.deepEqual(faultyVariables({ ...enough, SCHEMA_COMPRESSION: 'zlib' }), []);
  const limits: [string, number, number?][] = [
    ['PORT', 0, 65_535],
    ['MANAGEMENT_PORT', 0, 65_535],
    ['REQUEST_TIMEOUT_MS', 100, 18_000],
    ['DRAIN_DELAY_MS', 0, 13_000],
    ['MAX_IN_FLIGHT', 1],
    ['MAX_IN_FLIGHT_BYTES', 1_048_576],
    ['LOG_REQUESTS_PER_SECOND', 0],
  ];
  for (const [variable, least, most = least] of limits) {
    for (const valid of [least, most])
      assert.deepEqual(faultyVariables({ ...enough, [variable]: `${valid}` }), [], variable);
    assert.deepEqual(faultyVariables({ ...enough, [variable]: `${least - 1}` }), [variable]);
  }
  for (const [variable, , most] of limits) {
    if (most === undefined) continue;
    assert.equal(faultyVariables({ ...enough, [variable]: `${most + 1}` }).length, 1, variable);
  }
  const timeout = { DRAIN_DELAY_MS: '0', REQUEST_TIMEOUT_MS: '60001' };
  assert.deepEqual(faultyVariables({ ...enough, ...timeout }), ['REQUEST_TIMEOUT_MS']);
  assert.deepEqual(faultyVariables({ ...enough, TOPIC_NAME: 'o'.repeat(249) }), []);
  assert.deepEqual(faultyVariables({ ...enough, TOPIC_NAME: 'o'.repeat(250) }), ['TOPIC_NAME']);
});

test('F15 values with which the producer can never work are faults of their variables, all together', () => {
  const wrong = {
    BOOTSTRAP_SERVERS: 'b:9092,::1:9092',
    SSL_CA_FILE: '/nope.pem',
    AWS_REGION: 'eu west 1',
    AWS_ENDPOINT_URL: 'localhost',
    AWS_ENDPOINT_URL_GLUE: '127.0.0.1:4570',
    AWS_ENDPOINT_URL_STS: 'sts.amazonaws.com',
    SCHEMA_REGISTRY_URL: 'apicurio:8080',
    HOST: '[::1]',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:99999',
    PORT: '3e3',
    TOPIC_NAME: 'my orders',
    REQUEST_TIMEOUT_MS: '+5000',
  };
  const faults = faultyVariables({ ...enough, ...wrong });
  assert.deepEqual(faults.sort(), Object.keys(wrong).sort());
});
