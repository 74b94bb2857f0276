import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browse } from '../testing/browse.ts';
import { openRegistry } from '../testing/open-registry.ts';
import { isPrime, orderSchema } from '../testing/start-registry.ts';

const RegistryId = { RegistryName: 'customer' };
const SchemaId = { RegistryName: 'customer', SchemaName: 'orders-value' };

/** A registry with one schema, of which version 2 is a FAILURE. */
async function openOrders() {
  const registry = openRegistry({ now: () => Date.UTC(2026, 10, 30, 9, 42, 55) });
  await registry.call('CreateRegistry', { ...RegistryId, Description: 'of customers' });
  await registry.call('CreateSchema', {
    ...{ RegistryId, SchemaName: 'orders-value', DataFormat: 'AVRO', Compatibility: 'BACKWARD' },
    ...{ SchemaDefinition: orderSchema(), Tags: { team: 'orders' } },
  });
  const { answer } = await registry.call('RegisterSchemaVersion', {
    ...{ SchemaId, SchemaDefinition: orderSchema(isPrime) },
  });
  return { ...registry, failedId: answer.SchemaVersionId as string };
}

test('the page leads from the registries to a schema and its versions', async () => {
  await using registry = await openOrders();
  const start = await browse(registry, '/');
  assert.equal(start.status, 200);
  assert.match(start.text, /<a href="\/registries\/customer">customer<\/a>/);
  assert.match(start.text, /of customers/);
  const list = await browse(registry, '/registries/customer');
  assert.match(
    list.text,
    /<a href="\/registries\/customer\/schemas\/orders-value">orders-value<\/a>/,
  );
  assert.match(list.text, /1 failed/);
  const schema = await browse(registry, '/registries/customer/schemas/orders-value');
  assert.match(
    schema.text,
    /<b>BACKWARD<\/b>\. A new version must read what the last version wrote/,
  );
  assert.match(schema.text, /<b>team<\/b> orders/);
  assert.match(schema.text, /2026-11-30 09:42:55 UTC/);
  const numbers = [...schema.text.matchAll(/versions\/(\d)">Version/g)].map(([, number]) => number);
  assert.deepEqual(numbers, ['2', '1']);
  const failed = await browse(registry, '/registries/customer/schemas/orders-value/versions/2');
  assert.match(failed.text, /badge FAILURE">FAILURE/);
  const first = await browse(registry, '/registries/customer/schemas/orders-value/versions/1');
  assert.match(first.text, /badge AVAILABLE">AVAILABLE<\/span>\s*<span class="badge note">latest/);
});

test('the text of a version is served alone, byte for byte', async () => {
  await using registry = await openOrders();
  const path = '/registries/customer/schemas/orders-value/versions/2/definition';
  const { text, headers } = await browse(registry, path);
  assert.equal(text, orderSchema(isPrime));
  assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
  assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('a version is shown with its metadata', async () => {
  await using registry = await openOrders();
  await registry.call('PutSchemaVersionMetadata', {
    ...{ SchemaVersionId: registry.failedId },
    MetadataKeyValue: { MetadataKey: 'commit', MetadataValue: 'f20ca31' },
  });
  const { text } = await browse(registry, '/registries/customer/schemas/orders-value/versions/2');
  assert.match(text, /<b>commit<\/b> f20ca31/);
});

test('a search finds schemas by a part of their names, and a version by its id', async () => {
  await using registry = await openOrders();
  const found = await browse(registry, '/schemas?search=ERS-v');
  assert.match(found.text, />orders-value<\/a>/);
  // Not a pattern: the text itself.
  for (const text of ['%25', '_', 'orders%25value']) {
    const none = await browse(registry, `/schemas?search=${text}`);
    assert.match(none.text, /No schema has a name with/);
  }
  const version = await browse(registry, `/schemas?search=%20${registry.failedId.toUpperCase()}`);
  assert.equal(version.status, 303);
  assert.equal(version.headers.location, '/registries/customer/schemas/orders-value/versions/2');
});

test('long lists have pages', async () => {
  await using registry = openRegistry();
  await registry.call('CreateRegistry', RegistryId);
  for (let number = 100; number < 221; number += 1) {
    await registry.call('CreateSchema', {
      ...{ RegistryId, SchemaName: `s${number}`, DataFormat: 'AVRO', Compatibility: 'NONE' },
      SchemaDefinition: '"string"',
    });
  }
  const names: string[] = [];
  let path: string | undefined = '/registries/customer?search=s';
  while (path !== undefined) {
    const { text } = await browse(registry, path);
    names.push(...[...text.matchAll(/schemas\/(s\d+)">/g)].map(([, name]) => String(name)));
    path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&#38;', '&');
    assert.match(text, /Schemas: \d+ to \d+ of 121/);
  }
  assert.deepEqual(
    names,
    Array.from({ length: 121 }, (_, index) => `s${index + 100}`),
  );
  const beyond = await browse(registry, '/registries/customer?page=99');
  assert.equal(beyond.status, 200);
  assert.match(beyond.text, /rel="prev" href="\/registries\/customer\?page=3"/);
  for (const page of ['0', '-1', 'x', '1e9', '1&page=2']) {
    const { text } = await browse(registry, `/registries/customer?page=${page}`);
    assert.match(text, /1 to 50 of 121/, page);
  }
});

test('every name that the API accepts has an address', async () => {
  await using registry = openRegistry();
  for (const name of ['.', '..', '#', '$x', '-', '...', 'a#b?'.slice(0, 3), '#'.repeat(255)]) {
    await registry.call('CreateRegistry', { RegistryName: name });
    const { status } = await registry.call('CreateSchema', {
      ...{ RegistryId: { RegistryName: name }, SchemaName: name, DataFormat: 'AVRO' },
      ...{ SchemaDefinition: '"string"' },
    });
    assert.equal(status, 200);
    const list = await browse(registry, `/schemas?search=${encodeURIComponent(name)}`);
    const links = [...list.text.matchAll(/href="(\/registries\/[^"]*\/schemas\/[^"]*)"/g)];
    assert.ok(links.length > 0, name);
    for (const [, link = ''] of links) {
      // As a browser resolves it.
      const { pathname, search, hash } = new URL(link, 'http://127.0.0.1/schemas');
      assert.deepEqual([search, hash], ['', ''], link);
      const schema = await browse(registry, pathname);
      assert.equal(schema.status, 200, pathname);
      const version = await browse(registry, `${pathname}/versions/1`);
      assert.equal(version.status, 200, pathname);
    }
  }
});

test('what does not exist is a page with status 404, and for a program the answer of the API', async () => {
  await using registry = await openOrders();
  for (const path of [
    ...['/registries/none', '/registries/customer/schemas/none', '/nothing/here', '/registries'],
    ...[
      '/registries/customer/schemas/orders-value/versions/3',
      '/registries/customer/schemas/%3Cb%3E',
    ],
    ...['/registries/customer/schemas/orders-value/versions/1e0', '/registries/<script>'],
  ]) {
    const { status, text } = await browse(registry, path);
    assert.equal(status, 404, path);
    assert.match(text, /<h1>Not found<\/h1>/);
    assert.doesNotMatch(text, /<b>|<script/);
  }
  const program = await browse(registry, '/nothing/here', { accept: '*/*' });
  assert.equal(program.status, 404);
  assert.equal(JSON.parse(program.text).__type, 'UnknownOperationException');
});

test('descriptions, tags, metadata and definitions cannot add markup', async () => {
  await using registry = openRegistry();
  const hostile = `"><script>alert(1)</script><img src=x onerror='a'>\`\${1}</textarea></pre>&lt;`;
  await registry.call('CreateRegistry', {
    ...RegistryId,
    Description: hostile,
    Tags: { [hostile]: hostile },
  });
  await registry.call('CreateSchema', {
    ...{ RegistryId, SchemaName: 'orders-value', DataFormat: 'AVRO', Compatibility: 'FULL_ALL' },
    ...{ Description: hostile, Tags: { [hostile]: hostile } },
    SchemaDefinition: JSON.stringify({ type: 'string', doc: hostile, [hostile]: 1 }),
  });
  const base = '/registries/customer';
  for (const path of [
    ...['/', base, `${base}?search=${encodeURIComponent(hostile)}`, `${base}/schemas/orders-value`],
    ...[
      `/schemas?search=${encodeURIComponent(hostile)}`,
      `${base}/schemas/orders-value/versions/1`,
    ],
  ]) {
    const { text, status } = await browse(registry, path);
    assert.equal(status, 200);
    assert.doesNotMatch(text, /<script|<img|onerror='|<\/textarea>/, path);
  }
});

test('pages load only the style sheet, and are not shown under names of public DNS', async () => {
  await using registry = await openOrders();
  const { text, headers } = await browse(registry, '/');
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'none'; style-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|script-src/);
  const loaded = [...text.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, url]) => url);
  assert.deepEqual(
    loaded.filter((url) => !/^[/#]/.test(String(url))),
    [],
  );
  const [sheet = ''] = loaded.filter((url) => url?.endsWith('.css'));
  const style = await browse(registry, sheet);
  assert.equal(style.headers['content-type'], 'text/css; charset=utf-8');
  assert.doesNotMatch(style.text, /url\(|@import/);
  const rebound = await browse(registry, '/', { host: 'attacker.example:4570' });
  assert.equal(rebound.status, 421);
  assert.doesNotMatch(rebound.text, /customer/);
});
