import { join } from 'node:path';
import type { ForeignProcess } from './foreign-process.ts';
import { type JavaLibrary, startJavaProgram } from './java-library.ts';

export const debezium: JavaLibrary = {
  name: 'Debezium and the Glue converter',
  folder: join(import.meta.dirname, 'debezium'),
  downloads: 'change-events',
  firstJars: [
    ...['kafka-clients-4.3.1.jar', 'connect-api-4.3.1.jar', 'connect-json-4.3.1.jar'],
    ...['jackson-annotations-2.21.jar', 'jackson-core-2.21.2.jar', 'jackson-databind-2.21.2.jar'],
  ],
};

/** A record as a connector writes it, in base64. */
export interface ChangeEvent {
  /** Null for a table without a primary key. */
  key: string | null;
  value: string | null;
}

/** Starts the program that makes change events and registers their schemas in the registry at this endpoint. */
export function startChangeEvents(endpoint: string): Promise<ForeignProcess> {
  return startJavaProgram('ChangeEvents.java', [endpoint], debezium);
}
