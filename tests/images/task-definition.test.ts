import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { buildTarget, removeImages, type Target } from './images.ts';
import { inspect, terminate } from './smallest-task.ts';

interface TaskDefinition {
  cpu: string;
  memory: string;
  containerDefinitions: {
    image: string;
    user: string;
    environment: { name: string; value: string }[];
    portMappings: { containerPort: number }[];
    readonlyRootFilesystem: boolean;
    linuxParameters: { capabilities: { drop: string[] } };
    stopTimeout: number;
    healthCheck: {
      command: [string, ...string[]];
      interval: number;
      timeout: number;
      retries: number;
      startPeriod: number;
    };
  }[];
}

const folder = join(root, 'tests/terraform/task-definitions');
const started: Record<string, { task: TaskDefinition; container: StartedTestContainer }> = {};

/** Runs the service's container of a task definition on this machine as Fargate does. */
class FargateTask extends GenericContainer {
  constructor(image: string, { cpu, memory, containerDefinitions: [service] }: TaskDefinition) {
    super(image);
    assert.ok(service);
    this.hostConfig.ReadonlyRootfs = service.readonlyRootFilesystem;
    const { command, interval, timeout, retries, startPeriod } = service.healthCheck;
    assert.equal(command[0], 'CMD');
    this.withUser(service.user)
      .withEnvironment(
        Object.fromEntries(service.environment.map(({ name, value }) => [name, value])),
      )
      // On Fargate an endpoint gives the task role's credentials.
      .withEnvironment({ AWS_ACCESS_KEY_ID: 'task', AWS_SECRET_ACCESS_KEY: 'role' })
      .withExposedPorts(...service.portMappings.map(({ containerPort }) => containerPort))
      .withDroppedCapabilities(...service.linuxParameters.capabilities.drop)
      .withResourcesQuota({ cpu: Number(cpu) / 1024, memory: Number(memory) / 1024 })
      .withHealthCheck({
        test: ['CMD', ...command.slice(1)],
        interval: interval * 1000,
        timeout: timeout * 1000,
        retries,
        startPeriod: startPeriod * 1000,
      })
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(180_000);
  }
}

before(async () => {
  const images = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    const task = JSON.parse(readFileSync(join(folder, file), 'utf8')) as TaskDefinition;
    const target = /\/([a-z-]+)@sha256:/.exec(task.containerDefinitions[0]?.image ?? '')?.[1];
    assert.ok(target, file);
    const image = images.get(target) ?? (await buildTarget(target as Target));
    images.set(target, image);
    started[file] = { task, container: await new FargateTask(image, task).start() };
  }
});

after(async () => {
  try {
    for (const { container } of Object.values(started)) await container.stop();
  } finally {
    await removeImages();
  }
});

test('D-10 each image starts with the environment, user, limits and health check of its task definition, and is healthy', async () => {
  assert.ok(Object.keys(started).length >= 4);
  for (const [file, { task, container }] of Object.entries(started)) {
    const { HostConfig: host, Config: config, State: state } = await inspect(container);
    assert.equal(state.Health?.Status, 'healthy', file);
    assert.deepEqual(
      [host.ReadonlyRootfs, host.CapDrop, host.Memory, host.NanoCpus, config.User],
      [true, ['ALL'], Number(task.memory) * 2 ** 20, (Number(task.cpu) / 1024) * 1e9, '1000:1000'],
      file,
    );
    assert.equal((await container.exec(['id', '-u'])).output.trim(), '1000', file);
    const write = await container.exec(['node', '-e', 'fs.writeFileSync("/app/written", "")']);
    assert.match(write.output, /EROFS/, file);
  }
});

test('D-10 each task reads its environment: it is not ready because its brokers or registry are unreachable, and for no other reason', async () => {
  for (const [file, { task, container }] of Object.entries(started)) {
    const [service] = task.containerDefinitions;
    const management = service?.portMappings.map(({ containerPort }) => containerPort).at(-1);
    const servers = service?.environment.find(({ name }) => name === 'BOOTSTRAP_SERVERS')?.value;
    const port = container.getMappedPort(management as number);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    assert.equal(answer.status, 503, file);
    const { faults } = (await answer.json()) as { faults: string[] };
    for (const fault of faults) assert.match(fault, /broker|registry/, `${file}: ${fault}`);
    assert.ok(faults.length > 0 && servers?.includes(':9098'), file);
  }
});

test('a stopped task ends with exit code 0 within its stopTimeout', async () => {
  // The stopTimeout is longer than the shutdown, so ECS does not kill a task that still drains.
  const stopped = Object.entries(started).map(async ([file, { task, container }]) => {
    const before = performance.now();
    assert.equal(await terminate(container), 0, file);
    const seconds = (performance.now() - before) / 1000;
    assert.ok(seconds < (task.containerDefinitions[0]?.stopTimeout ?? 0), `${file}: ${seconds} s`);
  });
  await Promise.all(stopped);
});
