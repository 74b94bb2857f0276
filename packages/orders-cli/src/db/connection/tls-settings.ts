import { readFileSync } from 'node:fs';
import { isIP, isIPv4 } from 'node:net';
import { UsageError } from '@order-stream/command-line';

export const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof tlsModes)[number];

export interface TlsSettings {
  mode: TlsMode;
  /** PEM of the certificate authorities to trust. Default: those of Node. */
  ca?: string;
}

/**
 * Without a mode: no TLS to this machine, a verified certificate for every other host.
 *
 * @throws UsageError
 */
export function tlsSettings(
  host: string,
  { mode = defaultMode(host), caFile }: { mode?: string | undefined; caFile?: string | undefined },
): TlsSettings {
  const known = tlsModes.find((each) => each === mode);
  if (known === undefined)
    throw new UsageError(`--tls must be one of ${tlsModes.join(', ')}, not '${mode}'`);
  // A driver that is given an address compares the certificate with `localhost`.
  if (known === 'verify-full' && isIP(host) !== 0)
    throw new UsageError(
      `--tls verify-full needs a host name, and ${host} is an address: use its name, or another --tls`,
    );
  return { mode: known, ...(caFile !== undefined && { ca: certificates(caFile) }) };
}

/** Options of `node:tls` that both drivers take; undefined without TLS. */
export function tlsOptions({ mode, ca }: TlsSettings) {
  if (mode === 'disable') return undefined;
  return { ...(ca !== undefined && { ca }), rejectUnauthorized: mode !== 'require' };
}

function defaultMode(host: string): TlsMode {
  const isLoopback =
    host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
  return isLoopback ? 'disable' : 'verify-full';
}

function certificates(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca-file ${file} cannot be read (${(error as { code: string }).code})`);
  }
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new UsageError(`--ca-file ${file}: expected certificates in PEM`);
}
