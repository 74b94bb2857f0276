import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { copyTree } from './tree-copy.ts';

/** The files that a new field touches, in the order of CONTRIBUTING. */
const files = {
  schema: 'schemas/order.v2.avsc',
  types: 'services/order-producer/src/order-schema.ts',
  request: 'services/order-producer/src/order-request.ts',
  event: 'services/order-producer/src/order-event.ts',
  generator: 'packages/orders-cli/src/order-generator.ts',
  tests: 'services/order-producer/src/order-event.test.ts',
};

let tree: ReturnType<typeof copyTree>;
before(() => {
  tree = copyTree();
});
after(() => tree?.[Symbol.dispose]());

test('CONTRIBUTING lists the files of a new field, in this order', () => {
  const [, section = ''] = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').split(
    '## Change the order\n',
  );
  const [steps = ''] = section.split('\n## ', 1);
  const listed = [...steps.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path);
  assert.deepEqual(listed, Object.values(files));
});

test('a field added in these files alone passes the checks, the tests beside the code and the order path', () => {
  const schema = JSON.parse(tree.read('schemas/order.v1.avsc'));
  schema.fields.push({ name: 'currency', type: 'string', default: 'EUR' });
  tree.write(files.schema, `${JSON.stringify(schema, undefined, 2)}\n`);
  succeeds(['tools/generate/order-types.ts', '--write']);
  assert.match(tree.read(files.types), /currency: string;/);
  tree.replace(
    files.request,
    '    order_items: Type.Array(',
    "    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })),\n    order_items: Type.Array(",
  );
  tree.replace(
    files.event,
    '    user_id: request.user_id,\n',
    "    user_id: request.user_id,\n    currency: request.currency ?? 'EUR',\n",
  );
  tree.replace(
    files.generator,
    '  user_id: string;\n',
    '  user_id: string;\n  currency: string;\n',
  );
  tree.replace(
    files.generator,
    '      ordered_at: nowMs,\n',
    "      ordered_at: nowMs,\n      currency: 'USD',\n",
  );
  tree.write(
    files.tests,
    `${tree.read(files.tests)}
test('a missing currency is EUR', () => {
  assert.equal(toOrderEvent(request, 0, newId).currency, 'EUR');
  assert.equal(toOrderEvent({ ...request, currency: 'USD' }, 0, newId).currency, 'USD');
});
`,
  );
  succeeds(['tools/check.ts']);
  succeeds(['packages/glue-schemas/src/main.ts', 'check', 'schemas']);
  succeeds([
    'tools/test.ts',
    ...['services', 'packages/orders-cli', 'packages/serde/src/serializer.test.ts'],
    ...['order-path', 'producer-orders', 'cli-produce'].map(
      (name) => `tests/integration/${name}.test.ts`,
    ),
  ]);
});

test('without a default the merge gate refuses the same field', () => {
  const schema = JSON.parse(tree.read(files.schema));
  delete schema.fields.at(-1).default;
  tree.write(files.schema, `${JSON.stringify(schema, undefined, 2)}\n`);
  const { status, output } = tree.run(['packages/glue-schemas/src/main.ts', 'check', 'schemas']);
  assert.equal(status, 1, output);
  assert.match(output, /READER_FIELD_MISSING_DEFAULT_VALUE/);
});

function succeeds(args: readonly string[]): void {
  // A test runner inside a test runner would report to the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, output } = tree.run(args, env);
  assert.equal(status, 0, output);
}
