import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { produceOptions } from '../../packages/orders-cli/src/produce-options.ts';
import { topicsCreateCommand } from '../../packages/orders-cli/src/topics-create.ts';
import { ConfigError, type Environment } from '../../packages/runtime/src/load-config.ts';
import {
  consumerVariables,
  deadLetterTopicOf,
  groupIdOf,
  loadConsumerConfig,
} from '../../services/order-consumer/src/config.ts';
import { loadProducerConfig } from '../../services/order-producer/src/config.ts';
import { composeServices, environmentOf, imageTarget } from './local-images.ts';
import { renderedEnvironments, resourceEnding, resourcesOf } from './rendered-stacks.ts';

interface Container {
  name: string;
  image: string;
  user: string;
  command?: string[];
  environment: { name: string; value: string }[];
  portMappings: { containerPort: number; protocol: string }[];
  readonlyRootFilesystem: boolean;
  linuxParameters: { capabilities: { drop: string[] } };
  stopTimeout: number;
  healthCheck?: { command: string[] };
}

const compose = composeServices();
const environments = renderedEnvironments();

/** The containers of the task definition whose family ends with the task's name. */
function containersOf(environment: string, task: string): Container[] {
  const app = resourcesOf(environment, 'app');
  const { values } = resourceEnding(app, 'aws_ecs_task_definition', 'family', `-${task}`);
  return JSON.parse(String(values.container_definitions)) as Container[];
}

function containerOf(environment: string, task: string): Container {
  const [container] = containersOf(environment, task);
  assert.ok(container, `${environment}: expected a container for ${task}`);
  assert.ok(
    container.name.endsWith(task),
    `${environment}: expected ${task} as the first container`,
  );
  return container;
}

function variablesOf({ environment }: Container): Record<string, string> {
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

/** An environment that records which variables a loader reads. */
function recording(variables: Environment): { environment: Environment; names: Set<string> } {
  const names = new Set<string>();
  const environment = new Proxy(variables, {
    get(target, name) {
      names.add(String(name));
      return Reflect.get(target, name);
    },
  });
  return { environment, names };
}

/** The configuration of each service, with the defaults that the service derives at run time. */
const effective = {
  'order-producer': (environment: Environment) => loadProducerConfig(environment),
  'order-consumer': (environment: Environment) => {
    const config = loadConsumerConfig(environment);
    const DLQ_TOPIC = config.TOPIC_NAMES.map((topic) => deadLetterTopicOf(config, topic)).join();
    return { ...config, GROUP_ID: groupIdOf(config), DLQ_TOPIC };
  },
};
type Service = keyof typeof effective;
const services = Object.keys(effective) as Service[];
const composeName: Record<Service, string> = {
  'order-producer': 'producer',
  'order-consumer': 'consumer',
};

test('unknown and rejected variables are detected', () => {
  const { environment, names } = recording({ BOOTSTRAP_SERVERS: 'b:9098', AWS_REGION: 'r' });
  loadConsumerConfig(environment);
  assert.ok(names.has('TOPIC_NAMES') && names.has('TOMBSTONES') && !names.has('TOPIC_NAME'));
  assert.throws(() => loadProducerConfig({ BOOTSTRAP_SERVERS: 'b:9098' }), ConfigError);
  assert.ok(environments.length > 0, 'expected a rendered environment');
});

test('D-10 a service reads and accepts every variable of its task definition', () => {
  for (const name of environments)
    for (const service of services) {
      const variables = variablesOf(containerOf(name, service));
      const { environment, names } = recording(variables);
      effective[service](environment);
      const unknown = Object.keys(variables).filter((variable) => !names.has(variable));
      assert.deepEqual(unknown, [], `${name} ${service}`);
    }
});

test('S1-05 S2-07 the consumer reads every variable that its module can set, with the same defaults', () => {
  const folder = join(root, 'deploy/terraform/modules/order-consumer');
  const [main, variables] = ['main.tf', 'variables.tf'].map((file) =>
    readFileSync(join(folder, file), 'utf8'),
  ) as [string, string];
  const set = [...main.matchAll(/\b([A-Z][A-Z0-9]+_[A-Z0-9_]+) += /g)].map(([, name]) => name);
  assert.ok(set.includes('S3_FLUSH_MS') && set.includes('GLUE_ASSUME_ROLE_ARN'), set.join());
  const known = Object.keys(consumerVariables.properties);
  assert.deepEqual(
    set.filter((name) => !known.includes(String(name))),
    [],
  );
  const required = { BOOTSTRAP_SERVERS: 'b:9098', AWS_REGION: 'eu-central-1' };
  const config = new Map(Object.entries(loadConsumerConfig(required)));
  for (const [, field, value] of variables.matchAll(/^ {6}(\w+) += optional\(\w+, "?([^")]+)/gm)) {
    const name = ['DYNAMODB', 'S3'].map((sink) => `${sink}_${field}`.toUpperCase());
    assert.equal(String(name.map((one) => config.get(one)).find(Boolean)), value, field);
  }
});

test('D-10 S0-15 a task has the configuration of the container in compose.yml, except for the connections to brokers and registry', () => {
  for (const name of environments)
    for (const service of services) {
      const local = effective[service](environmentOf(compose[composeName[service]] as never));
      const cloud = effective[service](variablesOf(containerOf(name, service)));
      const keys = [...new Set([...Object.keys(local), ...Object.keys(cloud)])];
      // The region belongs to the environment.
      const withoutRegion = (name: string, value: unknown) =>
        name === 'region' ? undefined : value;
      const jsonOf = (config: object, key: string) =>
        JSON.stringify((config as Record<string, unknown>)[key], withoutRegion);
      const different = keys.filter((key) => jsonOf(local, key) !== jsonOf(cloud, key)).sort();
      assert.deepEqual(
        // compose has a registry of its own, and drains at once, because nothing watches its readiness.
        different.filter((key) => key !== 'AWS_REGION'),
        [
          'AWS_ENDPOINT_URL_GLUE',
          'BOOTSTRAP_SERVERS',
          'DRAIN_DELAY_MS',
          'SASL_MECHANISM',
          'SECURITY_PROTOCOL',
        ],
        `${name} ${service}`,
      );
      assert.equal((cloud as { AWS_ENDPOINT_URL_GLUE?: string }).AWS_ENDPOINT_URL_GLUE, undefined);
      assert.equal(cloud.SECURITY_PROTOCOL, 'SASL_SSL');
      assert.equal(cloud.SASL_MECHANISM, 'AWS_MSK_IAM');
    }
});

test('D-10 the topics task accepts its flags and its variables', async () => {
  for (const name of environments) {
    const container = containerOf(name, 'topics');
    const [first, second, ...flags] = container.command ?? [];
    assert.deepEqual([first, second], topicsCreateCommand.words);
    // Without brokers it reads all variables and stops with this one fault.
    const { BOOTSTRAP_SERVERS, ...variables } = variablesOf(container);
    const { environment, names } = recording(variables);
    const silent = { write: () => true };
    await assert.rejects(
      topicsCreateCommand.run(flags, {
        env: environment,
        stdout: silent,
        stderr: silent,
        stop: new AbortController().signal,
      }),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError, String(error));
        assert.deepEqual(
          error.faults.map(({ variable }) => variable),
          ['BOOTSTRAP_SERVERS'],
        );
        return true;
      },
    );
    assert.match(BOOTSTRAP_SERVERS ?? '', /:9098(,|$)/);
    assert.deepEqual(
      Object.keys(variables).filter((variable) => !names.has(variable)),
      [],
    );
  }
});

test('S0-13 D-10 the generator accepts its flags and its variables', () => {
  for (const name of environments) {
    const container = containerOf(name, 'order-generator');
    const [first, ...flags] = container.command ?? [];
    assert.equal(first, 'produce');
    const variables = variablesOf(container);
    const { environment, names } = recording(variables);
    const { limit, url } = produceOptions(flags, environment);
    assert.deepEqual(limit, { durationMs: 60_000 });
    assert.equal(url.protocol, 'https:');
    assert.deepEqual([...names], Object.keys(variables));
  }
});

test('D-10 ports and health check match the image and the service', () => {
  for (const name of environments)
    for (const service of services) {
      const container = containerOf(name, service);
      const image = imageTarget(service);
      const config = effective[service](variablesOf(container));
      const listens = [config.MANAGEMENT_PORT, ...('PORT' in config ? [config.PORT] : [])];
      const ports = container.portMappings.map(({ containerPort }) => containerPort).sort();
      assert.deepEqual(
        ports,
        listens.sort(),
        `${name} ${service}: ports that the service listens on`,
      );
      assert.deepEqual(
        ports,
        image.exposed.sort(),
        `${name} ${service}: ports that the image exposes`,
      );
      assert.ok(image.healthCheck, `expected a health check for ${service}`);
      assert.deepEqual(container.healthCheck?.command, ['CMD', ...image.healthCheck]);
      // compose.yml runs the same command, with the path /readyz.
      const composeCommand = compose[composeName[service]]?.healthcheck?.test.slice(1, -1);
      assert.deepEqual(composeCommand, image.healthCheck.slice(0, -1));
    }
});

test('D-10 user, root file system, capabilities and stop timeout are as in compose.yml, or stricter', () => {
  const local = { ...composeName, topics: 'topics', 'order-generator': 'loadgen' };
  for (const name of environments)
    for (const [task, service] of Object.entries(local)) {
      const container = containerOf(name, task);
      const composed = compose[service];
      const target = task in composeName ? task : 'orders';
      assert.equal(container.user, composed?.user);
      assert.equal(container.user, imageTarget(target).user);
      assert.equal(container.readonlyRootFilesystem, composed?.read_only);
      assert.deepEqual(container.linuxParameters.capabilities.drop, composed?.cap_drop);
      assert.ok(container.stopTimeout >= Number.parseInt(composed?.stop_grace_period ?? '10', 10));
      assert.match(container.image, new RegExp(`/[a-z0-9-]+/${target}@sha256:[0-9a-f]{64}$`));
      assert.equal(composed?.image, `order-stream/${target}`);
    }
});

test('D-09 both services are Fargate services in private subnets, with images from ECR and brokers on 9098', () => {
  for (const name of environments) {
    const app = resourcesOf(name, 'app');
    const { values: privateSubnets } = app.find(
      ({ type, name: label }) => type === 'aws_subnets' && label === 'private',
    ) as { values: { ids: string[] } } & (typeof app)[number];
    for (const service of services) {
      const { values } = resourceEnding(app, 'aws_ecs_service', 'name', `-${service}`);
      const [network] = values.network_configuration as {
        subnets: string[];
        assign_public_ip: boolean;
      }[];
      assert.deepEqual([...(network?.subnets ?? [])].sort(), [...privateSubnets.ids].sort());
      assert.equal(network?.assign_public_ip, false);
      const strategy = values.capacity_provider_strategy as { capacity_provider: string }[];
      for (const { capacity_provider } of strategy)
        assert.match(capacity_provider, /^FARGATE(_SPOT)?$/);
      const container = containerOf(name, service);
      assert.match(container.image, /^\d{12}\.dkr\.ecr\./);
      for (const server of variablesOf(container).BOOTSTRAP_SERVERS?.split(',') ?? [])
        assert.match(server, /:9098$/);
    }
  }
});

test('S4-11 no container has a secret, a key or another endpoint in its environment', () => {
  for (const name of environments)
    for (const { type, values } of resourcesOf(name, 'app')) {
      if (type !== 'aws_ecs_task_definition') continue;
      const containers = JSON.parse(String(values.container_definitions)) as Container[];
      for (const container of containers) {
        assert.ok(!('secrets' in container), container.name);
        for (const variable of Object.keys(variablesOf(container)))
          assert.doesNotMatch(variable, /ACCESS_KEY|SECRET|PASSWORD|TOKEN|ENDPOINT_URL/);
      }
    }
});
