import type { AwsCall } from './aws-cli.ts';

export interface Release {
  /** Name of the ECS cluster, and prefix of the services' names. */
  prefix: string;
  /** Service → image by digest, in order of deployment. */
  images: ReadonlyMap<string, string>;
  aws: AwsCall;
  /** Waits between two polls. */
  pause: () => Promise<void>;
  report: (line: string) => void;
  /** Number of polls until a deployment is rolled back. */
  polls?: number;
}

/** ECS, an alarm or the deadline rolled the deployment back. The previous revisions run again. */
export class DeploymentRolledBackError extends Error {
  readonly code = 'deployment-rolled-back';
  readonly retryable = false;
}

/** Nothing was changed: a service does not exist, or is being deployed. */
export class NotDeployableError extends Error {
  readonly code = 'not-deployable';
  readonly retryable = true;
}

interface Deployment {
  status: string;
  taskDefinition: string;
  rolloutState?: string;
  rolloutStateReason?: string;
}

interface Service {
  status: string;
  taskDefinition: string;
  deployments: Deployment[];
}

export interface TaskDefinition {
  containerDefinitions: { name: string; image: string }[];
  [field: string]: unknown;
}

/** Fields that ECS returns and does not accept. Source: API reference, TaskDefinition against RegisterTaskDefinition. */
const readOnlyFields = new Set([
  ...['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities'],
  ...['registeredAt', 'registeredBy', 'deregisteredAt'],
]);

/**
 * The request that registers the same revision with another image for one container. Sidecars keep their images.
 *
 * @throws RangeError the container does not exist, or the image is not named by digest
 */
export function revisionWithImage(
  definition: TaskDefinition,
  tags: readonly unknown[],
  container: string,
  image: string,
): TaskDefinition {
  if (!/^[^@\s]+@sha256:[0-9a-f]{64}$/.test(image))
    throw new RangeError(`expected <repository>@sha256:<digest>, got ${image}`);
  if (!definition.containerDefinitions.some(({ name }) => name === container))
    throw new RangeError(`the task definition has no container named ${container}`);
  const kept = Object.entries(definition).filter(([field]) => !readOnlyFields.has(field));
  return {
    ...Object.fromEntries(kept),
    containerDefinitions: definition.containerDefinitions.map((one) =>
      one.name === container ? { ...one, image } : one,
    ),
    // ECS rejects an empty list.
    ...(tags.length > 0 && { tags }),
  };
}

/**
 * Deploys the services one after the other, each until it is steady. If one does not start, it and those deployed before it
 * are rolled back to their previous revisions.
 *
 * @throws NotDeployableError | DeploymentRolledBackError | RangeError
 */
export async function deployRelease(release: Release): Promise<void> {
  const { images, report } = release;
  // All services are checked before the first one changes.
  const previousRevisions = new Map<string, string>();
  for (const service of images.keys())
    previousRevisions.set(service, await steadyRevision(release, service));

  const changed: string[] = [];
  for (const [service, image] of images) {
    const previous = previousRevisions.get(service) as string;
    const next = await registerRevision(release, service, previous, image);
    if (next === undefined) {
      report(`${service}: already runs ${image}`);
      continue;
    }
    changed.push(service);
    report(`${service}: ${previous} → ${next}`);
    await update(release, service, next);
    const fault = await deploymentFault(release, service, next);
    if (fault === undefined) {
      report(`${service}: steady`);
      continue;
    }
    report(`${service}: ${fault}`);
    for (const name of changed.reverse())
      await rollBack(release, name, previousRevisions.get(name) as string);
    throw new DeploymentRolledBackError(`${service}: ${fault}`);
  }
}

async function steadyRevision(release: Release, name: string): Promise<string> {
  const service = await describeService(release, name);
  const [primary, ...others] = service?.deployments ?? [];
  if (service?.status !== 'ACTIVE' || primary === undefined)
    throw new NotDeployableError(`service ${name} does not exist or is not active`);
  if (others.length > 0 || primary.rolloutState === 'IN_PROGRESS')
    throw new NotDeployableError(
      `service ${name} is being deployed; try again when that has ended`,
    );
  return service.taskDefinition;
}

/** Registers the new revision. Returns undefined if the service already runs the image. */
async function registerRevision(
  { prefix, aws }: Release,
  service: string,
  previous: string,
  image: string,
): Promise<string | undefined> {
  const { taskDefinition, tags = [] } = (await aws([
    ...['ecs', 'describe-task-definition', '--include', 'TAGS', '--task-definition', previous],
  ])) as { taskDefinition: TaskDefinition; tags?: unknown[] };
  const container = `${prefix}-${service}`;
  const request = revisionWithImage(taskDefinition, tags, container, image);
  if (
    JSON.stringify(request.containerDefinitions) ===
    JSON.stringify(taskDefinition.containerDefinitions)
  )
    return undefined;
  const answer = (await aws([
    ...['ecs', 'register-task-definition', '--cli-input-json', JSON.stringify(request)],
  ])) as { taskDefinition: { taskDefinitionArn: string } };
  return answer.taskDefinition.taskDefinitionArn;
}

/** Waits until only this revision runs. Returns undefined, or why it does not. */
async function deploymentFault(
  release: Release,
  name: string,
  revision: string,
): Promise<string | undefined> {
  const { pause, polls = 90 } = release;
  for (let count = 0; count < polls; count++) {
    const deployments = (await describeService(release, name))?.deployments ?? [];
    const ours = deployments.find(({ taskDefinition }) => taskDefinition === revision);
    if (ours === undefined) return 'ECS rolled the deployment back';
    if (ours.rolloutState === 'FAILED') return `the deployment failed: ${ours.rolloutStateReason}`;
    // Its tasks are steady, and those of the previous revision have stopped.
    if (ours.status === 'PRIMARY' && ours.rolloutState === 'COMPLETED' && deployments.length === 1)
      return undefined;
    await pause();
  }
  return 'the deployment did not become steady in time';
}

async function rollBack(release: Release, service: string, revision: string): Promise<void> {
  const primary = (await describeService(release, service))?.deployments.find(
    ({ status }) => status === 'PRIMARY',
  );
  // The circuit breaker may have rolled back already.
  if (primary?.taskDefinition !== revision) await update(release, service, revision);
  const fault = await deploymentFault(release, service, revision);
  release.report(
    `${service}: rolled back to ${revision}${fault === undefined ? '' : `, but ${fault}`}`,
  );
}

async function update({ prefix, aws }: Release, service: string, revision: string): Promise<void> {
  await aws([
    ...['ecs', 'update-service', '--cluster', prefix, '--service', `${prefix}-${service}`],
    ...['--task-definition', revision],
  ]);
}

async function describeService(
  { prefix, aws }: Release,
  service: string,
): Promise<Service | undefined> {
  const { services } = (await aws([
    ...['ecs', 'describe-services', '--cluster', prefix, '--services', `${prefix}-${service}`],
  ])) as { services: Service[] };
  return services[0];
}
