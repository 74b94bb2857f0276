import { setTimeout as delay } from 'node:timers/promises';
import {
  RegistryAccessError,
  RegistryRequestError,
  RegistryUnavailableError,
} from '../../errors.ts';
import { kindOf } from '../../option-checks.ts';

/** Credentials: user and password (HTTP Basic), or a bearer token that may change between calls. */
export type ConfluentAuth =
  | { readonly username: string; readonly password: string }
  | {
      /** A function is asked before each request. */
      readonly token: string | (() => string | Promise<string>);
    };

/** How to reach a Confluent-compatible registry. */
export interface ConfluentClientOptions {
  /**
   * With the base path, such as `http://localhost:8081/apis/ccompat/v7`. `user:password@` in it is sent as HTTP Basic.
   */
  url: string;
  auth?: ConfluentAuth | undefined;
  /** Limit of one attempt. Default 5000. */
  requestTimeoutMs?: number | undefined;
  /** Attempts of one request, including the first. Default 3. */
  maxAttempts?: number | undefined;
}

/** A failure that the registry itself reports, with its error code. */
export interface Refusal {
  readonly status: number;
  /** Such as 40403. The first three digits are an HTTP status. */
  readonly errorCode: number;
  readonly message: string;
}

/** The registry's answer: a body, or a refusal, which the caller may expect. */
export type Answer<T> =
  | { readonly body: T; readonly refusal?: undefined }
  | { readonly refusal: Refusal };

/** Why an attempt is repeated, and after what pause if the registry says so. */
interface Failure {
  readonly reason: string;
  readonly afterMs?: number | undefined;
  readonly cause?: unknown;
}

export type ConfluentClient = ReturnType<typeof createConfluentClient>;

const contentType = 'application/vnd.schemaregistry.v1+json';
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Sends requests to a Confluent-compatible registry. No answer, 408, 429 and 5xx are retried with exponential backoff
 * and jitter, or after `Retry-After`, but at most 5 s later.
 *
 * Source: Confluent Platform documentation, "Schema Registry API Reference": content type, `error_code`.
 *
 * @throws RegistryUnavailableError no answer, throttled or 5xx, after the last attempt
 * @throws RegistryAccessError 401, 403
 * @throws RegistryRequestError the answer is not one of a Confluent-compatible registry
 */
export function createConfluentClient(options: ConfluentClientOptions) {
  const { requestTimeoutMs = 5_000, maxAttempts = 3 } = options;
  const base = new URL(options.url);
  const auth = options.auth ?? userOf(base);
  base.username = '';
  base.password = '';
  const root = base.href.replace(/\/+$/, '');

  async function authorization(): Promise<Record<string, string>> {
    if (!auth) return {};
    // A name whose value is undefined counts as not given.
    if ('token' in auth && auth.token !== undefined) {
      const token: unknown = typeof auth.token === 'string' ? auth.token : await auth.token();
      if (typeof token !== 'string' || token === '')
        throw new RegistryAccessError(`auth.token(): expected a text, got ${kindOf(token)}`);
      return { authorization: `Bearer ${token}` };
    }
    const { username, password } = auth as { username: string; password: string };
    const pair = Buffer.from(`${username}:${password}`).toString('base64');
    return { authorization: `Basic ${pair}` };
  }

  async function attempt<T>(
    method: string,
    path: string,
    body?: object,
  ): Promise<Answer<T> | Failure> {
    const response = await fetch(`${root}${path}`, {
      method,
      headers: {
        accept: `${contentType}, application/json`,
        ...(body && { 'content-type': contentType }),
        ...(await authorization()),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const text = await response.text();
    const { status } = response;
    const answer = parse(text) as { error_code?: number; message?: string } | undefined;
    const reason = `${status} ${answer?.message ?? response.statusText}`.trim();
    if (status === 408 || status === 429 || status >= 500) {
      return { reason, afterMs: retryAfterMs(response.headers.get('retry-after')) };
    }
    if (status === 401 || status === 403) throw new RegistryAccessError(reason);
    if (answer === undefined) {
      throw new RegistryRequestError(
        `${method} ${path}: expected JSON, got status ${status} without it; check the base path in the URL`,
      );
    }
    if (response.ok) return { body: answer as T };
    const { error_code: errorCode, message = '' } = answer;
    // A 404 from another kind of server must not be taken for a schema that does not exist.
    if (typeof errorCode !== 'number') {
      throw new RegistryRequestError(
        `${method} ${path}: ${reason}, without an error code; check the base path in the URL`,
      );
    }
    return { refusal: { status, errorCode, message } };
  }

  async function request<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    for (let attempts = 1; ; attempts++) {
      const outcome = await attempt<T>(method, path, body).catch(failureOf);
      if (!('reason' in outcome)) return outcome;
      const { reason, cause, afterMs } = outcome;
      if (attempts >= maxAttempts) throw new RegistryUnavailableError(reason, { cause });
      const pauseMs = afterMs ?? Math.random() * firstPauseMs * 2 ** attempts;
      await delay(Math.min(pauseMs, longestPauseMs));
    }
  }

  function failureOf(error: Error): Failure {
    const { name, message, cause } = error;
    if (name === 'TimeoutError') {
      return { reason: `no answer within ${requestTimeoutMs} ms`, cause: error };
    }
    // `fetch` throws a TypeError when there was no answer; its cause says why.
    if (!(error instanceof TypeError)) throw error;
    return { reason: (cause instanceof Error && cause.message) || message, cause: error };
  }

  return Object.assign(request, {
    /** The base URL without credentials. */
    root,
  });
}

function userOf({ username, password }: URL): ConfluentAuth | undefined {
  if (username === '') return undefined;
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

function parse(text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds or a date (RFC 9110). */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
