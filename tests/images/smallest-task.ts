import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
} from 'testcontainers';

/**
 * A container with the limits of Fargate's smallest task: 512 MiB, a read-only root file system, user 1000, no capabilities
 * and, only here, at most 100 processes. Volumes of the image stay writable.
 */
export class SmallestTask extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.hostConfig.PidsLimit = 100;
    this.hostConfig.MemorySwap = 512 * 2 ** 20;
    this.withUser('1000')
      .withDroppedCapabilities('ALL')
      .withSecurityOpt('no-new-privileges:true')
      .withResourcesQuota({ memory: 0.5 });
  }
}

async function engine(container: StartedTestContainer) {
  return (await getContainerRuntimeClient()).container.getById(container.getId());
}

export async function inspect(container: StartedTestContainer) {
  return (await engine(container)).inspect();
}

/** Sends SIGTERM. Resolves with the process's exit code. The container is kept for inspection. */
export async function terminate(container: StartedTestContainer): Promise<number> {
  await (await engine(container)).stop({ t: 30 });
  return (await inspect(container)).State.ExitCode;
}

/** Peak memory of the container's control group, file cache included, in MiB. */
export async function peakMebibytes(container: StartedTestContainer): Promise<number> {
  const read = `const { readFileSync, existsSync } = require('node:fs');
    const file = ['/sys/fs/cgroup/memory.peak', '/sys/fs/cgroup/memory/memory.max_usage_in_bytes'].find(existsSync);
    console.log(readFileSync(file, 'utf8'));`;
  const { output, exitCode } = await container.exec(['node', '-e', read]);
  if (exitCode !== 0) throw new Error(output);
  return Math.ceil(Number(output) / 2 ** 20);
}
