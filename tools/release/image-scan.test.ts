import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImageRejectedError, scannedDigests } from './image-scan.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const platform = (architecture: string, letter: string) => ({
  digest: digest(letter),
  platform: { os: 'linux', architecture },
});
const attestation = (of: string) => ({
  digest: digest('9'),
  platform: { os: 'unknown', architecture: 'unknown' },
  annotations: {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': digest(of),
  },
});
const whole = [platform('amd64', 'a'), platform('arm64', 'b'), attestation('a'), attestation('b')];

interface Registry {
  manifests?: object[];
  findings?: Record<string, Record<string, number>>;
  status?: string;
  /** Polls until a scan is complete. */
  pending?: number;
}

function scan(registry: Registry) {
  const { manifests = whole, findings = {}, status = 'COMPLETE', pending = 0 } = registry;
  const reported: string[] = [];
  let left = pending;
  const digests = scannedDigests({
    prefix: 'orders-test',
    tag: 'v1',
    images: ['orders'],
    pause: async () => {},
    report: (line) => reported.push(line),
    polls: 5,
    aws: async ([, command, ...options]) => {
      assert.ok(options.includes('orders-test/orders'));
      if (command === 'batch-get-image')
        return {
          images: [
            { imageId: { imageDigest: digest('0') }, imageManifest: JSON.stringify({ manifests }) },
          ],
        };
      assert.equal(command, 'describe-images');
      // At first there is no scan status.
      if (left-- > 0)
        return { imageDetails: [left > 1 ? {} : { imageScanStatus: { status: 'IN_PROGRESS' } }] };
      const of = options.at(-1)?.replace('imageDigest=', '') as string;
      return {
        imageDetails: [
          {
            imageScanStatus: { status },
            imageScanFindingsSummary: { findingSeverityCounts: findings[of] },
          },
        ],
      };
    },
  });
  return { digests, reported };
}

test('an image is named by the digest of its index, once both architectures are scanned', async () => {
  const { digests, reported } = scan({ pending: 3, findings: { [digest('b')]: { HIGH: 2 } } });
  assert.deepEqual([...(await digests)], [['orders', digest('0')]]);
  assert.deepEqual(reported, ['orders amd64: no findings', 'orders arm64: 2 HIGH']);
});

test('an image with a critical finding in either architecture is rejected', async () => {
  for (const letter of ['a', 'b'])
    await assert.rejects(
      scan({ findings: { [digest(letter)]: { CRITICAL: 1 } } }).digests,
      /1 CRITICAL/,
    );
});

test('an image without an architecture, its attestation or a scan is rejected', async () => {
  const rejected: Registry[] = [
    { manifests: whole.filter((_, index) => index !== 1) },
    { manifests: whole.slice(0, 3) },
    { status: 'UNSUPPORTED_IMAGE' },
    { pending: 100 },
  ];
  for (const registry of rejected)
    await assert.rejects(scan(registry).digests, ImageRejectedError, JSON.stringify(registry));
});
