import type { ConnectClient } from './connect-client.ts';
import { WorkerRefusedError } from './connect-errors.ts';
import type { Connector } from './connector-file.ts';
import { type ConnectorStatus, statusOf } from './connector-status.ts';
import { type Validation, validationOf } from './connector-validation.ts';

export type ConnectWorker = ReturnType<typeof createConnectWorker>;

/** The requests that the commands need. Every method sends one request and can throw the client's errors. */
export function createConnectWorker(client: ConnectClient) {
  const pathOf = (name: string) => `/connectors/${encodeURIComponent(name)}`;
  return {
    address: client.address,
    close: client.close,

    /** The class names of the installed connectors. The answer also shows that the worker is ready. */
    async connectorClasses(signal: AbortSignal): Promise<string[]> {
      const plugins = await client.get('/connector-plugins', { signal });
      if (!Array.isArray(plugins)) throw unexpected(client.address, 'the list of plugins');
      return plugins.map((plugin) => String((plugin as { class?: unknown }).class));
    },

    /** Connect's opinion of a configuration. It may connect to databases. Nothing is stored. */
    async validate({ config }: Connector, signal: AbortSignal): Promise<Validation> {
      const className = encodeURIComponent(config.get('connector.class') as string);
      const path = `/connector-plugins/${className}/config/validate`;
      return validationOf(await client.put(path, { body: Object.fromEntries(config), signal }));
    },

    /** As it was stored, with unresolved references; undefined if the connector does not exist. */
    async config(name: string, signal: AbortSignal): Promise<Map<string, string> | undefined> {
      const config = await client.get(`${pathOf(name)}/config`, { signal });
      if (config === undefined) return undefined;
      if (typeof config !== 'object' || config === null)
        throw unexpected(client.address, 'a configuration');
      return new Map(Object.entries(config).map(([property, value]) => [property, String(value)]));
    },

    /** Creates the connector or replaces its configuration. */
    async putConfig({ name, config }: Connector, signal: AbortSignal): Promise<void> {
      await client.put(`${pathOf(name)}/config`, { body: Object.fromEntries(config), signal });
    },

    /** Undefined if the connector does not exist, or is so new that it has no status. */
    async status(name: string, signal: AbortSignal): Promise<ConnectorStatus | undefined> {
      const status = await client.get(`${pathOf(name)}/status`, { signal });
      return status === undefined ? undefined : statusOf(status);
    },

    /** Of all connectors that have a status, by name. */
    async statuses(signal: AbortSignal): Promise<ConnectorStatus[]> {
      const connectors = await client.get('/connectors?expand=status', { signal });
      if (typeof connectors !== 'object' || connectors === null)
        throw unexpected(client.address, 'the connectors');
      return Object.values(connectors)
        .map(({ status }) => statusOf(status))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
    },

    /** Restarts the connector and its tasks. Returns before they run. */
    async restart(name: string, onlyFailed: boolean, signal: AbortSignal): Promise<void> {
      await client.post(`${pathOf(name)}/restart?includeTasks=true&onlyFailed=${onlyFailed}`, {
        signal,
      });
    },
  };
}

const unexpected = (address: string, expected: string) =>
  new WorkerRefusedError(`${address}: expected ${expected}, got another document`);
