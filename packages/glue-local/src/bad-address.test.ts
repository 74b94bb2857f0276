import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browse } from './testing/browse.ts';
import { openRegistry } from './testing/open-registry.ts';

test('an address that cannot be decoded is a page for a browser and an error of the API for a program', async () => {
  await using registry = openRegistry();
  const { headers: pageHeaders } = await browse(registry, '/');
  const protection = Object.keys(pageHeaders).filter((name) =>
    /policy|^x-content-type-options$|^cache-control$/.test(name),
  );
  assert.equal(protection.length, 6);
  for (const path of [
    ...['/registries/%E0%A4%A', '/%', '/registries/%zz/schemas/s/versions/1', '/%C0%AF'],
    ...['/_local/schema-versions/%FF/reasons', '/_local/faults/%'],
  ]) {
    const page = await browse(registry, path);
    assert.deepEqual(
      [page.status, page.headers['content-type']],
      [400, pageHeaders['content-type']],
    );
    assert.match(page.text, /<h1>Invalid address<\/h1>/);
    assert.match(page.text, /expected two hexadecimal digits of UTF-8 after each percent sign/);
    const program = await browse(registry, path, { accept: '*/*' });
    assert.equal(program.status, 400);
    assert.equal(program.headers['content-type'], 'application/x-amz-json-1.1');
    assert.equal(program.headers['x-amzn-errortype'], 'SerializationException');
    assert.equal(JSON.parse(program.text).__type, 'SerializationException');
    for (const { headers } of [page, program])
      for (const name of protection)
        assert.equal(headers[name], pageHeaders[name], `${path} ${name}`);
  }
});
