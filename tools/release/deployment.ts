/** Calls the AWS CLI: `aws(['ecs', 'describe-services', …])` answers its JSON. */
export type AwsCall = (args: readonly string[]) => Promise<unknown>;

export interface Release {
  /** ECS cluster, and what the services' names begin with. */
  prefix: string;
  /** Service → image by digest, in the order of deployment. */
  images: ReadonlyMap<string, string>;
  aws: AwsCall;
  /** Passes some time between two looks. */
  pause: () => Promise<void>;
  say: (line: string) => void;
  /** How many looks a deployment gets until it is turned back. */
  looks?: number;
}

/** ECS, an alarm or the deadline turned the deployment back; everything runs as before. */
export class DeploymentTurnedBackError extends Error {
  readonly code = 'DEPLOYMENT_TURNED_BACK';
  readonly retryable = false;
}

/** Nothing was changed: the service is not there, or another deployment is under way. */
export class NotDeployableError extends Error {
  readonly code = 'NOT_DEPLOYABLE';
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

/** What ECS says of a revision, and takes of none. Source: API reference, TaskDefinition against RegisterTaskDefinition. */
const notRegistered = new Set([
  ...['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities'],
  ...['registeredAt', 'registeredBy', 'deregisteredAt'],
]);

/**
 * The request that registers a revision like this one, but for the image of one container. Sidecars keep theirs.
 *
 * @throws RangeError there is no such container, or the image is not named by digest
 */
export function revisionWithImage(
  definition: TaskDefinition,
  tags: readonly unknown[],
  container: string,
  image: string,
): TaskDefinition {
  if (!/^[^@\s]+@sha256:[0-9a-f]{64}$/.test(image))
    throw new RangeError(`${image} is not named by digest`);
  if (!definition.containerDefinitions.some(({ name }) => name === container))
    throw new RangeError(`the task definition has no container ${container}`);
  const kept = Object.entries(definition).filter(([field]) => !notRegistered.has(field));
  return {
    ...Object.fromEntries(kept),
    containerDefinitions: definition.containerDefinitions.map((one) =>
      one.name === container ? { ...one, image } : one,
    ),
    // An empty list is refused.
    ...(tags.length > 0 && { tags }),
  };
}

/**
 * Deploys the services one after the other, each steady before the next. Where one does not come up, it and those before it go
 * back to the revisions they had.
 *
 * @throws NotDeployableError | DeploymentTurnedBackError | RangeError
 */
export async function deployRelease(release: Release): Promise<void> {
  const { images, say } = release;
  // All are looked at before the first is touched.
  const before = new Map<string, string>();
  for (const service of images.keys()) before.set(service, await steadyRevision(release, service));

  const changed: string[] = [];
  for (const [service, image] of images) {
    const previous = before.get(service) as string;
    const next = await registered(release, service, previous, image);
    if (next === undefined) {
      say(`${service}: runs ${image} already`);
      continue;
    }
    changed.push(service);
    say(`${service}: ${previous} → ${next}`);
    await update(release, service, next);
    const fault = await faultOf(release, service, next);
    if (fault === undefined) {
      say(`${service}: steady`);
      continue;
    }
    say(`${service}: ${fault}`);
    for (const back of changed.reverse()) await turnBack(release, back, before.get(back) as string);
    throw new DeploymentTurnedBackError(`${service}: ${fault}`);
  }
}

async function steadyRevision(release: Release, name: string): Promise<string> {
  const service = await look(release, name);
  const [primary, ...others] = service?.deployments ?? [];
  if (service?.status !== 'ACTIVE' || primary === undefined)
    throw new NotDeployableError(`there is no service ${name}`);
  if (others.length > 0 || primary.rolloutState === 'IN_PROGRESS')
    throw new NotDeployableError(`${name} is being deployed`);
  return service.taskDefinition;
}

/** The new revision; undefined where the service runs that image already. */
async function registered(
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

/** Waits until the revision is what runs; else says what became of it. */
async function faultOf(
  release: Release,
  name: string,
  revision: string,
): Promise<string | undefined> {
  const { pause, looks = 90 } = release;
  for (let count = 0; count < looks; count++) {
    const deployments = (await look(release, name))?.deployments ?? [];
    const ours = deployments.find(({ taskDefinition }) => taskDefinition === revision);
    if (ours === undefined) return 'ECS has turned the deployment back';
    if (ours.rolloutState === 'FAILED') return `the deployment failed: ${ours.rolloutStateReason}`;
    // Done: its tasks are steady, and those before it are gone.
    if (ours.status === 'PRIMARY' && ours.rolloutState === 'COMPLETED' && deployments.length === 1)
      return undefined;
    await pause();
  }
  return 'the deployment is not steady in time';
}

async function turnBack(release: Release, service: string, revision: string): Promise<void> {
  const primary = (await look(release, service))?.deployments.find(
    ({ status }) => status === 'PRIMARY',
  );
  // The circuit breaker may have been first.
  if (primary?.taskDefinition !== revision) await update(release, service, revision);
  const fault = await faultOf(release, service, revision);
  release.say(`${service}: back to ${revision}${fault === undefined ? '' : `, but ${fault}`}`);
}

async function update({ prefix, aws }: Release, service: string, revision: string): Promise<void> {
  await aws([
    ...['ecs', 'update-service', '--cluster', prefix, '--service', `${prefix}-${service}`],
    ...['--task-definition', revision],
  ]);
}

async function look({ prefix, aws }: Release, service: string): Promise<Service | undefined> {
  const { services } = (await aws([
    ...['ecs', 'describe-services', '--cluster', prefix, '--services', `${prefix}-${service}`],
  ])) as { services: Service[] };
  return services[0];
}
