import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluatePolicies, type PolicyRequest, UnknownPolicyElementError } from './iam-policy.ts';

const policy = (...statements: object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const decide = (
  statements: object[],
  action: string,
  resource: string,
  context?: PolicyRequest['context'],
) => evaluatePolicies([policy(...statements)], { action, resource, ...(context && { context }) });

test('a request that no statement allows is denied implicitly', () => {
  assert.equal(decide([allow('glue:GetSchema', '*')], 'glue:GetSchema', 'arn:a'), 'allow');
  assert.equal(
    decide([allow('glue:GetSchema', '*')], 'glue:DeleteSchema', 'arn:a'),
    'implicit-deny',
  );
  assert.equal(
    decide([allow('glue:GetSchema', 'arn:b')], 'glue:GetSchema', 'arn:a'),
    'implicit-deny',
  );
  assert.equal(evaluatePolicies([], { action: 'glue:GetSchema', resource: '*' }), 'implicit-deny');
});

test('an explicit Deny wins, in any position', () => {
  const statements = [allow('s3:*', '*'), { Effect: 'Deny', Action: 's3:Put*', Resource: '*' }];
  assert.equal(decide(statements, 's3:PutObject', 'arn:a'), 'explicit-deny');
  assert.equal(decide(statements.toReversed(), 's3:PutObject', 'arn:a'), 'explicit-deny');
  assert.equal(decide(statements, 's3:GetObject', 'arn:a'), 'allow');
  const apart = statements.map((statement) => policy(statement));
  assert.equal(evaluatePolicies(apart, { action: 's3:PutObject', resource: 'x' }), 'explicit-deny');
});

test('wildcards match slashes and colons, and all other characters match only themselves', () => {
  const topics = 'arn:aws:kafka:r:1:topic/c/u/orders*';
  for (const [resource, decision] of [
    ['arn:aws:kafka:r:1:topic/c/u/orders', 'allow'],
    ['arn:aws:kafka:r:1:topic/c/u/orders/x:y', 'allow'],
    ['arn:aws:kafka:r:1:topic/c/u/order', 'implicit-deny'],
    ['xarn:aws:kafka:r:1:topic/c/u/orders', 'implicit-deny'],
  ] as const)
    assert.equal(
      decide([allow('kafka-cluster:WriteData', topics)], 'kafka-cluster:WriteData', resource),
      decision,
    );
  assert.equal(decide([allow('glue:?etSchema', 'a.b')], 'glue:GetSchema', 'a.b'), 'allow');
  assert.equal(decide([allow('glue:GetSchema', 'a.b')], 'glue:GetSchema', 'aXb'), 'implicit-deny');
  assert.equal(decide([allow('glue:GetSchema', 'A')], 'glue:GetSchema', 'a'), 'implicit-deny');
  assert.equal(decide([allow('GLUE:getschema', 'a')], 'glue:GetSchema', 'a'), 'allow');
});

test('NotAction and NotResource match all values that are not listed', () => {
  const statements = [{ Effect: 'Allow', NotAction: 'iam:*', NotResource: ['arn:a', 'arn:b*'] }];
  assert.equal(decide(statements, 's3:GetObject', 'arn:c'), 'allow');
  assert.equal(decide(statements, 'iam:PassRole', 'arn:c'), 'implicit-deny');
  assert.equal(decide(statements, 's3:GetObject', 'arn:b1'), 'implicit-deny');
});

test('all conditions must hold, each with any of its values', () => {
  const statement = allow('sts:AssumeRole', '*', {
    Condition: {
      StringEquals: { 'aws:SourceAccount': ['1', '2'] },
      ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:*:1:*' },
    },
  });
  const holds = (context: Record<string, string>) =>
    decide([statement], 'sts:AssumeRole', '*', context);
  const arn = 'arn:aws:ecs:r:1:task/c/t';
  assert.equal(holds({ 'aws:SourceAccount': '2', 'aws:SourceArn': arn }), 'allow');
  assert.equal(holds({ 'AWS:sourceaccount': '2', 'aws:sourcearn': arn }), 'allow');
  assert.equal(holds({ 'aws:SourceAccount': '3', 'aws:SourceArn': arn }), 'implicit-deny');
  assert.equal(holds({ 'aws:SourceAccount': '1' }), 'implicit-deny');
  // In an ARN, a wildcard does not match a colon.
  assert.equal(
    holds({ 'aws:SourceAccount': '1', 'aws:SourceArn': 'arn:aws:ecs:r:x:1:t' }),
    'implicit-deny',
  );
});

test('an absent key satisfies only negated operators, IfExists and Null', () => {
  const withCondition = (Condition: object, context?: Record<string, string>) =>
    decide([allow('s3:GetObject', '*', { Condition })], 's3:GetObject', '*', context);
  assert.equal(withCondition({ StringNotEquals: { k: 'a' } }), 'allow');
  assert.equal(withCondition({ StringNotLike: { k: 'a*' } }, { k: 'ab' }), 'implicit-deny');
  assert.equal(withCondition({ StringLikeIfExists: { k: 'a*' } }), 'allow');
  assert.equal(withCondition({ StringLikeIfExists: { k: 'a*' } }, { k: 'b' }), 'implicit-deny');
  assert.equal(withCondition({ Null: { k: 'true' } }), 'allow');
  assert.equal(withCondition({ Null: { k: 'true' } }, { k: 'a' }), 'implicit-deny');
  assert.equal(withCondition({ Bool: { 'aws:SecureTransport': 'false' } }), 'implicit-deny');
  assert.equal(withCondition({ Bool: { k: 'false' } }, { k: 'False' }), 'allow');
});

test('an unsupported element is an error, never a decision', () => {
  const unknown: object[] = [
    { Effect: 'Allow', Action: 's3:*', Resource: '*', Principal: '*' },
    { Effect: 'allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Allow', Action: 's3:*', NotAction: 's3:*', Resource: '*' },
    { Effect: 'Allow', Action: 's3:*' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variables look like this
    allow('s3:*', 'arn:aws:s3:::b/${aws:username}'),
    allow('s3:*', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
    allow('s3:*', '*', { Condition: { 'ForAllValues:StringEquals': { k: 'a' } } }),
  ];
  // Also after a statement that already allows.
  for (const statement of unknown)
    assert.throws(
      () => decide([allow('s3:*', '*'), statement], 's3:GetObject', 'x'),
      UnknownPolicyElementError,
      JSON.stringify(statement),
    );
});
