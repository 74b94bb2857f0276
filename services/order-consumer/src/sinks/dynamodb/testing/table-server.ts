import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { listeningEndpoint } from '../../../testing/listening-endpoint.ts';
import { openConnections } from '../../../testing/open-connections.ts';

/** A request as it came over the wire: bytes are base64. */
export interface TableRequest {
  readonly action: 'PutItem' | 'DeleteItem';
  readonly item: Record<string, AttributeValue>;
  readonly key: AttributeValue;
  readonly offset: string;
  succeed(): void;
  /** Answers with an error of DynamoDB. */
  fail(type: string, options?: { status?: number; message?: string }): void;
  /** Answers with bytes that DynamoDB never sends. */
  answer(status: number, body: string): void;
  cut(): void;
}

/** A server in place of DynamoDB whose test answers each request. */
export async function startTableServer(
  context: { after(end: () => void): void },
  keyName = 'order_id',
) {
  const waiting: TableRequest[] = [];
  let arrived = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    const target = request.headers['x-amz-target'] as string;
    const item = body.Item ?? body.Key;
    waiting.push({
      action: target.split('.')[1] as TableRequest['action'],
      item,
      key: item[keyName],
      offset: body.ExpressionAttributeValues[':offset'].N,
      succeed: () => send(response, 200, {}),
      fail: (type, { status = 400, message = type } = {}) =>
        send(response, status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
      answer: (status, html) => response.writeHead(status).end(html),
      cut: () => response.destroy(),
    });
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  const connections = openConnections(server);
  return {
    connections,
    endpoint: await listeningEndpoint(context, server),
    /** The requests that wait for an answer, in the order of their arrival. */
    waiting,
    /** Removes and returns the next request, of any item or of this one. */
    async next(key?: string): Promise<TableRequest> {
      for (;;) {
        const index = waiting.findIndex((one) => key === undefined || one.key.S === key);
        if (index !== -1) return waiting.splice(index, 1)[0] as TableRequest;
        await arrived.promise;
      }
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}
