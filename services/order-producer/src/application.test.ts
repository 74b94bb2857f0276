import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BrokerUnavailableError,
  type Logger,
  OverloadedError,
  SendOutcomeUnknownError,
} from '@order-stream/runtime';
import { RegistryUnavailableError, SchemaMismatchError } from '@order-stream/serde';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { type Behaviour, testApplication } from './testing/test-application.ts';

async function post(
  body: string | object,
  headers: Record<string, string> = {},
  behaviour: Behaviour = {},
): Promise<LightMyRequestResponse> {
  const app = await testApplication({ behaviour });
  return app.inject({
    method: 'POST',
    url: '/orders',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const order = { user_id: 'dicxa', order_items: [{ product_id: 5947, quantity: 8 }] };

test('S0-02 D-03 an accepted order is answered 201 with its topic, partition and offset', async () => {
  const response = await post({
    ...order,
    order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479',
    ordered_at: 1680745813045,
  });
  assert.equal(response.statusCode, 201);
  assert.deepEqual(response.json(), {
    order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479',
    ordered_at: 1680745813045,
    topic: 'orders',
    partition: 3,
    offset: '41',
    schema_version_id: 'v',
  });
});

const invalidOrders: [string, string | object, string[]][] = [
  ['a missing field', { order_items: order.order_items }, ['/user_id missing']],
  ['an unknown field', { ...order, colour: 1 }, ['/colour unknown-field']],
  ['an unknown field with a slash', { ...order, 'a/b': 1 }, ['/a~1b unknown-field']],
  ['a wrong type', { ...order, user_id: 7 }, ['/user_id type']],
  ['an empty string', { ...order, user_id: '' }, ['/user_id minLength']],
  ['no items', { ...order, order_items: [] }, ['/order_items minItems']],
  ['a body that is not an object', '[]', [' type']],
  ['an id that is not a UUID', { ...order, order_id: 'x' }, ['/order_id pattern']],
  [
    'an id in another form',
    { ...order, order_id: 'urn:uuid:53263c42-81b3-4a53-8067-fcdb44fa5479' },
    ['/order_id pattern'],
  ],
  ['a time out of range', { ...order, ordered_at: 2 ** 60 }, ['/ordered_at type']],
  ['an invalid time', { ...order, ordered_at: 'soon' }, ['/ordered_at type']],
  [
    'a quantity of 0',
    { ...order, order_items: [{ product_id: 1, quantity: 0 }] },
    ['/order_items/0/quantity type'],
  ],
  [
    'a negative quantity',
    { ...order, order_items: [{ product_id: 1, quantity: -1 }] },
    ['/order_items/0/quantity type'],
  ],
  [
    'an integer beyond 2^53 as a number',
    '{"user_id":"a","order_items":[{"product_id":9007199254740993,"quantity":1}]}',
    ['/order_items/0/product_id unsafe-integer'],
  ],
  [
    'a number beyond the range of a double',
    '{"user_id":"a","order_items":[{"product_id":1e400,"quantity":1}]}',
    ['/order_items/0/product_id type'],
  ],
  [
    'a time beyond the range of a double',
    '{"user_id":"a","order_items":[{"product_id":1,"quantity":1}],"ordered_at":-1e400}',
    ['/ordered_at type'],
  ],
  [
    'a string that is not a 64-bit integer',
    { ...order, order_items: [{ product_id: '12x', quantity: '9223372036854775808' }] },
    ['/order_items/0/product_id type'],
  ],
];
for (const [fault, body, expected] of invalidOrders)
  test(`${fault} is answered 422 with the field`, async () => {
    const response = await post(body);
    assert.equal(response.statusCode, 422);
    assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
    const problem = response.json();
    assert.equal(problem.type, 'urn:order-stream:problem:wrong-order');
    assert.deepEqual(
      problem.errors.map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`),
      expected,
    );
  });

test('the answer to an unsafe integer asks for a string', async () => {
  const response = await post(
    '{"user_id":"a","order_items":[{"product_id":9007199254740993,"quantity":1}]}',
  );
  assert.match(response.json().errors[0].detail, /send it as a string/);
});

for (const [quantity, got] of [
  ['0', 'an integer out of range'],
  ['1.5', 'a number that is not an integer'],
  ['"one"', 'a string'],
  ['null', 'null'],
  ['[1]', 'an array'],
  ['{}', 'an object'],
])
  test(`the answer to a quantity of ${quantity} names the expected and the found type`, async () => {
    const response = await post(
      `{"user_id":"a","order_items":[{"product_id":1,"quantity":${quantity}}]}`,
    );
    const [{ detail }] = response.json().errors;
    assert.equal(detail, `expected an integer ≥ 1 or a string of digits, got ${got}`);
  });

const invalidRequests: [string, string, Record<string, string>, number, string][] = [
  ['malformed JSON', '{', {}, 400, 'invalid-body'],
  ['an empty body', '', {}, 400, 'invalid-body'],
  ['__proto__', '{"__proto__":{"a":1}}', {}, 400, 'invalid-body'],
  ['another content type', 'a=1', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
  [
    'another charset',
    '{}',
    { 'content-type': 'application/json; charset=utf-16' },
    415,
    'unsupported-media-type',
  ],
  ['a content encoding', '{}', { 'content-encoding': 'gzip' }, 415, 'unsupported-media-type'],
  ['a body of 2 MB', `"${'x'.repeat(2_000_000)}"`, {}, 413, 'too-large'],
];
for (const [fault, body, headers, status, name] of invalidRequests)
  test(`${fault} is answered ${status} ${name}`, async () => {
    const response = await post(body, headers);
    assert.equal(response.statusCode, status);
    assert.equal(response.json().type, `urn:order-stream:problem:${name}`);
  });

const failures: [string, Behaviour, number, string][] = [
  [
    'a value that does not match the schema',
    {
      encode: () => {
        throw new SchemaMismatchError('/user_id', 'string');
      },
    },
    422,
    'schema-mismatch',
  ],
  ['a full service', { append: () => Promise.reject(new OverloadedError()) }, 503, 'overloaded'],
  [
    'a lost connection to the brokers',
    { append: () => Promise.reject(new BrokerUnavailableError('no broker')) },
    503,
    'broker-unavailable',
  ],
  [
    'a lost answer of the brokers',
    { append: () => Promise.reject(new SendOutcomeUnknownError('lost')) },
    503,
    'timeout-unknown-outcome',
  ],
  [
    'an unavailable schema',
    {
      open: () => {
        throw new RegistryUnavailableError('down');
      },
    },
    503,
    'registry-unavailable',
  ],
];
for (const [fault, behaviour, status, name] of failures)
  test(`S0-14 ${fault} is answered ${status} ${name}`, async () => {
    const response = await post(order, {}, behaviour);
    assert.equal(response.statusCode, status);
    const problem = response.json();
    assert.equal(problem.type, `urn:order-stream:problem:${name}`);
    assert.equal(problem.retryable, status === 503);
    assert.equal(response.headers['retry-after'], status === 503 ? '1' : undefined);
    assert.ok(problem.request_id);
  });

test('an answer never names the hosts of an unavailable dependency', async () => {
  const secret =
    'connect ECONNREFUSED 10.0.3.17:9098, role arn:aws:sts::123456789012:assumed-role/x';
  const failures = [new BrokerUnavailableError(secret), new RegistryUnavailableError(secret)];
  for (const failure of failures) {
    const { body } = await post(order, {}, { append: () => Promise.reject(failure) });
    assert.doesNotMatch(body, /10\.0\.3\.17|123456789012/);
  }
});

test('an invalid URL is answered with a problem document', async () => {
  const app = await testApplication();
  const response = await app.inject({ method: 'GET', url: '/%zz' });
  assert.equal(response.statusCode, 400);
  assert.equal(response.json().type, 'urn:order-stream:problem:bad-request');
});

test('the answer to a wrong method names the supported method, and an unknown path is answered 404', async () => {
  const app = await testApplication();
  const got = await app.inject({ method: 'GET', url: '/orders?page=1' });
  assert.deepEqual([got.statusCode, got.headers.allow], [405, 'POST']);
  assert.equal(got.json().type, 'urn:order-stream:problem:wrong-method');
  const elsewhere = await app.inject({ method: 'POST', url: '/order' });
  assert.deepEqual([elsewhere.statusCode, elsewhere.headers.allow], [404, undefined]);
  assert.equal(elsewhere.json().type, 'urn:order-stream:problem:not-found');
});

const answers: [string, number, InjectOptions][] = [
  ['an accepted order', 201, { url: '/orders', payload: order }],
  ['an invalid URL', 400, { url: '/%zz' }],
  ['an invalid body', 400, { url: '/orders', payload: '{' }],
  ['an unknown path', 404, { url: '/nowhere', payload: order }],
  ['another method', 405, { url: '/orders', method: 'GET' }],
  ['a large body', 413, { url: '/orders', payload: 'x'.repeat(2_000_000) }],
  ['another type', 415, { url: '/orders', headers: { 'content-type': 'text/csv' }, payload: 'a' }],
  ['another expectation', 417, { url: '/orders', headers: { expect: 'x' }, payload: order }],
  ['an invalid order', 422, { url: '/orders', payload: {} }],
];
for (const [name, status, request] of answers)
  test(`the answer ${status} to ${name} has an x-request-id, the caller's own if it gave one`, async () => {
    const lines: Record<string, unknown>[] = [];
    const collect = (fields: Record<string, unknown>) => void lines.push(fields);
    const app = await testApplication({
      logger: { info: collect, warn: collect, error: collect } as unknown as Logger,
    });
    for (const own of [undefined, 'Root=1-abc', 'not safe']) {
      const response = await app.inject({
        method: 'POST',
        ...request,
        headers: {
          'content-type': 'application/json',
          ...request.headers,
          ...(own !== undefined && { 'x-request-id': own }),
        },
      });
      assert.equal(response.statusCode, status);
      const id = response.headers['x-request-id'];
      if (own === 'Root=1-abc') assert.equal(id, own);
      else assert.match(String(id), /^[0-9a-f]{8}-[0-9a-z]+$/);
      if (status >= 400) assert.equal(response.json().request_id, id);
      assert.equal(lines.pop()?.requestId, id);
    }
  });
