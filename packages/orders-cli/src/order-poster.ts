import { Pool } from 'undici';
import type { GeneratedOrder } from './order-generator.ts';

/**
 * The outcome of one order.
 * - `acknowledged`: 201 with a receipt for this order id, so Kafka has the record;
 * - `refused`: nothing was written (4xx, a 503 whose problem says so, or no connection);
 * - `unknown`: the record may be on the topic (a lost or late answer, any other 5xx).
 */
export type Outcome = { kind: 'acknowledged' } | { kind: 'refused' | 'unknown'; reason: string };

export type OrderPoster = ReturnType<typeof createOrderPoster>;

const problemPrefix = 'urn:order-stream:problem:';
/** Problems of a 503 that the service returns before it sends anything to Kafka. */
const problemsBeforeWrite = new Set(['overloaded', 'broker-unavailable', 'registry-unavailable']);
const connectionErrors = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Posts orders to `<url>/orders` over keep-alive connections.
 * @param answerTimeoutMs longer than the service's own deadline (10 s by default), so that the service reports the outcome
 */
export function createOrderPoster({
  url,
  connections,
  answerTimeoutMs = 15_000,
}: {
  url: URL;
  connections: number;
  answerTimeoutMs?: number;
}) {
  const pool = new Pool(url.origin, {
    connections,
    pipelining: 1,
    connectTimeout: 5_000,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  });
  const path = `${url.pathname.replace(/\/+$/, '')}/orders`;

  /** Never rejects, never retries. */
  const post = async (order: GeneratedOrder): Promise<Outcome> => {
    try {
      const answer = await pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
      });
      return outcomeOf(answer.statusCode, await answer.body.text(), order.order_id);
    } catch (error) {
      const code = codeOf(error);
      return connectionErrors.has(code)
        ? { kind: 'refused', reason: 'unreachable' }
        : { kind: 'unknown', reason: code };
    }
  };

  /** Resolves with undefined when the service answers HTTP with any status, else with the error code. */
  const reach = async (): Promise<string | undefined> => {
    try {
      const answer = await pool.request({ method: 'HEAD', path });
      await answer.body.dump();
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  };

  return { post, reach, close: () => pool.close() };
}

/** The outcome that an answer of `POST /orders` means. */
export function outcomeOf(status: number, body: string, orderId: string): Outcome {
  const document = parse(body);
  if (status === 201) {
    return document?.order_id === orderId
      ? { kind: 'acknowledged' }
      : { kind: 'unknown', reason: 'receipt-of-another-order' };
  }
  const type = typeof document?.type === 'string' ? document.type : '';
  const problem = type.startsWith(problemPrefix) ? type.slice(problemPrefix.length) : undefined;
  const nothingWritten =
    (status >= 400 && status < 500) ||
    (status === 503 && problem !== undefined && problemsBeforeWrite.has(problem));
  return { kind: nothingWritten ? 'refused' : 'unknown', reason: problem ?? `status-${status}` };
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body) ?? undefined;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: { code?: unknown }[] };
  // For a host name with several addresses, the error holds one error per address.
  const found = code ?? errors?.[0]?.code;
  return typeof found === 'string' ? found : 'no-answer';
}
