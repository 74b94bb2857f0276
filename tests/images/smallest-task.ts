import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
} from 'testcontainers';

/**
 * A container that has no more than Fargate's smallest task: 512 MiB, here with 100 processes at most, a read-only root file
 * system, user 1000 and no capability. What the image declares as a volume stays writable.
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

/** SIGTERM; resolves with the exit code when the process has ended, the container is left for a look. */
export async function terminate(container: StartedTestContainer): Promise<number> {
  await (await engine(container)).stop({ t: 30 });
  return (await inspect(container)).State.ExitCode;
}

/** The most memory that the container's control group has held, file cache included, in MiB. */
export async function peakMebibytes(container: StartedTestContainer): Promise<number> {
  const read = `const { readFileSync, existsSync } = require('node:fs');
    const file = ['/sys/fs/cgroup/memory.peak', '/sys/fs/cgroup/memory/memory.max_usage_in_bytes'].find(existsSync);
    console.log(readFileSync(file, 'utf8'));`;
  const { output, exitCode } = await container.exec(['node', '-e', read]);
  if (exitCode !== 0) throw new Error(output);
  return Math.ceil(Number(output) / 2 ** 20);
}
