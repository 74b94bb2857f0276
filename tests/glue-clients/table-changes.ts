import { debezium } from '../conformance/change-events.ts';
import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { startJavaProgram } from '../conformance/java-library.ts';

/** A column of a table, as its catalog has it, and its value in the row. */
export interface TableColumn {
  name: string;
  type: 'INT' | 'BIGINT' | 'DECIMAL' | 'VARCHAR';
  isNullable: boolean;
  default?: string;
  value: number | string | null;
}

/** Debezium with the Glue Avro converter: one task of Kafka Connect. */
export interface ConnectTask {
  /**
   * The value that the task writes for an inserted row.
   * @param isFlat whether ExtractNewRecordState flattens the event
   * @throws ForeignError the converter cannot write the row
   */
  insert(table: string, columns: readonly TableColumn[], isFlat: boolean): Promise<Buffer>;
  close: ForeignProcess['close'];
}

/** Starts a task with the registry of this name at the endpoint. */
export async function startConnectTask(endpoint: string, registry: string): Promise<ConnectTask> {
  const java = await startJavaProgram('TableChanges.java', [endpoint, registry], debezium);
  return {
    async insert(table, columns, isFlat) {
      const { value } = await java.call<{ value: string }>({ table, columns, isFlat });
      return Buffer.from(value, 'base64');
    },
    close: java.close,
  };
}
