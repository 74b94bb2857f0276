import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistry } from './testing/open-registry.ts';

const fault = {
  method: 'POST',
  url: '/_local/faults',
  headers: { 'content-type': 'application/json' },
  payload: '{"fault":"throttling","actions":["GetSchema"]}',
} as const;

test('a site that reaches the registry by DNS rebinding can neither read nor change anything', async () => {
  const host = 'evil.example.com:4570';
  await using registry = openRegistry();
  const { app, call } = registry;
  for (const sent of [
    { origin: `http://${host}` },
    { 'sec-fetch-site': 'same-origin' },
    { origin: 'null' },
  ]) {
    const headers = { host, ...sent };
    for (const action of ['ListRegistries', 'CreateRegistry', 'Unknown']) {
      const { status, answer } = await call(action, { RegistryName: 'r' }, headers);
      assert.deepEqual([status, answer.__type], [421, 'AccessDeniedException']);
      assert.match(answer.Message, /^Browsers are answered at IP addresses/);
    }
    for (const request of [
      { url: '/healthz' },
      { ...fault, headers: { ...fault.headers, ...headers } },
      { method: 'DELETE', url: '/_local/faults' },
      { url: '/_local/faults' },
      { url: '/_local/schema-versions/1/reasons' },
      { url: '/nothing' },
      { url: '/' },
    ] as const) {
      const { statusCode } = await app.inject({ headers, ...request });
      assert.equal(statusCode, 421, request.url);
    }
  }
  // A browser sends neither header with a GET to the page's own host when the page came without TLS.
  for (const url of [
    ...['/_local/faults', '/%5Flocal/faults', '/_loc%61l/faults', '/_local/%66aults?a=b'],
    ...['/_local/schema-versions/1/reasons', '/%5flocal/schema-versions/1/reasons'],
  ]) {
    for (const method of ['GET', 'HEAD'] as const) {
      const read = await app.inject({ method, url, headers: { host } });
      assert.equal(read.statusCode, 421, `${method} ${url}`);
    }
  }
  const page = await app.inject({ url: '/', headers: { host, 'sec-fetch-site': 'none' } });
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
  assert.match(page.body, /Unknown host name/);
  const { answer } = await call('ListRegistries', {});
  assert.deepEqual(answer.Registries, []);
  assert.deepEqual((await app.inject('/_local/faults')).json(), { faults: [] });
});

test('programs can use any host name, and browsers those that public DNS cannot have', async () => {
  await using registry = openRegistry();
  const { app, call } = registry;
  const origin = 'http://localhost:4570';
  for (const headers of [
    { host: 'registry.example.com' },
    { host: 'localhost:4570', origin, 'sec-fetch-site': 'same-origin' },
    { host: '127.0.0.1:4570', 'sec-fetch-site': 'none' },
  ]) {
    assert.equal((await call('ListRegistries', {}, headers)).status, 200);
    const put = await app.inject({ ...fault, headers: { ...fault.headers, ...headers } });
    assert.equal(put.statusCode, 201);
    assert.equal((await app.inject({ url: '/healthz', headers })).statusCode, 200);
  }
});
