import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { ordersCommand } from '../../orders-command.ts';

/** A status with a document, or what the test does with the response. */
export type Answer =
  | { status: number; json?: unknown; html?: string }
  | ((response: ServerResponse) => void);

export const className = 'org.example.LinesConnector';

/** The answers of a worker whose connector `lines` runs with one task. */
const usual: Record<string, Answer> = {
  'GET /connector-plugins': { status: 200, json: [{ class: className, type: 'sink' }] },
  [`PUT /connector-plugins/${className}/config/validate`]: {
    status: 200,
    json: { name: className, error_count: 0, groups: [], configs: [] },
  },
  'GET /connectors/lines/config': { status: 404, json: { error_code: 404, message: 'not found' } },
  'GET /connectors/lines/status': { status: 200, json: statusWith('RUNNING', 'RUNNING') },
  'PUT /connectors/lines/config': { status: 201, json: {} },
  'GET /connectors?expand=status': {
    status: 200,
    json: { lines: { status: statusWith('RUNNING', 'RUNNING') } },
  },
  'POST /connectors/lines/restart?includeTasks=true&onlyFailed=true': { status: 202, json: {} },
};

export function statusWith(connector: string, task: string, trace?: string) {
  const worker_id = 'connect:8083';
  return {
    name: 'lines',
    type: 'sink',
    connector: { state: connector, worker_id },
    tasks: [{ id: 0, state: task, worker_id, ...(trace !== undefined && { trace }) }],
  };
}

/**
 * An HTTP server with Connect's documented answers, for the faults of a worker.
 *
 * @param script request → its answers, the last of which is repeated; requests that are not in it get the usual answers
 */
export async function scriptedWorker(t: TestContext, script: Record<string, Answer[]> = {}) {
  const requests: string[] = [];
  const bodies: string[] = [];
  const authorizations = new Set<string | undefined>();
  const server = createServer(async (request, response) => {
    const name = `${request.method} ${request.url}`;
    requests.push(name);
    authorizations.add(request.headers.authorization);
    bodies.push(await text(request));
    const answers = script[name];
    const answer = (answers && answers.length > 1 ? answers.shift() : answers?.[0]) ?? usual[name];
    if (typeof answer === 'function') return answer(response);
    const { status, json, html } = answer ?? { status: 500, json: { message: `no ${name}` } };
    response
      .writeHead(status, { 'content-type': html === undefined ? 'application/json' : 'text/html' })
      .end(html ?? (json === undefined ? '' : JSON.stringify(json)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, bodies, authorizations };
}

/** Runs `orders connect …` in this process. */
export async function runConnect(
  url: string,
  argv: string[],
  stop: AbortSignal = new AbortController().signal,
) {
  let stdout = '';
  let stderr = '';
  const code = await ordersCommand(['connect', ...argv], {
    env: { CONNECT_URL: url },
    stdout: { write: (line) => (stdout += line) },
    stderr: { write: (line) => (stderr += line) },
    stop,
  });
  return { code, stdout, stderr };
}
