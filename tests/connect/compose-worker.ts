import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

export interface ConnectorFile {
  name: string;
  config: Record<string, string>;
}

interface State {
  state: string;
  worker_id: string;
}
export interface ConnectorState {
  name: string;
  type: string;
  connector: State;
  tasks: (State & { id: number })[];
}

/** A connector of docker/connect, with `changes` of its configuration. A property that is `undefined` is left out. */
export function connectorFile(
  file: string,
  name?: string,
  changes: Record<string, string | undefined> = {},
): ConnectorFile {
  const text = readFileSync(join(root, 'docker/connect', file), 'utf8');
  const connector = JSON.parse(text) as ConnectorFile;
  const config = Object.entries({ ...connector.config, ...changes });
  return {
    name: name ?? connector.name,
    config: Object.fromEntries(config.filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >,
  };
}

/** Kafka Connect's REST API, called by fetch: the foreign view of what our commands did. */
export function composeWorker(url: string) {
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    get: (path: string) => call('GET', path),
    post: (connector: ConnectorFile) => call('POST', '/connectors', connector),
    delete: (name: string) => call('DELETE', `/connectors/${name}`),
    async states(): Promise<ConnectorState[]> {
      const all = await call('GET', '/connectors?expand=status');
      return (Object.values(all) as { status: ConnectorState }[]).map(({ status }) => status);
    },
  };
}
