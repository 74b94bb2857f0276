import { glueSettings } from '@order-stream/local-stack/glue-local';
import { type RawRecord, readAll } from '@order-stream/local-stack/topics';
import { avroFormat, createDeserializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import type { HistoryEvent } from '../history-event.ts';
import {
  bytesContent,
  keyText,
  orderContent,
  poisonContent,
  tombstoneContent,
} from './record-content.ts';

/** Reads a topic by another client and decodes its orders. */
export async function* readTopic(
  bootstrapServers: string,
  registry: { endpoint: string },
  topic: string,
): AsyncGenerator<HistoryEvent> {
  const glue = createGlueRegistry(glueSettings(registry));
  const deserializer = createDeserializer({
    registry: glue,
    formats: [avroFormat(), jsonSchemaFormat()],
  });
  const contentOf = async (record: RawRecord) => {
    const { key, value, headers } = record;
    if (keyText(key).startsWith('dead-letter ')) return poisonContent(record, undefined);
    if (value === null) return tombstoneContent(keyText(key), headers.version);
    const content = orderContent((await deserializer.deserialize(value)).value);
    return keyText(key).startsWith('rejected-by-') ? poisonContent(record, content) : content;
  };
  for (const record of await readAll(bootstrapServers, topic)) {
    const { partition, timestampMs } = record;
    yield {
      ...{ event: 'written', topic, partition, offset: Number(record.offset), timestampMs },
      ...(await contentOf(record)),
    };
  }
  glue.close();
}

/** Reads a dead-letter topic in the order of its offsets. */
export async function* readDeadLetters(
  bootstrapServers: string,
  topic: string,
): AsyncGenerator<HistoryEvent> {
  for (const letter of await readAll(bootstrapServers, topic)) {
    const header = (name: string) => String(letter.headers[`orders.dlq.${name}`]);
    const number = (name: string) => Number(header(name));
    const { key, content } = bytesContent(letter);
    yield {
      event: 'dead-letter',
      at: { topic, partition: letter.partition, offset: Number(letter.offset) },
      ...{ topic: header('topic'), partition: number('partition'), offset: number('offset') },
      ...{ timestampMs: number('timestamp'), reason: header('reason') },
      ...(letter.headers['orders.dlq.sink'] && { sink: header('sink') }),
      ...{ key, content },
    };
  }
}
