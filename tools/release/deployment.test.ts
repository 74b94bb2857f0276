import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeploymentRolledBackError,
  deployRelease,
  NotDeployableError,
  revisionWithImage,
  type TaskDefinition,
} from './deployment.ts';

const image = (digit: number) =>
  `123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/image@sha256:${String(digit).repeat(64)}`;

interface Rollout {
  status: string;
  taskDefinition: string;
  rolloutState: string;
  rolloutStateReason?: string;
  pollsLeft: number;
}

/** An ECS with two services. A deployment is steady at its third poll, unless its image is broken or never starts. */
function ecs({ broken = [], never = [] }: { broken?: string[]; never?: string[] } = {}) {
  const families = new Map<string, TaskDefinition[]>();
  const services = new Map<string, Rollout[]>();
  const calls: string[] = [];
  const arn = (family: string, revision: number) =>
    `arn:aws:ecs:r:1:task-definition/${family}:${revision}`;
  const definitionOf = (name: string) => {
    const [family = '', revision] = name.split('/').at(-1)?.split(':') ?? [];
    return families.get(family)?.[Number(revision) - 1] as TaskDefinition;
  };
  const rollout = (taskDefinition: string, steady: boolean): Rollout => ({
    status: 'PRIMARY',
    taskDefinition,
    rolloutState: steady ? 'COMPLETED' : 'IN_PROGRESS',
    pollsLeft: steady ? 0 : 3,
  });
  for (const service of ['order-producer', 'order-consumer']) {
    const family = `orders-test-${service}`;
    const containers = [
      { name: family, image: image(1), user: '1000:1000' },
      { name: 'collector', image: image(7) },
    ];
    families.set(family, [{ family, cpu: '512', revision: 1, containerDefinitions: containers }]);
    services.set(family, [rollout(arn(family, 1), true)]);
  }
  const imageOf = (revision: string) => definitionOf(revision).containerDefinitions[0]?.image ?? '';

  /** Each poll advances time. */
  function tick(service: string): void {
    const [newest, ...older] = services.get(service) as [Rollout, ...Rollout[]];
    if (newest.rolloutState !== 'IN_PROGRESS' || never.includes(imageOf(newest.taskDefinition)))
      return;
    newest.pollsLeft--;
    if (newest.pollsLeft > 0) return;
    // The circuit breaker restores the previous revision.
    if (broken.includes(imageOf(newest.taskDefinition)))
      services.set(service, [rollout((older[0] as Rollout).taskDefinition, false)]);
    else services.set(service, [{ ...newest, rolloutState: 'COMPLETED' }]);
  }

  async function aws(args: readonly string[]): Promise<unknown> {
    const [, command = ''] = args;
    const option = (name: string) => args[args.indexOf(name) + 1] as string;
    calls.push(command);
    switch (command) {
      case 'describe-services': {
        const name = option('--services');
        if (!services.has(name)) return { services: [], failures: [{ reason: 'MISSING' }] };
        tick(name);
        const deployments = services.get(name) as Rollout[];
        return {
          services: [
            { status: 'ACTIVE', taskDefinition: deployments[0]?.taskDefinition, deployments },
          ],
        };
      }
      case 'describe-task-definition':
        return {
          taskDefinition: { ...definitionOf(option('--task-definition')), status: 'ACTIVE' },
          tags: [{ key: 'Project', value: 'order-stream' }],
        };
      case 'register-task-definition': {
        const request = JSON.parse(option('--cli-input-json')) as TaskDefinition;
        const family = String(request.family);
        const revisions = families.get(family) as TaskDefinition[];
        revisions.push(request);
        return { taskDefinition: { taskDefinitionArn: arn(family, revisions.length) } };
      }
      case 'update-service': {
        const name = option('--service');
        const before = (services.get(name) as Rollout[]).map((one) => ({
          ...one,
          status: 'ACTIVE',
        }));
        services.set(name, [rollout(option('--task-definition'), false), ...before]);
        return {};
      }
      default:
        throw new Error(`this ECS has no command ${command}`);
    }
  }
  return {
    aws,
    calls,
    services,
    families,
    runs: () =>
      Object.fromEntries(
        [...services].map(([name, [newest]]) => [name, imageOf(newest?.taskDefinition ?? '')]),
      ),
  };
}

function release(to: ReturnType<typeof ecs>, images: Record<string, string>, polls = 20) {
  const reported: string[] = [];
  const done = deployRelease({
    prefix: 'orders-test',
    images: new Map(Object.entries(images)),
    aws: to.aws,
    pause: async () => {},
    report: (line) => reported.push(line),
    polls,
  });
  return { done, reported };
}

test('a revision differs from the previous one only in the service’s image and in ECS’s read-only fields', () => {
  const definition = {
    family: 'f',
    taskDefinitionArn: 'arn:f:3',
    revision: 3,
    status: 'ACTIVE',
    registeredAt: 1,
    cpu: '512',
    runtimePlatform: { cpuArchitecture: 'ARM64' },
    containerDefinitions: [
      { name: 'f', image: image(1), readonlyRootFilesystem: true },
      { name: 'collector', image: image(7) },
    ],
  };
  assert.deepEqual(revisionWithImage(definition, [], 'f', image(2)), {
    family: 'f',
    cpu: '512',
    runtimePlatform: { cpuArchitecture: 'ARM64' },
    containerDefinitions: [
      { name: 'f', image: image(2), readonlyRootFilesystem: true },
      { name: 'collector', image: image(7) },
    ],
  });
  assert.throws(() => revisionWithImage(definition, [], 'g', image(2)), RangeError);
  assert.throws(() => revisionWithImage(definition, [], 'f', 'registry/image:v2'), RangeError);
});

test('the services are deployed in order, each until it is steady', async () => {
  const to = ecs();
  const { done, reported } = release(to, {
    'order-consumer': image(2),
    'order-producer': image(3),
  });
  await done;
  assert.deepEqual(to.runs(), {
    'orders-test-order-producer': image(3),
    'orders-test-order-consumer': image(2),
  });
  assert.deepEqual(
    reported.map((line) => line.replace(/ arn.*/, ' …')),
    ['order-consumer: …', 'order-consumer: steady', 'order-producer: …', 'order-producer: steady'],
  );
  const [, second] = to.families.get('orders-test-order-consumer') as TaskDefinition[];
  assert.deepEqual(second?.tags, [{ key: 'Project', value: 'order-stream' }]);
  assert.equal(second?.containerDefinitions[1]?.image, image(7), 'the collector stays');
});

test('a service that already runs the image is not changed', async () => {
  const to = ecs();
  await release(to, { 'order-consumer': image(1) }).done;
  assert.ok(!to.calls.includes('update-service') && !to.calls.includes('register-task-definition'));
});

test('when a service does not start, those deployed before it are rolled back as well', async () => {
  for (const fault of [{ broken: [image(3)] }, { never: [image(3)] }]) {
    const to = ecs(fault);
    const { done } = release(to, { 'order-consumer': image(2), 'order-producer': image(3) });
    await assert.rejects(done, DeploymentRolledBackError);
    assert.deepEqual(to.runs(), {
      'orders-test-order-producer': image(1),
      'orders-test-order-consumer': image(1),
    });
    for (const [newest, ...older] of to.services.values())
      assert.deepEqual([newest?.rolloutState, older], ['COMPLETED', []], 'the roll-back has ended');
  }
});

test('nothing changes if a service does not exist or is being deployed', async () => {
  const to = ecs();
  const withUnknownService = { 'order-consumer': image(2), 'order-shipper': image(2) };
  await assert.rejects(release(to, withUnknownService).done, NotDeployableError);
  await to.aws([
    ...['ecs', 'update-service', '--service', 'orders-test-order-producer'],
    ...['--task-definition', 'arn:aws:ecs:r:1:task-definition/orders-test-order-producer:1'],
  ]);
  to.calls.length = 0;
  const both = { 'order-consumer': image(2), 'order-producer': image(3) };
  await assert.rejects(release(to, both).done, NotDeployableError);
  assert.deepEqual([...new Set(to.calls)], ['describe-services']);
});
