import type { AwsCall } from './aws-cli.ts';

export interface Scan {
  /** Repositories are `<prefix>/<image>`. */
  prefix: string;
  tag: string;
  images: readonly string[];
  aws: AwsCall;
  pause: () => Promise<void>;
  report: (line: string) => void;
  /** Number of polls until waiting for a scan ends. */
  polls?: number;
}

/** The image must not be deployed: an architecture, attestation or scan is missing, or the scan has a critical finding. */
export class ImageRejectedError extends Error {
  readonly code = 'image-rejected';
  readonly retryable = false;
}

interface Index {
  manifests?: {
    digest: string;
    platform?: { os?: string; architecture?: string };
    annotations?: Record<string, string>;
  }[];
}

const architectures = ['amd64', 'arm64'];
const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/**
 * Waits for ECR's scan of each architecture of each image. Returns the images' digests.
 *
 * @throws ImageRejectedError
 */
export async function scannedDigests(scan: Scan): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const image of scan.images) {
    const { digest, index } = await indexOf(scan, image);
    const attested = new Set(
      index.manifests?.map(({ annotations }) => annotations?.['vnd.docker.reference.digest']),
    );
    for (const architecture of architectures) {
      const manifest = index.manifests?.find(
        ({ platform }) => platform?.os === 'linux' && platform.architecture === architecture,
      );
      if (manifest === undefined)
        throw new ImageRejectedError(`${image}:${scan.tag} has no image for ${architecture}`);
      // BuildKit stores SBOM and provenance in a manifest that refers to the image's manifest.
      if (!attested.has(manifest.digest))
        throw new ImageRejectedError(
          `${image}:${scan.tag} has no SBOM and provenance for ${architecture}`,
        );
      const found = await severities(scan, image, manifest.digest);
      const counts = Object.entries(found).map(([severity, count]) => `${count} ${severity}`);
      scan.report(`${image} ${architecture}: ${counts.join(', ') || 'no findings'}`);
      if ((found.CRITICAL ?? 0) > 0)
        throw new ImageRejectedError(
          `${image}:${scan.tag} ${architecture}: ${found.CRITICAL} CRITICAL findings, expected none`,
        );
    }
    digests.set(image, digest);
  }
  return digests;
}

async function indexOf({ prefix, tag, aws }: Scan, image: string) {
  const { images } = (await aws([
    ...['ecr', 'batch-get-image', '--repository-name', `${prefix}/${image}`],
    ...['--image-ids', `imageTag=${tag}`, '--accepted-media-types', ...indexTypes],
  ])) as { images: { imageId: { imageDigest: string }; imageManifest: string }[] };
  const [found] = images;
  if (found === undefined) throw new ImageRejectedError(`there is no image ${image}:${tag}`);
  return { digest: found.imageId.imageDigest, index: JSON.parse(found.imageManifest) as Index };
}

async function severities(
  { prefix, aws, pause, polls = 24 }: Scan,
  image: string,
  digest: string,
): Promise<Record<string, number>> {
  for (let count = 0; count < polls; count++) {
    const { imageDetails } = (await aws([
      ...['ecr', 'describe-images', '--repository-name', `${prefix}/${image}`],
      ...['--image-ids', `imageDigest=${digest}`],
    ])) as {
      imageDetails: {
        imageScanStatus?: { status: string; description?: string };
        imageScanFindingsSummary?: { findingSeverityCounts?: Record<string, number> };
      }[];
    };
    const [details] = imageDetails;
    // Absent until the scan has started.
    const { status, description } = details?.imageScanStatus ?? { status: 'PENDING' };
    // Amazon Inspector (enhanced scanning) reports ACTIVE: scanned, and scanned again continuously.
    if (status === 'COMPLETE' || status === 'ACTIVE')
      return details?.imageScanFindingsSummary?.findingSeverityCounts ?? {};
    if (status !== 'IN_PROGRESS' && status !== 'PENDING')
      throw new ImageRejectedError(`${image}@${digest} was not scanned: ${status} ${description}`);
    await pause();
  }
  throw new ImageRejectedError(`${image}@${digest} was not scanned in time`);
}
