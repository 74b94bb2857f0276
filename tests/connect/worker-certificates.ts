import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Writes certificates into `folder`: the authority `ca.pem`, the client's `client.pem` and `client.key`, and for the worker, which
 * is on 127.0.0.1, `worker.p12` and `authorities.p12`, both with the password `changeit`.
 */
export function createWorkerCertificates(folder: string) {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const days = ['-days', '1'];
  const newKey = (name: string) => [
    '-nodes',
    '-newkey',
    'rsa:2048',
    '-keyout',
    file(`${name}.key`),
  ];
  openssl('req', '-x509', '-subj', '/CN=ca', ...days, ...newKey('ca'), '-out', file('ca.pem'));
  for (const [name, extension] of [
    ['worker', 'subjectAltName=IP:127.0.0.1'],
    ['client', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    const request = file(`${name}.csr`);
    openssl(
      ...['req', '-subj', `/CN=${name}`, ...newKey(name), '-out', request, '-addext', extension],
    );
    const authority = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
    const signed = ['-in', request, '-out', file(`${name}.pem`), '-copy_extensions', 'copyall'];
    openssl('x509', '-req', ...authority, ...days, ...signed);
  }
  const worker = ['-inkey', file('worker.key'), '-in', file('worker.pem')];
  openssl(
    ...['pkcs12', '-export', ...worker, '-out', file('worker.p12'), '-passout', 'pass:changeit'],
  );
  execFileSync(
    'keytool',
    [
      ...['-importcert', '-noprompt', '-alias', 'ca', '-file', file('ca.pem')],
      ...['-keystore', file('authorities.p12'), '-storetype', 'PKCS12', '-storepass', 'changeit'],
    ],
    { stdio: 'pipe' },
  );
  return { authority: file('ca.pem'), certificate: file('client.pem'), key: file('client.key') };
}
