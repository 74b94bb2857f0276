import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { parse } from 'yaml';
import { evaluatePolicies, statementsOf, stringsOf } from './iam-policy.ts';
import { renderedEnvironments, resourcesOf } from './rendered-stacks.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<
    string,
    {
      environment?: string;
      permissions?: Record<string, string>;
      strategy?: { matrix: { image: string[] } };
      steps: Step[];
    }
  >;
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const workflow = parse(read('.github/workflows/release.yml')) as Workflow;
const jobs = Object.values(workflow.jobs);
const steps = jobs.flatMap((job) => job.steps);
const images = workflow.jobs.images?.strategy?.matrix.image ?? [];
const scripts = [
  ...new Set(steps.flatMap(({ run = '' }) => run.match(/tools\/[\w/-]+\.ts/g) ?? [])),
];

/** The sources of the workflow's scripts and of everything that they import. */
function sources(): string[] {
  const seen = new Set<string>();
  const open = [...scripts];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const [, from] of read(path).matchAll(/from '([^']+)'/g)) {
      assert.ok(from?.startsWith('node:') || from?.startsWith('./'), `${path} imports ${from}`);
      if (from?.startsWith('./')) open.push(join(dirname(path), from));
    }
  }
  return [...seen].map(read);
}

/** `describe-services` → `DescribeServices` */
const operation = (command: string) =>
  command.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

/** The IAM actions that the workflow needs: AWS CLI calls in scripts and steps, and the documented needs of its actions. */
function calledActions(): Set<string> {
  const commands = [
    ...sources().flatMap((text) => [...text.matchAll(/\['(ec[rs])', '([a-z-]+)'/g)]),
    ...steps.flatMap(({ run = '' }) => [...run.matchAll(/\baws (ec[rs]) ([a-z-]+)/g)]),
  ];
  const called = new Set(commands.map(([, service, name = '']) => `${service}:${operation(name)}`));
  const uses = (action: string) => steps.some((step) => step.uses?.startsWith(`${action}@`));
  if (uses('aws-actions/amazon-ecr-login')) called.add('ecr:GetAuthorizationToken');
  // Source: Amazon ECR user guide, "IAM permissions for pushing an image"; buildx also reads existing layers.
  if (uses('docker/build-push-action'))
    for (const name of [
      ...['BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'PutImage'],
      ...['GetDownloadUrlForLayer', 'InitiateLayerUpload', 'UploadLayerPart'],
    ])
      called.add(`ecr:${name}`);
  // Registering a revision tags it and passes its roles.
  if (called.has('ecs:RegisterTaskDefinition')) called.add('ecs:TagResource').add('iam:PassRole');
  return called;
}

/** Environments with a release role, with the role's policies and the app stack's resources. */
const released = renderedEnvironments().flatMap((environment) => {
  const infra = resourcesOf(environment, 'infra');
  const policies = infra
    .filter(({ type, name }) => type === 'aws_iam_role_policy' && name === 'release')
    .map(({ values }) => String(values.policy));
  return policies.length === 0
    ? []
    : [{ environment, policies, app: resourcesOf(environment, 'app') }];
});

test('S0-21 the release role allows exactly the calls of the workflow', () => {
  assert.ok(released.length > 0, 'expected a rendered environment with a release role');
  const called = calledActions();
  assert.ok(called.size > 10 && called.has('ecs:UpdateService'));
  for (const { policies } of released) {
    const granted = new Set(
      policies.flatMap((policy) => statementsOf(policy).flatMap(({ Action }) => stringsOf(Action))),
    );
    assert.deepEqual([...granted].sort(), [...called].sort());
  }
});

test('S0-21 the release role is limited to its images, its services and their roles', () => {
  for (const { environment, policies, app } of released) {
    const prefix = `orders-${environment}`;
    const decide = (action: string, resource: string, context = {}) =>
      evaluatePolicies(policies, { action, resource, context });
    const passed = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
    const taggedAtCreation = { 'ecs:CreateAction': 'RegisterTaskDefinition' };

    const repositories = app.filter(({ type }) => type === 'aws_ecr_repository');
    for (const image of images) {
      const { arn } = repositories.find(({ values }) => values.name === `${prefix}/${image}`)
        ?.values ?? { arn: undefined };
      assert.equal(decide('ecr:PutImage', String(arn)), 'allow', image);
      assert.equal(decide('ecr:DeleteRepository', String(arn)), 'implicit-deny');
      assert.equal(decide('ecr:BatchDeleteImage', String(arn)), 'implicit-deny');
    }
    const services = app.filter(
      ({ type, mode }) => type === 'aws_ecs_service' && mode === 'managed',
    );
    assert.equal(services.length, 2);
    for (const { values } of services) {
      const cluster = String(values.cluster);
      const arn = `arn:aws:ecs:ap-southeast-2:123456789012:service/${cluster}/${values.name}`;
      assert.equal(decide('ecs:UpdateService', arn), 'allow', arn);
      assert.equal(decide('ecs:DeleteService', arn), 'implicit-deny');
      assert.equal(decide('ecs:UpdateService', arn.replace(prefix, 'invoices')), 'implicit-deny');
      const family = `arn:aws:ecs:ap-southeast-2:123456789012:task-definition/${values.name}:7`;
      assert.equal(decide('ecs:TagResource', family, taggedAtCreation), 'allow');
      assert.equal(
        decide('ecs:TagResource', family),
        'implicit-deny',
        'tags of existing revisions',
      );
    }
    const roles = app.filter(({ type, mode }) => type === 'aws_iam_role' && mode === 'managed');
    assert.ok(roles.length >= 8);
    for (const { values } of roles) {
      const own = services.some((service) =>
        String(values.name).startsWith(`${service.values.name}-`),
      );
      const verdict = decide('iam:PassRole', String(values.arn), passed);
      assert.equal(verdict, own ? 'allow' : 'implicit-deny', String(values.name));
      assert.equal(
        decide('iam:PassRole', String(values.arn)),
        'implicit-deny',
        'to any other service',
      );
    }
    for (const action of ['ecs:RunTask', 'iam:CreateRole', 'sts:AssumeRole', 's3:GetObject'])
      assert.equal(decide(action, '*'), 'implicit-deny', action);
  }
});

test('S4-11 the workflow has no key: each job that calls AWS assumes the role with GitHub’s identity, in an environment', () => {
  assert.deepEqual(workflow.permissions, { contents: 'read' });
  for (const [name, { permissions, environment, steps }] of Object.entries(workflow.jobs)) {
    if (!steps.some(({ uses }) => uses?.startsWith('aws-actions/'))) {
      assert.ok(
        permissions === undefined && environment === undefined,
        `${name}: expected no permissions and no environment`,
      );
      continue;
    }
    assert.deepEqual(permissions, { contents: 'read', 'id-token': 'write' }, name);
    assert.ok(environment, `${name}: expected an environment`);
  }
  assert.doesNotMatch(read('.github/workflows/release.yml'), /secrets\.|ACCESS_KEY/);
  for (const { uses } of steps)
    if (uses !== undefined) assert.match(uses, /@(v\d+(\.\d+)*|[\da-f]{40})$/);
});

test('every image of the Dockerfile is built for both architectures, and the images that AWS runs are pushed with SBOM and provenance', () => {
  const builds = steps.filter(({ uses }) => uses?.startsWith('docker/build-push-action@'));
  for (const build of builds) assert.equal(build.with?.platforms, 'linux/amd64,linux/arm64');
  const [pushed, ...others] = builds;
  assert.partialDeepStrictEqual(pushed?.with, { sbom: true, provenance: 'mode=max', push: true });
  assert.ok(others.every((build) => build.with?.push === false));
  const targets = [...read('docker/Dockerfile').matchAll(/^FROM runtime AS (\S+)$/gm)];
  assert.deepEqual(
    targets.map(([, target]) => target).sort(),
    [...images, ...others.map((build) => build.with?.target)].sort(),
  );
  for (const { app } of released) {
    const used = app.filter(({ type }) => type === 'aws_ecr_repository');
    const names = used.map(({ values }) => String(values.name).split('/')[1]);
    // The collector is a copy of AWS's own image.
    assert.deepEqual(names.filter((name) => name !== 'collector').sort(), [...images].sort());
  }
  for (const script of scripts) assert.ok(existsSync(join(root, script)), script);
});
