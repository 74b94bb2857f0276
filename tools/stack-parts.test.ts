import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consumerVariables } from '../services/order-consumer/src/config.ts';
import { producerVariables } from '../services/order-producer/src/config.ts';
import { describeStack, ignoredVariables } from './stack-parts.ts';

const ports = { producer: 1, producerManagement: 2, consumerManagement: 3, kafka: 4, glueLocal: 5 };
const services = { producer: producerVariables, consumer: consumerVariables };

test('each service gets every variable of the caller, or the variable is reported as ignored', () => {
  for (const [service, { properties }] of Object.entries(services)) {
    const env = Object.fromEntries(Object.keys(properties).map((name) => [name, `own ${name}`]));
    const part = describeStack(ports, env)[service as keyof typeof services];
    const ignored = ignoredVariables(env);
    for (const name of Object.keys(properties))
      assert.equal(part.env[name] === `own ${name}`, !ignored.includes(name), name);
  }
});

test('the caller’s brokers, credentials and roles do not reach the services', () => {
  const env = { BOOTSTRAP_SERVERS: 'theirs:9092', AWS_PROFILE: 'theirs', AWS_REGION: 'theirs' };
  const foreign = { ...env, KAFKA_ASSUME_ROLE_ARN: 'theirs', SASL_PASSWORD: 'theirs' };
  const { producer, consumer, topics } = describeStack(ports, foreign);
  for (const part of [producer, consumer, topics])
    assert.doesNotMatch(JSON.stringify(part.env), /theirs/);
});

test('the consumer reads the topic that the producer writes', () => {
  const { consumer, groupId } = describeStack(ports, { TOPIC_NAME: 'payments' });
  assert.equal(consumer.env.TOPIC_NAMES, 'payments');
  assert.equal(groupId, 'payments-group-01');
});
