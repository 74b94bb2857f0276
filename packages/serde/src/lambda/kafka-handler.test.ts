import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeserializer, type Deserializer } from '../deserializer.ts';
import { DamagedFrameError, RegistryUnavailableError, type SerdeError } from '../errors.ts';
import { createSerializer } from '../serializer.ts';
import { createKafkaHandler, type KafkaEvent, type KafkaEventRecord } from './kafka-handler.ts';

const schema = {
  schemaVersionId: 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63',
  dataFormat: 'AVRO',
} as const;
const definition = '"string"';
const registry = {
  framing: 'glue' as const,
  schemaById: async (id: string) => {
    if (id === schema.schemaVersionId) return { ...schema, definition };
    throw new RegistryUnavailableError('connection refused');
  },
  schemaByDefinition: async () => ({ ...schema, definition }),
};
const deserializer = createDeserializer({ registry });
const frame = await createSerializer({ registry }).serialize('t', 'a', { schema: definition });
const good = frame.toString('base64');
const damaged = frame.subarray(0, -1).toString('base64');
/** A frame whose schema version only the registry could give, which is unavailable. */
const unknown = Buffer.from(frame).fill(1, 2, 18).toString('base64');

const record = (
  partition: number,
  offset: number,
  value: string | null | undefined,
  more: Partial<KafkaEventRecord> = {},
): KafkaEventRecord => ({
  ...{ topic: 'orders', partition, offset, timestamp: 1545084650987, timestampType: 'CREATE_TIME' },
  ...(value !== undefined && { value }),
  ...more,
});
const eventOf = (...partitions: KafkaEventRecord[][]): KafkaEvent => ({
  eventSource: 'aws:kafka',
  records: Object.fromEntries(partitions.map((records, i) => [`orders-${i}`, records])),
});
const itemOf = (partition: number, offset: number) => ({
  itemIdentifier: { partition: `orders-${partition}`, offset },
});

/** Runs one event, and returns what was handled, reported and thrown. */
async function handle(
  event: KafkaEvent,
  options: Partial<Parameters<typeof createKafkaHandler<unknown>>[0]> = {},
) {
  const handled: string[] = [];
  const faults: string[] = [];
  const handler = createKafkaHandler<unknown>({
    value: deserializer,
    eachRecord: ({ partition, offset }) => void handled.push(`${partition}/${offset}`),
    onFailure: (error, { partition, offset }) =>
      void faults.push(`${partition}/${offset} ${(error as SerdeError).code ?? 'error'}`),
    ...options,
  });
  const outcome = await handler(event, {}).then(
    (response) => ({ response, thrown: undefined }),
    (thrown) => ({ response: undefined, thrown }),
  );
  return { handled, faults, ...outcome };
}

test('an event of which every record is read and handled has an empty list of failures', async () => {
  for (const partialBatchResponse of [false, true]) {
    const { handled, response } = await handle(
      eventOf([record(0, 5, good), record(0, 6, good)], [record(1, 0, good)]),
      { partialBatchResponse },
    );
    assert.deepEqual(handled.toSorted(), ['0/5', '0/6', '1/0']);
    assert.deepEqual(response, { batchItemFailures: [] });
  }
});

test('a record that will never decode is reported, and the rest of its partition is handled', async () => {
  const { handled, faults, response } = await handle(
    eventOf(
      [record(0, 5, damaged), record(0, 6, good)],
      [record(1, 0, good), record(1, 1, 'e30=')],
    ),
    { partialBatchResponse: true },
  );
  assert.deepEqual(handled.toSorted(), ['0/6', '1/0']);
  assert.deepEqual(response?.batchItemFailures, [itemOf(0, 5), itemOf(1, 1)]);
  assert.deepEqual(faults.toSorted(), ['0/5 damaged-frame', '1/1 not-a-frame']);
});

test('when every record will never decode, all are reported and nothing is thrown', async () => {
  const { response } = await handle(eventOf([record(0, 5, damaged)]), {
    partialBatchResponse: true,
  });
  assert.deepEqual(response?.batchItemFailures, [itemOf(0, 5)]);
});

test('without partialBatchResponse, the first record that will never decode is thrown', async () => {
  const { handled, thrown, faults } = await handle(
    eventOf([record(0, 5, good), record(0, 6, damaged), record(0, 7, good)]),
  );
  assert.deepEqual(handled, ['0/5']);
  assert.ok(thrown instanceof DamagedFrameError);
  assert.deepEqual(faults, ['0/6 damaged-frame']);
});

test('setAside takes what will never decode, and then the record counts as handled', async () => {
  for (const partialBatchResponse of [false, true]) {
    const aside: string[] = [];
    const { handled, response } = await handle(
      eventOf([record(0, 5, damaged), record(0, 6, good)]),
      {
        partialBatchResponse,
        setAside: async ({ offset, value }, { code }) =>
          void aside.push(`${offset} ${value} ${code}`),
      },
    );
    assert.deepEqual(aside, [`5 ${damaged} damaged-frame`]);
    assert.deepEqual(handled, ['0/6']);
    assert.deepEqual(response, { batchItemFailures: [] });
  }
});

test('when setAside fails, the record and the rest of its partition come again', async () => {
  const { handled, response } = await handle(
    eventOf([record(0, 5, damaged), record(0, 6, good)], [record(1, 0, good)]),
    {
      partialBatchResponse: true,
      setAside: () => Promise.reject(new Error('the dead-letter topic is unavailable')),
    },
  );
  assert.deepEqual(handled, ['1/0']);
  assert.deepEqual(response?.batchItemFailures, [itemOf(0, 5), itemOf(0, 6)]);
});

test('an unavailable registry fails the partition from the record that needs it, others go on', async () => {
  const { handled, faults, response } = await handle(
    eventOf(
      [record(0, 4, damaged), record(0, 5, good), record(0, 6, unknown), record(0, 7, good)],
      [record(1, 0, good)],
    ),
    { partialBatchResponse: true },
  );
  assert.deepEqual(handled.toSorted(), ['0/5', '1/0']);
  assert.deepEqual(response?.batchItemFailures, [itemOf(0, 4), itemOf(0, 6), itemOf(0, 7)]);
  assert.deepEqual(faults, ['0/4 damaged-frame', '0/6 registry-unavailable']);
});

test('an unavailable registry is thrown when no record was handled, or without partialBatchResponse', async () => {
  const nothing = await handle(
    eventOf([record(0, 5, damaged), record(0, 6, unknown)], [record(1, 0, unknown)]),
    { partialBatchResponse: true },
  );
  assert.ok(nothing.thrown instanceof RegistryUnavailableError);
  const whole = await handle(eventOf([record(0, 5, good), record(0, 6, unknown)]));
  assert.ok(whole.thrown instanceof RegistryUnavailableError);
});

test('an UndecodableError that eachRecord throws is a failure of the function, not of the record', async () => {
  const { response } = await handle(
    eventOf([record(0, 5, good), record(0, 6, good)], [record(1, 0, good)]),
    {
      partialBatchResponse: true,
      eachRecord: ({ partition }) => {
        if (partition === 0) throw new DamagedFrameError('bad-body');
      },
      setAside: () => assert.fail('not a record of the event'),
    },
  );
  assert.deepEqual(response?.batchItemFailures, [itemOf(0, 5), itemOf(0, 6)]);
});

test('the records of a partition are handled one after the other, those of others meanwhile', async () => {
  const steps: string[] = [];
  const other = Promise.withResolvers<void>();
  await handle(eventOf([record(0, 5, good), record(0, 6, good)], [record(1, 0, good)]), {
    async eachRecord({ partition, offset }) {
      steps.push(`begin ${partition}/${offset}`);
      // Partition 0 waits for partition 1: handled after it, neither would end.
      if (partition === 1) other.resolve();
      else await other.promise;
      steps.push(`end ${partition}/${offset}`);
    },
  });
  const first = steps.filter((step) => step.includes(' 0/'));
  assert.deepEqual(first, ['begin 0/5', 'end 0/5', 'begin 0/6', 'end 0/6']);
});

test('the handler ends only when every partition has ended, also when it throws', async () => {
  let ended = false;
  const { thrown } = await handle(eventOf([record(0, 5, good)], [record(1, 0, damaged)]), {
    async eachRecord() {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
      ended = true;
    },
  });
  assert.ok(thrown instanceof DamagedFrameError);
  assert.equal(ended, true);
});

test('without partialBatchResponse, no partition handles more records after a failure', async () => {
  const failed = Promise.withResolvers<void>();
  const seen: string[] = [];
  await handle(eventOf([record(0, 5, damaged)], [record(1, 0, good), record(1, 1, good)]), {
    onFailure: () => failed.resolve(),
    async eachRecord({ partition, offset }) {
      seen.push(`${partition}/${offset}`);
      await failed.promise;
    },
  });
  assert.deepEqual(seen, ['1/0']);
});

test('a record has its key, headers and a tombstone as null', async () => {
  const seen: unknown[] = [];
  const key = Buffer.from([0xff, 1]);
  await handle(
    eventOf([
      record(0, 5, undefined, { key: key.toString('base64') }),
      record(0, 6, null, { key: null, headers: null }),
      record(0, 7, good, {
        headers: [{ a: [104, 105] }, { a: [-1, 255] }, { b: null }],
      }),
    ]),
    {
      eachRecord: ({ key, value, headers, valueSchema }) =>
        void seen.push({ key, value, headers, id: valueSchema?.schemaVersionId }),
    },
  );
  const { schemaVersionId: id } = schema;
  assert.deepEqual(seen, [
    { key, value: null, headers: [], id: undefined },
    { key: null, value: null, headers: [], id: undefined },
    {
      ...{ key: null, value: 'a', id },
      headers: [
        { name: 'a', value: Buffer.from('hi') },
        { name: 'a', value: Buffer.from([255, 255]) },
        { name: 'b', value: null },
      ],
    },
  ]);
});

test('a key that cannot be read is as undecodable as a value', async () => {
  const { response, faults } = await handle(
    eventOf([record(0, 5, good, { key: damaged }), record(0, 6, undefined, { key: good })]),
    { partialBatchResponse: true, key: deserializer as Deserializer<Buffer> },
  );
  assert.deepEqual(response?.batchItemFailures, [itemOf(0, 5)]);
  assert.deepEqual(faults, ['0/5 damaged-frame']);
});

test('an onFailure that throws or rejects is printed, and the other records are handled', async (context) => {
  const printed = context.mock.method(console, 'error', () => {});
  const failing = [
    () => {
      throw new Error('no alert');
    },
    () => Promise.reject(new Error('no alert')),
  ];
  for (const onFailure of failing)
    for (const partialBatchResponse of [false, true]) {
      printed.mock.resetCalls();
      const { handled, response, thrown } = await handle(
        eventOf(
          [record(0, 5, damaged), record(0, 6, good)],
          [1, 2, 3].map((offset) => record(1, offset, good)),
          [record(2, 7, unknown), record(2, 8, good)],
        ),
        { partialBatchResponse, onFailure },
      );
      const lines = printed.mock.calls.map(({ arguments: [text, error] }) => `${text} ${error}`);
      assert.equal(lines.filter((line) => line === 'onFailure failed: Error: no alert').length, 2);
      // The failure that onFailure did not report is not lost.
      assert.ok(lines.some((line) => line.startsWith('orders-0 offset 5: DamagedFrameError')));
      if (!partialBatchResponse) {
        assert.ok(thrown instanceof DamagedFrameError);
        continue;
      }
      assert.deepEqual(handled.toSorted(), ['0/6', '1/1', '1/2', '1/3']);
      assert.deepEqual(response?.batchItemFailures, [itemOf(0, 5), itemOf(2, 7), itemOf(2, 8)]);
    }
});

test('an onFailure that takes its time ends before the function does', async () => {
  let reported = false;
  const { response } = await handle(eventOf([record(0, 5, damaged)]), {
    partialBatchResponse: true,
    async onFailure() {
      for (let i = 0; i < 10; i += 1) await Promise.resolve();
      reported = true;
    },
  });
  assert.deepEqual([reported, response?.batchItemFailures], [true, [itemOf(0, 5)]]);
});

test('of several errors the first one is thrown', async () => {
  const failures = [1, 2, 3].map((partition) => new Error(`partition ${partition}`));
  for (const partialBatchResponse of [false, true]) {
    // The first partition fails last.
    const ended = [3, 1, 2];
    const { thrown } = await handle(
      eventOf(...[1, 2, 3].map((partition) => [record(partition, 1, good)])),
      {
        partialBatchResponse,
        async eachRecord({ partition }) {
          for (let i = 0; i < 10 * ended.indexOf(partition); i += 1) await Promise.resolve();
          throw failures[partition - 1];
        },
      },
    );
    assert.equal(thrown, failures[2]);
  }
});

test('a key from which Lambda removed the schema id is an error of the configuration as well', async () => {
  const keySchemaMetadata = { dataFormat: 'AVRO', schemaId: schema.schemaVersionId };
  const event = eventOf([record(0, 5, good, { key: 'AWE=', keySchemaMetadata })]);
  const key = deserializer as Deserializer<Buffer>;
  const { thrown, handled } = await handle(event, { partialBatchResponse: true, key });
  assert.match(String(thrown), /TypeError: Lambda has removed the schema id of the key/);
  assert.deepEqual(handled, []);
  // A key that is not decoded needs no schema id.
  assert.equal((await handle(event)).thrown, undefined);
});

test('a record from which Lambda removed the schema id is an error of the configuration', async () => {
  const { thrown } = await handle(
    eventOf([
      record(0, 5, 'AWE=', {
        valueSchemaMetadata: { dataFormat: 'AVRO', schemaId: schema.schemaVersionId },
      }),
    ]),
    { partialBatchResponse: true },
  );
  assert.match(String(thrown), /TypeError: Lambda has removed .* remove SchemaRegistryConfig/);
});

test('an event of another source is refused', async () => {
  const { thrown } = await handle({ eventSource: 'aws:sqs', Records: [] } as never);
  assert.match(String(thrown), /TypeError: expected an event .* got aws:sqs/);
  assert.match(String((await handle(undefined as never)).thrown), /TypeError: expected an event/);
});

test('a failure is printed with its place by default', async (context) => {
  const printed = context.mock.method(console, 'error', () => {});
  const handler = createKafkaHandler({ value: deserializer, eachRecord() {} });
  await assert.rejects(handler(eventOf([record(0, 5, damaged)]), {}), DamagedFrameError);
  assert.match(String(printed.mock.calls[0]?.arguments[0]), /^orders-0 offset 5:$/);
});
