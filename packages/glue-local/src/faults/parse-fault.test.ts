import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openRegistry } from '../testing/open-registry.ts';
import { faultKinds } from './fault.ts';

const headers = { 'content-type': 'application/json' };

async function post(registry: ReturnType<typeof openRegistry>, body: unknown) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const url = '/_local/faults';
  const response = await registry.app.inject({ method: 'POST', url, headers, payload });
  return { status: response.statusCode, answer: response.json() };
}

test('each fault is put in place with the members that apply to it', async () => {
  await using registry = openRegistry();
  for (const fault of [
    {
      fault: 'throttling',
      actions: ['GetSchemaVersion'],
      accessKeyId: 'orders-producer',
      count: 1,
    },
    { fault: 'latency', latencyMs: 3_600_000, when: 'after' },
    { fault: 'internal-error', status: 599, rate: 1, seed: 4_294_967_295 },
    { fault: 'connection-reset', when: 'before', rate: 0.001 },
    { fault: 'access-denied' },
    { fault: 'pending', actions: ['RegisterSchemaVersion'] },
  ]) {
    const { status, answer } = await post(registry, fault);
    const { id, ...placed } = answer;
    assert.deepEqual([status, placed], [201, { ...fault, applied: 0 }]);
    assert.match(id, /^[0-9a-f-]{36}$/);
  }
});

test('a wrong member is InvalidInputException, whose message names it', async () => {
  await using registry = openRegistry();
  const kinds = 'throttling, latency, internal-error, connection-reset, access-denied or pending';
  const fault = 'throttling';
  const cases: [unknown, string][] = [
    ['', 'the request body is not valid JSON'],
    [[], 'expected a JSON object with the member fault, got an empty list'],
    [null, 'expected a JSON object with the member fault, got null'],
    [{}, `fault: expected ${kinds}`],
    [{ fault: 'outage' }, `fault: expected ${kinds}, got "outage"`],
    [
      { fault, action: 'GetSchema' },
      'action: unknown member; expected fault, actions, accessKeyId, count, rate, seed, latencyMs, status or when',
    ],
    [
      { fault, actions: 'GetSchema' },
      'actions: expected a list of at least one action, got "GetSchema"',
    ],
    [{ fault, actions: [] }, 'actions: expected a list of at least one action, got an empty list'],
    [
      { fault, actions: ['GetSchema', 'toString'] },
      'actions/1: expected an action of the registry, such as GetSchemaVersion, got "toString"',
    ],
    [
      { fault, accessKeyId: '' },
      'accessKeyId: expected an access key id (1 to 128 visible ASCII characters, no comma), got ""',
    ],
    [
      { fault, accessKeyId: 'a,b' },
      'accessKeyId: expected an access key id (1 to 128 visible ASCII characters, no comma), got "a,b"',
    ],
    [
      { fault, accessKeyId: ['a'] },
      'accessKeyId: expected an access key id (1 to 128 visible ASCII characters, no comma), got a list',
    ],
    [{ fault, count: 0 }, 'count: expected a whole number from 1 to 9007199254740991, got 0'],
    [{ fault, count: null }, 'count: expected a whole number from 1 to 9007199254740991, got null'],
    [{ fault, rate: 0 }, 'rate: expected a number above 0 and up to 1, got 0'],
    [{ fault, rate: 1.1 }, 'rate: expected a number above 0 and up to 1, got 1.1'],
    [{ fault, rate: 1, seed: -1 }, 'seed: expected a whole number from 0 to 4294967295, got -1'],
    [{ fault, seed: 1 }, 'seed: applies only together with rate'],
    [{ fault: 'latency' }, 'latencyMs: is required for latency'],
    [
      { fault: 'latency', latencyMs: 3_600_001 },
      'latencyMs: expected a whole number from 1 to 3600000, got 3600001',
    ],
    [{ fault, latencyMs: 1 }, 'latencyMs: applies only to latency'],
    [
      { fault: 'internal-error', status: 404 },
      'status: expected a whole number from 500 to 599, got 404',
    ],
    [{ fault, status: 500 }, 'status: applies only to internal-error'],
    [{ fault, when: 'after' }, 'when: applies only to latency, internal-error or connection-reset'],
    [{ fault: 'connection-reset', when: 'now' }, 'when: expected before or after, got "now"'],
    [
      { fault: 'pending', actions: ['GetSchema'] },
      'actions/0: pending applies only to CreateSchema or RegisterSchemaVersion',
    ],
  ];
  for (const [body, Message] of cases) {
    const { status, answer } = await post(registry, body);
    assert.deepEqual([status, answer], [400, { __type: 'InvalidInputException', Message }]);
  }
  assert.deepEqual((await registry.app.inject('/_local/faults')).json(), { faults: [] });
});

test('at most 1000 faults are in place', async () => {
  await using registry = openRegistry();
  for (let count = 0; count < 1000; count += 1)
    assert.equal((await post(registry, { fault: 'throttling' })).status, 201);
  const { status, answer } = await post(registry, { fault: 'throttling' });
  assert.deepEqual(
    [status, answer.Message],
    [400, 'there are already 1000 faults: end some of them first'],
  );
});

test('another content type is refused, so that pages of other sites cannot put faults in place', async () => {
  await using registry = openRegistry();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
    const response = await registry.app.inject({
      method: 'POST',
      url: '/_local/faults',
      headers: { 'content-type': type },
      payload: '{"fault":"throttling"}',
    });
    assert.deepEqual(
      [response.statusCode, response.json().Message],
      [400, 'Content-Type must be application/json'],
    );
  }
});

test('any JSON text is answered by 201 or 400', async () => {
  await using registry = openRegistry();
  const body = fc.record(
    {
      fault: fc.oneof(fc.constantFrom(...faultKinds), fc.jsonValue()),
      actions: fc.oneof(fc.constant(['CreateSchema']), fc.jsonValue()),
      rate: fc.oneof(fc.double(), fc.jsonValue()),
      count: fc.oneof(fc.integer(), fc.jsonValue()),
      latencyMs: fc.oneof(fc.integer(), fc.jsonValue()),
      when: fc.oneof(fc.constantFrom('before', 'after'), fc.jsonValue()),
    },
    { requiredKeys: ['fault'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(body, fc.jsonValue()), async (value) => {
      const { status } = await post(registry, value);
      assert.ok(status === 201 || status === 400, String(status));
    }),
  );
});
