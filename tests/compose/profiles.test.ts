import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { composeStack } from './compose-stack.ts';

interface Rendered {
  services: Record<
    string,
    {
      image: string;
      environment?: Record<string, string>;
      ports?: { host_ip: string; published: string; target: number }[];
      build?: { context: string };
      mem_limit?: string;
      read_only?: boolean;
      cap_drop?: string[];
      healthcheck?: { test: string[] };
    }
  >;
}

const databaseServices = [
  ...['postgres', 'postgres-setup', 'churn'],
  ...['mysql', 'mysql-setup', 'churn-mysql'],
];
const connectServices = ['connect-topics', 'datagen', 'connectors', 'consumer-connect'];

/** The documented ways to start the stack, and how their services differ from the default. */
const starts: Record<string, { flags: string[]; adds?: string[]; lacks?: string[] }> = {
  default: { flags: [] },
  sinks: { flags: ['--profile', 'sinks'], adds: ['moto', 'stores', 'consumer-sinks'] },
  ui: { flags: ['--profile', 'ui'], adds: ['kafka-ui'] },
  ha: { flags: ['--env-file', 'docker/ha.env'], adds: ['kafka-2', 'kafka-3'] },
  connect: { flags: ['--profile', 'connect'], adds: ['connect', ...connectServices] },
  cdc: {
    flags: ['--profile', 'cdc'],
    adds: [
      ...['connect', ...databaseServices],
      ...['apicurio', 'cdc-topics', 'cdc-connectors', 'consumer-cdc'],
    ],
  },
  'connect-ha': {
    flags: ['--profile', 'connect', '--profile', 'connect-ha'],
    adds: ['connect', 'connect-2', ...connectServices],
  },
  apicurio: {
    flags: ['--env-file', 'docker/apicurio.env'],
    adds: ['apicurio'],
    lacks: ['glue-local'],
  },
};

const generators = ['loadgen', 'datagen', 'churn', 'churn-mysql'];

/** Services that run to their end. Others wait for them. */
const jobs = [
  ...['topics', 'stores', 'connect-topics', 'connectors'],
  ...['postgres-setup', 'mysql-setup', 'cdc-topics', 'cdc-connectors'],
];

/** Named by their major version: every minor release reads the volume of the one before. */
const databases = ['postgres:17', 'mysql:9'];

async function render(flags: string[], env: Record<string, string> = {}): Promise<Rendered> {
  const stack = await composeStack({ flags, env });
  return JSON.parse(await stack.compose('config', '--format', 'json'));
}

test('every profile has pinned images, limits, health checks and ports only on 127.0.0.1', async () => {
  const stack = await composeStack();
  for (const profile of (await stack.compose('config', '--profiles')).trim().split('\n'))
    assert.ok(profile in starts, `${profile} is tested here`);
  const standard = Object.keys((await render([])).services);
  for (const [way, { flags, adds = [], lacks = [] }] of Object.entries(starts)) {
    const { services } = await render(flags);
    const expected = [...standard, ...adds].filter((service) => !lacks.includes(service));
    assert.deepEqual(Object.keys(services).sort(), expected.sort(), way);
    for (const [name, service] of Object.entries(services)) {
      const where = `${way}: ${name}`;
      if (!service.build && !databases.includes(service.image))
        assert.match(service.image, /:v?\d+\.\d+\.\d+$/, where);
      assert.ok(service.mem_limit !== undefined, where);
      assert.deepEqual([service.read_only, service.cap_drop], [true, ['ALL']], where);
      // Generators and jobs serve no requests.
      if (!generators.includes(name) && !jobs.includes(name)) assert.ok(service.healthcheck, where);
      for (const { host_ip } of service.ports ?? []) assert.equal(host_ip, '127.0.0.1', where);
    }
  }
});

test('S2-12 profile ui takes credentials, region, registry and its URL from the environment, by default those of glue-local', async () => {
  const serde = 'kafka.clusters.0.serde.0.properties.';
  const rendered = async (env: Record<string, string>) => {
    const ui = (await render(['--profile', 'ui'], env)).services['kafka-ui']?.environment ?? {};
    const { AWS_ENDPOINT_URL_GLUE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
      ui;
    return {
      url: AWS_ENDPOINT_URL_GLUE,
      credentials: [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN],
      registry: [ui[`${serde}region`], ui[`${serde}registry`]],
    };
  };
  assert.deepEqual(await rendered({}), {
    url: 'http://glue-local:4570',
    credentials: ['local', 'local', ''],
    registry: ['us-east-1', 'customer'],
  });
  const elsewhere = {
    UI_GLUE_ENDPOINT: 'https://glue.eu-west-1.amazonaws.com',
    UI_AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    UI_AWS_SECRET_ACCESS_KEY: 'secret',
    UI_AWS_SESSION_TOKEN: 'token',
    UI_AWS_REGION: 'eu-west-1',
    UI_REGISTRY_NAME: 'orders',
  };
  assert.deepEqual(await rendered(elsewhere), {
    url: 'https://glue.eu-west-1.amazonaws.com',
    credentials: ['ASIAEXAMPLE', 'secret', 'token'],
    registry: ['eu-west-1', 'orders'],
  });
});

test('profile ui with Apicurio decodes values with kafka-ui’s own serde and Apicurio', async () => {
  // Profiles on the command line replace those of the file.
  const profiles = ['--profile', 'apicurio', '--profile', 'ui'];
  const flags = ['--env-file', 'docker/apicurio.env', ...profiles];
  const { services } = await render(flags);
  assert.ok('apicurio' in services && !('glue-local' in services));
  const ui = services['kafka-ui']?.environment ?? {};
  assert.equal(
    ui['kafka.clusters.0.schemaRegistry'],
    services.producer?.environment?.SCHEMA_REGISTRY_URL,
  );
  assert.equal(ui['kafka.clusters.0.defaultValueSerde'], 'SchemaRegistry');
});

test('profile sinks with Apicurio reads its records, and fills the same stores', async () => {
  const profiles = ['--profile', 'apicurio', '--profile', 'sinks'];
  const flags = ['--env-file', 'docker/apicurio.env', ...profiles];
  const { services } = await render(flags);
  const { SCHEMA_REGISTRY_URL, DYNAMODB_TABLE, S3_BUCKET } =
    services['consumer-sinks']?.environment ?? {};
  assert.equal(SCHEMA_REGISTRY_URL, services.producer?.environment?.SCHEMA_REGISTRY_URL);
  assert.deepEqual([DYNAMODB_TABLE, S3_BUCKET], ['orders', 'orders']);
});

test('.env.example has exactly the variables of the compose files, with their defaults', () => {
  const text = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const compose = text('compose.yml') + text('docker/compose.apicurio.yml');
  const named = [...text('.env.example').matchAll(/^(\w+)=(.*)$/gm)];
  for (const [, name, value] of named)
    assert.ok(compose.includes(`\${${name}:-${value}}`), `${name}=${value}`);
  const byFile = [...text('docker/ha.env').matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  const read = [...compose.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
  for (const name of read)
    assert.ok(
      byFile.includes(name) || named.some(([, one]) => one === name),
      `${name} is documented`,
    );
});
