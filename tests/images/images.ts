import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from '@order-stream/local-stack/state-folder';

export const targets = ['order-producer', 'order-consumer', 'glue-local', 'orders'] as const;
export type Target = (typeof targets)[number];

/** The parts of the engine's description of an image that the tests use. */
export interface ImageFacts {
  /** Bytes, including the layers of the base. */
  Size: number;
  Config: {
    User: string;
    Labels: Record<string, string>;
    Healthcheck?: { Test: string[] };
  };
  RootFS: { Layers: string[] };
}

const run = promisify(execFile);

export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

export async function imageFacts(image: string): Promise<ImageFacts> {
  return JSON.parse(await docker('image', 'inspect', image))[0];
}

// The names are unique to this process, so that its images can be removed by name.
const prefix = `order-stream-images-${process.pid}`;

/** Builds one target of a context's Dockerfile and returns the image's name. */
export async function buildTarget(target: Target, context = root): Promise<string> {
  const name = `${prefix}/${target}${context === root ? '' : ':changed'}`;
  const build = ['build', '--quiet', '--file', `${context}/docker/Dockerfile`, '--target', target];
  await docker(...build, '--build-arg', 'REVISION=0123abc', '--tag', name, context);
  return name;
}

/** target → image, built from this checkout. */
export async function buildImages(): Promise<Record<Target, string>> {
  const images: Partial<Record<Target, string>> = {};
  // One after another, because they share stages.
  for (const target of targets) images[target] = await buildTarget(target);
  return images as Record<Target, string>;
}

/** Removes this process's images. The build cache stays. */
export async function removeImages(): Promise<void> {
  const format = '{{.Repository}}:{{.Tag}}';
  const listed = await docker(
    'image',
    'ls',
    '--filter',
    `reference=${prefix}/*`,
    '--format',
    format,
  );
  if (listed !== '') await docker('image', 'rm', ...listed.split('\n'));
}
