import {
  configChanges,
  looksSecret,
  type PropertyChange,
  withoutSecrets,
} from './config-changes.ts';
import type { ConnectWorker } from './connect-worker.ts';
import type { Connector } from './connector-file.ts';
import { isInstalled } from './connector-validation.ts';
import { type Patience, persist } from './persist.ts';

export type Outcome = 'created' | 'changed' | 'unchanged';

export interface PlannedConnector {
  connector: Connector;
  outcome: Outcome;
  /** Empty unless `changed`. */
  changes: PropertyChange[];
  /** Text of Connect without the secrets of the configuration. */
  clean(text: string): string;
}

/** Connect or its plugins refuse configurations. Nothing was applied. One line for each property. */
export class InvalidConnectorError extends Error {
  readonly code = 'invalid-connector';
  readonly retryable = false;
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('; '));
    this.lines = lines;
  }
}

/**
 * Asks the worker about every connector. Nothing is written.
 *
 * @throws InvalidConnectorError with the faults of all connectors
 */
export async function applyPlan(
  worker: ConnectWorker,
  connectors: readonly Connector[],
  patience: Patience,
): Promise<PlannedConnector[]> {
  const classes = await persist(patience, worker.connectorClasses);
  const faults: string[] = [];
  const planned: PlannedConnector[] = [];
  for (const connector of connectors) {
    const { name, config } = connector;
    const className = config.get('connector.class') as string;
    if (!isInstalled(className, classes)) {
      faults.push(
        `${name}: connector.class: the worker has no ${className}, it has ${classes.join(', ')}`,
      );
      continue;
    }
    const validation = await persist(patience, (signal) => worker.validate(connector, signal));
    const { passwords } = validation;
    const clean = (text: string) => withoutSecrets(text, config, passwords);
    for (const { property, message } of validation.faults)
      faults.push(`${name}: ${property}: ${clean(message)}`);
    const current = await persist(patience, (signal) => worker.config(name, signal));
    const changes = configChanges(current ?? new Map(), config, (property, value) =>
      looksSecret(property, value, passwords),
    );
    planned.push({
      connector,
      outcome: current === undefined ? 'created' : changes.length > 0 ? 'changed' : 'unchanged',
      changes: current === undefined ? [] : changes,
      clean,
    });
  }
  if (faults.length > 0) throw new InvalidConnectorError(faults);
  return planned;
}
