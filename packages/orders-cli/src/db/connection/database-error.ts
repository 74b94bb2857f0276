import { DatabaseRefusedError, DatabaseUnavailableError } from './database.ts';

/** An error as the driver of a database describes it. */
export interface DriverFault {
  message: string;
  /** Code of the operating system, of TLS or of the driver, such as `ECONNREFUSED`. */
  code?: string | undefined;
  /** The server's own code. Set if it refused the login or the statement. */
  refusal?: string | undefined;
}

const unknownAuthority = 'the authority of the server certificate is unknown: pass --ca-file';

/** Another attempt would fail in the same way. */
const certificateFaults: Record<string, string> = {
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_HAS_EXPIRED: 'the server certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the server certificate is for another host',
  HANDSHAKE_NO_SSL_SUPPORT: 'the server does not support TLS: pass --tls disable',
};

const networkFaults: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host name could not be resolved',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  PROTOCOL_CONNECTION_LOST: 'the connection was lost',
};

/**
 * One line with host, port and reason, without any of `secrets`: a server may repeat a part of a statement in its message,
 * and with it a password. For the same reason the driver's error is not its cause.
 */
export function databaseError(
  place: string,
  { message, code = '', refusal }: DriverFault,
  secrets: readonly string[],
): DatabaseRefusedError | DatabaseUnavailableError {
  const certificateFault = certificateFaults[code];
  const reason = certificateFault ?? networkFaults[code] ?? (message || 'the connection was lost');
  const suffix = code === '' || reason.includes(code) ? '' : ` (${code})`;
  const line = `${place}: ${withoutSecrets(`${reason}${suffix}`, secrets)}`;
  const refusedBy = refusal ?? (certificateFault === undefined ? undefined : code);
  return refusedBy === undefined
    ? new DatabaseUnavailableError(line)
    : new DatabaseRefusedError(line, refusedBy);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
