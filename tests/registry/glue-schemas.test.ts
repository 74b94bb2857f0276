import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createSerializer } from '@order-stream/serde';
import { createConfluentRegistry } from '@order-stream/serde/confluent';
import { schemasCommand } from '../../packages/glue-schemas/src/index.ts';
import { type Apicurio, startApicurio } from './apicurio.ts';

let apicurio: Apicurio;
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'glue-schemas-'));
  apicurio = await startApicurio();
});
after(async () => {
  rmSync(folder, { recursive: true });
  await apicurio?.stop();
});

const record = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'order.v1', fields });
const id = { name: 'id', type: 'long' };
const item = { name: 'item', type: 'order.v1.Item' };

test('S2-01 glue-schemas checks, registers, lists, compares and decodes with Apicurio', async () => {
  const url = `${apicurio.url}/apis/ccompat/v7`;
  const run = async (...args: string[]) => {
    let printed = '';
    const terminal = {
      env: { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: url },
      stdin: (async function* () {})(),
      stdout: { write: (text: string) => (printed += text) },
      stderr: { write: (text: string) => (printed += text) },
      stop: new AbortController().signal,
    };
    return { code: await schemasCommand(args, terminal), printed };
  };
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const v1 = file('a.avsc', record('Order', id));
  const v2 = file('b.avsc', record('Order', id, { name: 'note', type: 'string', default: '' }));
  const bad = file('c.avsc', record('Order', id, { name: 'is_prime', type: 'boolean' }));

  assert.match((await run('check', v1, '--online', 'orders')).printed, /: the first version\n$/);
  assert.match((await run('register', 'orders', v1)).printed, /^orders: \d+\n$/);
  assert.equal((await run('check', v2, '--online', 'orders')).code, 0);
  assert.equal((await run('register', 'orders', v2)).code, 0);
  const refused = await run('check', bad, '--online', 'orders');
  assert.equal(refused.code, 1);
  assert.match(refused.printed, /is_prime \(against orders version 2\)/);
  assert.deepEqual(
    [(await run('register', 'orders', bad)).code, (await run('list', '--versions')).printed],
    [1, 'orders BACKWARD 1,2\n'],
  );
  assert.match((await run('diff', 'orders@1', 'orders@2')).printed, /^\+ \/fields\/note: /);

  const references = { built: [{ name: 'order.v1.Item', subject: 'item', version: 1 }] };
  const registry = createConfluentRegistry({ url, autoRegistration: true, references });
  await registry.registerVersion('item', record('Item', id));
  const schemaName = () => 'built';
  const serializer = createSerializer({ registry, schemaName });
  const definition = record('Built', item);
  const value = { item: { id: 2n ** 63n - 1n } };
  const frame = await serializer.serialize('t', value, { schema: definition });
  const decoded = await run('decode', '--hex', frame.toString('hex'));
  assert.equal(decoded.printed, '{"item":{"id":9223372036854775807}}\n');
  const inlined = { ...item, type: JSON.parse(record('Item', id)) };
  const whole = file('d.avsc', record('Built', inlined));
  assert.equal((await run('check', whole, '--online', 'built')).code, 0);
});
