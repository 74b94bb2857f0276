// The baseline of `npm run bench:consumer`: kafkajs reads the records and only counts them.
import { randomUUID } from 'node:crypto';
// kafkajs 2.2.4 without our patch.
import kafkajs from 'kafkajs-as-published';
import { measureThisProcess } from './process-usage.ts';

const [bootstrapServers, topic, orders] = process.argv.slice(2) as [string, string, string];
const kafka = new kafkajs.Kafka({
  brokers: bootstrapServers.split(','),
  logLevel: kafkajs.logLevel.NOTHING,
});
const consumer = kafka.consumer({ groupId: `raw-${randomUUID()}` });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
const all = Promise.withResolvers<void>();
let consumed = 0;
let first = 0;
let print: ((records: number) => void) | undefined;
await consumer.run({
  eachBatch: async ({ batch }) => {
    consumed += batch.messages.length;
    if (print === undefined) {
      first = consumed;
      print = measureThisProcess();
    }
    if (consumed >= Number(orders)) all.resolve();
  },
});
await all.promise;
print?.(consumed - first);
await consumer.disconnect();
