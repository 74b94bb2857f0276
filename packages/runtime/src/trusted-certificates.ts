import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import {
  type ConnectionOptions,
  createSecureContext,
  getCACertificates,
  type SecureContext,
} from 'node:tls';

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file. @throws Error when the file cannot be read, has no certificate, or a damaged one */
export function readCertificates(file: string): string[] {
  const certificates = readFileSync(file, 'utf8').match(pemCertificate) ?? [];
  if (certificates.length === 0) throw new Error(`${file}: expected certificates as PEM, got none`);
  for (const certificate of certificates) new X509Certificate(certificate);
  return certificates;
}

/**
 * TLS options that trust the certificates of `file` in addition to those that Node trusts. Each new connection reads the file
 * again if it was replaced, so that a new authority needs no restart. When a replaced file is not valid, `onInvalid` is called
 * once, and the previous certificates stay in use.
 *
 * @throws Error when the file is not valid at the first reading
 */
export function trustCertificatesOf(
  file: string,
  onInvalid: (error: Error) => void,
): ConnectionOptions {
  let version = versionOf(file);
  let trusted = contextOf(file);

  return {
    get secureContext(): SecureContext {
      const seen = versionOf(file);
      if (seen === version) return trusted;
      version = seen;
      try {
        trusted = contextOf(file);
      } catch (error) {
        onInvalid(error as Error);
      }
      return trusted;
    },
  };
}

/** Differs after the file was replaced. A file that is missing or cannot be reached is a version of its own. */
function versionOf(file: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(file);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function contextOf(file: string): SecureContext {
  // `ca` replaces the certificates that Node trusts, so they are listed again.
  return createSecureContext({ ca: [...getCACertificates('default'), ...readCertificates(file)] });
}
