import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startManagementServer } from './management-server.ts';
import { createMetrics } from './metrics.ts';

test('D-02 the management port serves liveness, readiness with its faults, and prom-client’s metrics', async () => {
  const faults: string[] = [];
  const server = await startManagementServer({
    host: '127.0.0.1',
    port: 0,
    metrics: createMetrics({ service: 'order-test', version: '1.2.3' }),
    readiness: () => faults,
    liveness: () => [],
  });
  try {
    const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
    assert.equal((await get('/healthz')).status, 200);
    assert.deepEqual(await (await get('/readyz')).json(), { status: 'ok', faults: [] });
    faults.push('topic orders does not exist');
    const red = await get('/readyz');
    assert.equal(red.status, 503);
    assert.deepEqual(await red.json(), {
      status: 'unavailable',
      faults: ['topic orders does not exist'],
    });
    const metrics = await (await get('/metrics')).text();
    assert.match(metrics, /build_info\{service="order-test",version="1.2.3",node="v\d+/);
    assert.match(metrics, /process_resident_memory_bytes \d+/);
  } finally {
    await server.close();
  }
});
