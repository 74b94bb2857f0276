import { getCACertificates } from 'node:tls';
import { readCertificates } from '@order-stream/runtime';
import { Agent, request } from 'undici';
import { printable } from '../output/printable.ts';
import { WorkerRefusedError, WorkerUnavailableError } from './connect-errors.ts';
import type { ConnectSettings } from './connect-settings.ts';

/** Longer than the 90 s after which Connect itself gives up and says what it waited for. */
const answerTimeoutMs = 100_000;
const connectTimeoutMs = 5_000;
const maxMessageLength = 1_000;

export type ConnectClient = ReturnType<typeof createConnectClient>;

interface RequestOptions {
  body?: unknown;
  /** Ends the request. It is then a WorkerUnavailableError. */
  signal?: AbortSignal;
}

/**
 * Kafka Connect's REST API, as https://kafka.apache.org/documentation/#connect_rest describes it. Each request is sent once.
 * Errors are WorkerUnavailableError and WorkerRefusedError.
 */
export function createConnectClient({
  url,
  authorization,
  caFile,
  clientCertificate,
}: ConnectSettings) {
  const dispatcher = new Agent({
    connect: {
      timeout: connectTimeoutMs,
      ...(caFile && { ca: [...getCACertificates('default'), ...readCertificates(caFile)] }),
      ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.key }),
    },
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  });
  const base = url.href.replace(/\/+$/, '');

  async function send(method: string, path: string, { body, signal }: RequestOptions = {}) {
    let answer: Answer;
    try {
      const {
        statusCode,
        headers,
        body: stream,
      } = await request(`${base}${path}`, {
        method: method as 'GET',
        dispatcher,
        signal: signal ?? null,
        headers: {
          accept: 'application/json',
          ...(authorization && { authorization }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const type = String(headers['content-type'] ?? 'no content type').split(';')[0] as string;
      answer = {
        request: `${method} ${base}${path}`,
        status: statusCode,
        type,
        text: await stream.text(),
      };
    } catch (error) {
      throw withoutAnswer(error, base);
    }
    return documentOf(answer);
  }

  return {
    /** Where requests go, without user and password. */
    address: base,
    /** Returns undefined when the worker says 404. */
    get: (path: string, options?: RequestOptions) => send('GET', path, options),
    put: (path: string, options: RequestOptions) => send('PUT', path, options),
    post: (path: string, options?: RequestOptions) => send('POST', path, options),
    close: () => dispatcher.destroy(),
  };
}

interface Answer {
  /** Method and URL, for errors. */
  request: string;
  status: number;
  type: string;
  text: string;
}

/** The JSON of an answer; undefined for 404 and for an empty body. */
export function documentOf({ request, status, type, text }: Answer): unknown {
  const document = parse(text);
  const isJson = document !== undefined;
  const message = messageOf(document);
  if (status >= 200 && status < 300) {
    if (isJson || text === '') return document;
    throw new WorkerRefusedError(
      `${request}: expected JSON, got ${status} ${type}: CONNECT_URL is not that of a Connect worker`,
    );
  }
  // While a worker starts, its paths do not exist yet: a 404 of its web server, or of its REST library with that text.
  const isOfConnect = hasErrorCode(document) && !message?.startsWith('HTTP 404');
  if (status === 404 && isOfConnect) return undefined;
  if (status === 404)
    throw new WorkerUnavailableError(
      `${request}: 404 ${type}: the worker is starting, or CONNECT_URL is not that of a Connect worker`,
    );
  if (status === 401 || status === 403)
    throw new WorkerRefusedError(
      `${request}: ${status}: set user and password in CONNECT_URL, http://user:password@host:8083`,
    );
  const reason = `${request}: ${status} ${message ?? type}`;
  if ([408, 409, 429, 502, 503, 504].includes(status) || isPassing(message))
    throw new WorkerUnavailableError(reason);
  throw new WorkerRefusedError(reason);
}

/** A 500 that says: no answer within 90 s, or the worker that leads the group is gone. */
const isPassing = (message: string | undefined): boolean =>
  /^Request timed out|^(IO )?Error trying to forward REST request/.test(message ?? '');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const hasErrorCode = (document: unknown): boolean =>
  typeof (document as { error_code?: unknown } | null | undefined)?.error_code === 'number';

/** `message` of Connect's error document, on one line. */
function messageOf(document: unknown): string | undefined {
  const { message } = (document ?? {}) as { message?: unknown };
  if (typeof message !== 'string') return undefined;
  const lines = message.split(/\s*\n\s*/).join('; ');
  return printable(
    lines.length > maxMessageLength ? `${lines.slice(0, maxMessageLength)}…` : lines,
  );
}

interface ConnectionError {
  code?: string | number;
  errors?: { code?: string }[];
  name: string;
}

function withoutAnswer(error: unknown, base: string): Error {
  const { code: own, errors, name } = error as ConnectionError;
  // For a host name with several addresses, the error holds one error per address.
  const code = String(own ?? errors?.[0]?.code ?? name);
  if (isCertificateFault(code))
    return new WorkerRefusedError(
      `no TLS connection to ${base} (${code}): SSL_CA_FILE names the authority of the worker's certificate`,
    );
  // DOMException has a number as its code.
  const reason = name === 'TimeoutError' || name === 'AbortError' ? 'no answer in time' : code;
  return new WorkerUnavailableError(`no answer from ${base} (${reason})`);
}

/** A certificate does not become valid by waiting. */
const isCertificateFault = (code: string): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(SSL|TLS)/.test(code);
