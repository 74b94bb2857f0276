import assert from 'node:assert/strict';
import { type GlueCall, recordGlueCalls } from './glue-calls.ts';
import { evaluatePolicies, type PolicyDecision, type PolicyRequest } from './iam-policy.ts';
import { type KafkaUse, kafkaCalls } from './kafka-calls.ts';
import { renderedEnvironments, resourceEnding, resourcesOf } from './rendered-stacks.ts';

/** How each part with a role uses Kafka. */
export const uses = {
  'order-producer': { entry: 'services/order-producer/src/main.ts', writes: ['orders'] },
  'order-consumer': {
    entry: 'services/order-consumer/src/main.ts',
    reads: ['orders'],
    writes: ['orders.dlq'],
    group: 'orders-group-01',
  },
  topics: {
    entry: 'packages/orders-cli/src/topics-create.ts',
    creates: ['orders', 'orders.dlq'],
  },
} satisfies Record<string, KafkaUse>;
export type Service = keyof typeof uses;
export const services = Object.keys(uses) as Service[];

export const environments = renderedEnvironments();
export const glueCalls = await recordGlueCalls();
const glueCallsOf: Record<Service, GlueCall[]> = {
  'order-producer': glueCalls.writer,
  'order-consumer': glueCalls.reader,
  topics: [],
};

/** The policies of an environment, and the ARNs of the resources that its services use. */
export function accountOf(environment: string) {
  const app = resourcesOf(environment, 'app');
  const cluster = app.find(({ type }) => type === 'aws_msk_cluster');
  const clusterArn = String(cluster?.values.arn);
  const [, , , region, account] = clusterArn.split(':');
  const ofCluster = (kind: string, name: string) =>
    `${clusterArn.replace(':cluster/', `:${kind}/`)}/${name}`;
  const glue = (kind: string, path: string) => `arn:aws:glue:${region}:${account}:${kind}/${path}`;
  const policiesOf = (service: Service, role: 'task' | 'execution') => {
    const { values } = resourceEnding(app, 'aws_iam_role', 'name', `-${service}-${role}`);
    return app
      .filter(
        ({ type, values: { role: holder } }) =>
          type === 'aws_iam_role_policy' && holder === values.name,
      )
      .map((policy) => String(policy.values.policy));
  };
  return {
    clusterArn,
    topic: (name: string) => ofCluster('topic', name),
    group: (name: string) => ofCluster('group', name),
    registry: (name: string) => glue('registry', name),
    schema: (path: string) => glue('schema', path),
    policiesOf,
    roles: services.flatMap((service) =>
      (['task', 'execution'] as const).map((role) => ({
        name: `${environment} ${service} ${role}`,
        role,
        policies: policiesOf(service, role),
      })),
    ),
    /** The calls with which ECS starts the service's task. */
    startCallsOf(service: Service): PolicyRequest[] {
      const { values } = resourceEnding(app, 'aws_ecs_task_definition', 'family', `-${service}`);
      const [container] = JSON.parse(String(values.container_definitions)) as {
        image: string;
        logConfiguration: { options: Record<string, string> };
      }[];
      const repository = /\/([^@:]+)/.exec(container?.image ?? '')?.[1];
      const logGroup = container?.logConfiguration.options['awslogs-group'];
      return [
        { action: 'ecr:GetAuthorizationToken', resource: '*' },
        {
          action: 'ecr:BatchGetImage',
          resource: `arn:aws:ecr:${region}:${account}:repository/${repository}`,
        },
        {
          action: 'logs:PutLogEvents',
          resource: `arn:aws:logs:${region}:${account}:log-group:${logGroup}:log-stream:task/1`,
        },
      ];
    },
    /** All calls of the service's code to Kafka and Glue. */
    callsOf(service: Service): PolicyRequest[] {
      const kafka = kafkaCalls(uses[service]).map(({ action, kind, name }) => ({
        action,
        resource: kind === 'cluster' ? clusterArn : ofCluster(kind, name as string),
      }));
      const ofGlue = glueCallsOf[service].flatMap(({ action, registry, schema }) => {
        const resources: string[] = [];
        if (registry !== undefined) resources.push(glue('registry', registry));
        if (schema !== undefined) resources.push(glue('schema', `${registry}/${schema}`));
        if (resources.length === 0 && action === 'glue:GetSchemaVersion') resources.push('*');
        // AWS's example policy for serializers limits these calls to registry and schema, although the request names neither.
        if (resources.length === 0) resources.push(glue('schema', 'customer/orders-value'));
        return resources.map((resource) => ({ action, resource }));
      });
      return [...kafka, ...ofGlue];
    },
  };
}

export function assertDecision(
  policies: readonly string[],
  request: PolicyRequest,
  wanted: PolicyDecision,
  who: string,
): void {
  assert.equal(
    evaluatePolicies(policies, request),
    wanted,
    `${who}: ${request.action} on ${request.resource}`,
  );
}
