import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Child } from '@order-stream/local-stack/child';
import { defaultKafkaVersion, kafkaJars } from '@order-stream/local-stack/kafka-jars';
import { startJavaBroker } from '@order-stream/local-stack/kafka-java';
import { freePort } from '@order-stream/local-stack/ports';

const openssl = (...args: string[]) => promisify(execFile)('openssl', args);

/** Creates a certificate authority in `folder`. */
export async function createAuthority(folder: string, name: string) {
  const key = join(folder, `${name}.key`);
  const certificateFile = join(folder, `${name}.pem`);
  const subject = ['-subj', `/CN=${name}`, '-days', '1', '-nodes', '-newkey', 'rsa:2048'];
  await openssl('req', '-x509', ...subject, '-keyout', key, '-out', certificateFile);
  return {
    /** PEM. */
    certificate: readFileSync(certificateFile, 'utf8'),
    /** A new key and certificate of a broker on 127.0.0.1, as the PEM file that Kafka reads. */
    async issue(): Promise<string> {
      const broker = join(folder, 'broker');
      const asked = ['-subj', '/CN=broker', '-nodes', '-newkey', 'rsa:2048'];
      const out = ['-keyout', `${broker}.key`, '-out', `${broker}.csr`];
      await openssl('req', ...asked, ...out, '-addext', 'subjectAltName=IP:127.0.0.1');
      const signed = ['-CA', certificateFile, '-CAkey', key, '-CAcreateserial', '-days', '1'];
      const copied = ['-copy_extensions', 'copyall', '-in', `${broker}.csr`];
      await openssl('x509', '-req', ...signed, ...copied, '-out', `${broker}.pem`);
      return ['key', 'pem'].map((end) => readFileSync(`${broker}.${end}`, 'utf8')).join('');
    },
  };
}

/** A broker whose listener at `tlsServers` has a certificate that can be replaced. */
export async function startTlsBroker(folder: string, certificate: string) {
  const [port, tlsPort, controllerPort] = [await freePort(), await freePort(), await freePort()];
  const progress = (text: string) => process.stderr.write(`${text}\n`);
  const version = process.env.KAFKA_VERSION || defaultKafkaVersion;
  const libs = await kafkaJars(version, process.env, progress);
  const keystore = join(folder, 'keystore.pem');
  const advertised = `PLAINTEXT://127.0.0.1:${port},SSL://127.0.0.1:${tlsPort}`;
  const properties = {
    listeners: `${advertised},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': advertised,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystore,
  };
  let broker: Child | undefined;
  const start = async (pem: string) => {
    writeFileSync(keystore, pem);
    broker = await startJavaBroker({ version, libs, folder, port, controllerPort, properties });
  };
  await start(certificate);
  return {
    bootstrapServers: `127.0.0.1:${port}`,
    tlsServers: `127.0.0.1:${tlsPort}`,
    /** Restarts the broker with another key and certificate. Its data stays. */
    async restart(pem: string): Promise<void> {
      await broker?.stop(10_000);
      await start(pem);
    },
    stop: async () => void (await broker?.stop(10_000)),
  };
}
