import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { topicName } from '@order-stream/serde';
import fc from 'fast-check';
import { resolveAvro } from './avro-type.ts';
import { filesOf, framedValues, recorded } from './connect-files.ts';
import { type ConnectLines, linesOfSink, parsedLine, startConnectLines } from './connect-lines.ts';
import { asValue, contains } from './datum.ts';
import { drawDatum } from './draw-datum.ts';
import { drawDefinition } from './draw-schema.ts';
import { ForeignError } from './foreign-process.ts';
import { startRegistry } from './registry.ts';

let registry: Awaited<ReturnType<typeof startRegistry>>;
let connect: Awaited<ReturnType<typeof startConnectLines>>;
let linesOf: ConnectLines;
before(async () => {
  registry = await startRegistry(topicName);
  connect = await startConnectLines(registry.endpoint);
  linesOf = connect.linesOf;
});
after(async () => {
  await connect?.close();
  await registry?.close();
});

const pairs = 250;
const seed = 20_261_129;
/** Doubles that every version of Java prints alike. Older versions print some others with more digits than they need. */
const floats = [0, -0, 1, -12.5, 0.1, 9_999_999, 1e7, 0.001, 0.0001, 3.4e38, 1e-45].concat([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]);
/** Schemas and values that the S3 sink stores, and that end the task of a connector. */
const refusals = [
  /Standalone null schemas are not supported/,
  /scale must be specified/,
  /Did not find matching union field/,
  /is not a valid field name/,
  /Multiple union schemas map to the Connect union field name/,
];

test(`S3-08 ${pairs} random records of random schemas have the lines of Kafka Connect (seed ${seed})`, async () => {
  let next = 0;
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const definition = drawDefinition(g);
      const type = resolveAvro(definition);
      fc.pre(type.type === 'record');
      // Connect does not see that a union has null if null has attributes.
      fc.pre(!/\{\s*"type":\s*"null"/.test(definition));
      const datum = drawDatum(g, type, { noNaN: false, floats });
      // Connect refuses a fixed in a union of several types, or stores it as the bytes beside it.
      fc.pre(!contains(datum, (part) => part.type === 'union' && part.value.type === 'fixed'));
      const topic = `lines-${next++}`;
      const bytes = await registry.serialize(topic, definition, asValue(datum));
      const [ours = ''] = linesOfSink([await registry.deserialize(bytes)] as never);
      let theirs: string | undefined;
      try {
        [theirs] = await linesOf(topic, 'glue', [bytes]);
      } catch (error) {
        assert.ok(error instanceof ForeignError);
        assert.ok(
          refusals.some((refusal) => refusal.test(error.message)),
          error.message,
        );
        return;
      }
      compared += 1;
      assert.deepEqual(parsedLine(ours), parsedLine(theirs as string), definition);
    }),
    { seed, numRuns: pairs },
  );
  assert.ok(compared > pairs / 2, `${compared} compared`);
});

test('S3-08 the converters of Kafka Connect print the lines that its S3 sink stored', async () => {
  for (const [topic, source] of Object.entries(recorded.topics)) {
    const values = await framedValues(registry, topic, source);
    const bytes = values.flatMap(({ value }) => value ?? []);
    const lines = Object.values(filesOf(recorded.files, topic)).flat();
    assert.deepEqual(await linesOf(topic, 'glue', bytes), lines);
  }
});

test('S3-08 plain JSON has the lines of Kafka Connect', async () => {
  const values = [
    { order_id: 'a', n: 1, big: 2 ** 53, list: [true, null, 0.5, 'ü😀\u0001'], nested: { b: {} } },
    [],
    'text',
  ];
  const schema = { dataFormat: 'JSON', definition: '{}' } as const;
  const ours = linesOfSink(values.map((value) => ({ value, schema })));
  const bytes = values.map((value) => Buffer.from(JSON.stringify(value)));
  assert.deepEqual(ours.map(parsedLine), (await linesOf('plain', 'json', bytes)).map(parsedLine));
});

const field = (type: unknown) =>
  JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'f', type }] });
const decimal = { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 20 };
const state = { type: 'enum', name: 'State', symbols: ['NEW'] };
const [two, bytes] = [{ type: 'fixed', name: 'Two', size: 2 }, Buffer.from([0, 1])];
/** The rows of docs/sinks.md: schema, value, line of Connect or its refusal, line of the sink. */
const differences: [unknown, unknown, string | RegExp, string][] = [
  [decimal, bytes, '1E-20', '0.00000000000000000001'],
  ['string', '😀\u001f', '"\\uD83D\\uDE00\\u001F"', '"😀\\u001f"'],
  ['null', null, /Standalone null schemas/, 'null'],
  [{ ...decimal, scale: undefined }, bytes, /scale must be specified/, '1'],
  [[state, 'int'], 'NEW', /Did not find matching union field/, '{"State":"NEW","int":null}'],
  [[two, 'int'], bytes, /is not a valid field name/, '{"fixed":"AAE=","int":null}'],
  [
    [two, 'bytes'],
    { Two: bytes },
    '{"fixed":null,"bytes":"AAE="}',
    '{"fixed":"AAE=","bytes":null}',
  ],
];

test('Avro values whose lines differ from those of Kafka Connect', async () => {
  for (const [index, [type, value, theirs, ours]] of differences.entries()) {
    const topic = `differs-${index}`;
    const frame = await registry.serialize(topic, field(type), { f: value });
    const decoded = await registry.deserialize(frame);
    assert.deepEqual(linesOfSink([decoded] as never), [`{"f":${ours}}`]);
    const lines = linesOf(topic, 'glue', [frame]);
    if (typeof theirs === 'string') assert.deepEqual(await lines, [`{"f":${theirs}}`]);
    else await assert.rejects(lines, theirs);
  }
});

test('plain JSON whose lines differ from those of Kafka Connect', async () => {
  const lines = await linesOf('plain', 'json', [Buffer.from('[18446744073709551617]')]);
  assert.deepEqual(lines, ['[1]']);
  const schema = { dataFormat: 'JSON', definition: '{}' } as const;
  assert.deepEqual(linesOfSink([{ value: [18446744073709551617n], schema }]), [
    '[18446744073709551617]',
  ]);
});
