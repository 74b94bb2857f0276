import { X509Certificate } from 'node:crypto';
import { readCertificates } from './trusted-certificates.ts';

/** Why no server can be trusted by this file of certificates; undefined when one can. */
export function certificateFileProblem(file: string): string | undefined {
  try {
    const now = new Date();
    const isExpired = (pem: string) => new X509Certificate(pem).validToDate < now;
    if (readCertificates(file).every(isExpired))
      return 'must name a file with a certificate that has not expired';
    return undefined;
  } catch (error) {
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) return `must name a file that can be read (${code})`;
    return 'must name a file of valid certificates, as PEM';
  }
}
