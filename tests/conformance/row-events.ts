import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ChangeEvent, debezium } from './change-events.ts';
import type { ForeignProcess } from './foreign-process.ts';
import { startJavaProgram } from './java-library.ts';

/** How a connector writes: Avro by Glue or in Confluent framing, or JSON without and with schemas. */
export type ConnectorFormat = 'glue' | 'confluent' | 'json' | 'json-with-schemas';

/** The changes of a table, which Debezium's own classes make. */
export interface RowEvents {
  topic: string;
  converter: ConnectorFormat;
  /** Flattened by ExtractNewRecordState, with `op`, `db`, `table`, `source.ts_ms` and `__deleted`. */
  isFlat: boolean;
  /** `type`: a type of Connect, or the name of one of Debezium's. */
  columns: readonly { name: string; type: string; isNullable?: boolean }[];
  /** Names of the columns of the primary key. */
  key: readonly string[];
  /** `op` is that of Debezium, or `tombstone`. */
  events: readonly { op: string; key?: object; before?: object | null; after?: object | null }[];
  /** How JSON has decimals. Default: the converter's own, BASE64. */
  decimalFormat?: 'NUMERIC';
}

/** Starts the program that makes them, and a Confluent-compatible registry that has its schemas by id. */
export async function startRowEvents(glueEndpoint: string, registry: string) {
  const java: ForeignProcess = await startJavaProgram('RowEvents.java', [glueEndpoint], debezium);
  let definitions: readonly string[] = [];
  const server = createServer(({ url = '' }, response) => {
    const definition = definitions[Number(/\/schemas\/ids\/(\d+)$/.exec(url)?.[1]) - 1];
    response.writeHead(definition === undefined ? 404 : 200, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(definition ? { schema: definition } : { error_code: 40403 }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    confluentUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async recordsOf(events: RowEvents) {
      const answer = await java.call<{ records: ChangeEvent[]; definitions: string[] }>({
        registry,
        ...events,
      });
      definitions = answer.definitions;
      return answer.records.map(({ key, value }) => ({
        key: key === null ? null : Buffer.from(key, 'base64'),
        value: value === null ? null : Buffer.from(value, 'base64'),
      }));
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await java.close();
    },
  };
}
