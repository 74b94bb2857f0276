import { printExactJson } from '@order-stream/serde';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Delivery } from '../delivery.ts';
import { compileAvroPrinter, type ValuePrinter } from './avro-json.ts';
import { createIsoTimestamp } from './iso-timestamp.ts';
import type { JsonWriter } from './json-writer.ts';

/** kafkajs attaches the batch's fields to each record, but its types do not declare them. */
type RecordOfBatch = KafkaMessage & { batchContext?: { timestampType: number } };

const createTime = 0;
const beforeTimestamp = Buffer.from(',"timestamp":');
/** By timestamp type. */
const beforeKey = [0, 1].map((type) => Buffer.from(`,"timestamp_type":${type},"key":`));
const beforeValue = Buffer.from(',"value":');
const beforeHeaders = Buffer.from(',"headers":');
const noHeaders = Buffer.from(',"headers":{}}\n');
const lineEnd = Buffer.from('}\n');

/**
 * Prints deliveries as one JSON object a line (JSON Lines), newline included:
 *
 *     {"topic":"orders","partition":0,"offset":41,"timestamp":"2023-04-06T01:50:13.045Z","timestamp_type":0,"key":…,"value":…,"headers":{}}
 *
 * - `timestamp_type`: 0 when the producer set the timestamp, 1 when the broker did (Kafka's numbers, also used by the
 *   Python client)
 * - `key` and header values: a string when the bytes are UTF-8, else `{"base64":"…"}`; null stays null.
 *   A header that occurs more than once becomes an array. A key that its registry decoded is printed as `value` is
 * - `value`: see compileAvroPrinter; a value without an Avro schema is printed unchanged, a tombstone as null
 */
export function createLinePrinter() {
  // A registry returns the same schema object for every record of a version, and identity is the cheapest key.
  const printers = new WeakMap<object, ValuePrinter>();
  const printTimestamp = createIsoTimestamp('millis', 'Z');
  let lastSchema: Delivery['schema'] | undefined;
  let lastPrinter: ValuePrinter;
  let lastTopic: string | undefined;
  let lastPartition = -1;
  let opening = Buffer.alloc(0);

  function printerOf(schema: Delivery['schema']): ValuePrinter {
    if (schema === undefined) return printUntyped;
    if (schema === lastSchema) return lastPrinter;
    let print = printers.get(schema);
    if (!print) {
      print =
        schema.dataFormat === 'AVRO'
          ? compileAvroPrinter(schema.definition, schema.references)
          : printUntyped;
      printers.set(schema, print);
    }
    lastSchema = schema;
    lastPrinter = print;
    return print;
  }

  return (out: JsonWriter, topic: string, partition: number, delivery: Delivery): void => {
    const { record, value, schema, key } = delivery;
    if (partition !== lastPartition || topic !== lastTopic) {
      opening = Buffer.from(`{"topic":"${topic}","partition":${partition},"offset":`);
      lastTopic = topic;
      lastPartition = partition;
    }
    out.raw(opening);
    out.ascii(record.offset);
    out.raw(beforeTimestamp);
    printTimestamp(out, Number(record.timestamp));
    const timestampType = (record as RecordOfBatch).batchContext?.timestampType ?? createTime;
    out.raw(beforeKey[timestampType] as Buffer);
    if (key === undefined) printText(out, record.key);
    else printerOf(key.schema)(out, key.value);
    out.raw(beforeValue);
    printerOf(schema)(out, value);
    printHeaders(out, record.headers);
  };
}

/** A value that came without an Avro schema. */
function printUntyped(out: JsonWriter, value: unknown): void {
  out.raw(Buffer.from(printExactJson(value)));
}

function printHeaders(out: JsonWriter, headers: IHeaders | undefined): void {
  let separator = '{';
  for (const name in headers) {
    if (separator === '{') out.raw(beforeHeaders);
    out.ascii(separator);
    out.string(name);
    out.ascii(':');
    const value = headers[name];
    if (Array.isArray(value)) printTexts(out, value);
    else printText(out, value);
    separator = ',';
  }
  if (separator === '{') {
    out.raw(noHeaders);
    return;
  }
  out.ascii('}');
  out.raw(lineEnd);
}

function printTexts(out: JsonWriter, values: readonly (Buffer | string)[]): void {
  let separator = '[';
  for (const value of values) {
    out.ascii(separator);
    printText(out, value);
    separator = ',';
  }
  out.ascii(']');
}

function printText(out: JsonWriter, bytes: Buffer | string | null | undefined): void {
  if (bytes === null || bytes === undefined) out.ascii('null');
  else if (typeof bytes === 'string') out.string(bytes);
  else out.text(bytes);
}
