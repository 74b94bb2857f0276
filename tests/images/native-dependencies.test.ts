import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { parse } from 'yaml';

interface Lockfile {
  packages: Record<string, { os?: string[]; cpu?: string[]; libc?: string[] }>;
  snapshots: Record<string, { optionalDependencies?: Record<string, string> }>;
}

const { packages, snapshots } = parse(
  readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'),
) as Lockfile;

/** package → its variants, each built for one platform */
const native = Object.entries(snapshots)
  .map(([name, { optionalDependencies = {} }]) => ({
    name,
    variants: Object.entries(optionalDependencies)
      .map(([dependency, version]) => packages[`${dependency}@${version}`])
      .filter((variant) => variant?.os !== undefined && variant.cpu !== undefined),
  }))
  .filter(({ variants }) => variants.length > 0);

test('the lockfile has each native dependency for both architectures, on Linux and macOS', () => {
  // Kafka's codecs must be found. Without them, this test would check no shipped package.
  for (const codec of ['snappy', 'lz4-napi'])
    assert.ok(
      native.some(({ name }) => name.startsWith(`${codec}@`)),
      codec,
    );
  for (const { name, variants } of native)
    for (const [os, cpu] of [
      ['linux', 'x64'],
      ['linux', 'arm64'],
      ['darwin', 'x64'],
      ['darwin', 'arm64'],
    ] as const)
      assert.ok(
        // The images are Debian, so variants for a libc must be for glibc.
        variants.some(
          (variant) =>
            variant?.os?.includes(os) &&
            variant.cpu?.includes(cpu) &&
            (variant.libc === undefined || variant.libc.includes('glibc')),
        ),
        `${name} for ${os}-${cpu}`,
      );
});
