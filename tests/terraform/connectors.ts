import { type RenderedResource, resourceEnding, resourcesOf } from './rendered-stacks.ts';

/** The topic of the changes, as the environment cdc reads and writes it. */
export const connectorTopic = 'ordglue.ods.cdc_events';

/** A connector of the environment cdc. */
export interface Connector {
  name: string;
  account: string;
  region: string;
  config: Record<string, string>;
  /** Policies of the workers' role. */
  policies: string[];
  trust: string;
  arns: ReturnType<typeof arnsOf>;
}

const resources = resourcesOf('cdc', 'connect');

export const connectors: Connector[] = resources
  .filter(({ type, mode }) => type === 'aws_mskconnect_connector' && mode === 'managed')
  .map(({ values }) => {
    const role = resourceEnding(
      resources,
      'aws_iam_role',
      'arn',
      String(values.service_execution_role_arn),
    );
    const [, , , region = '', account = ''] = String(values.arn).split(':');
    return {
      name: String(values.name),
      account,
      region,
      config: values.connector_configuration as Record<string, string>,
      policies: policiesOf(role),
      trust: String(role.values.assume_role_policy),
      arns: arnsOf(region, account),
    };
  });

function policiesOf({ values }: RenderedResource): string[] {
  return resources
    .filter(({ type, values: { role } }) => type === 'aws_iam_role_policy' && role === values.name)
    .map((policy) => String(policy.values.policy));
}

function arnsOf(region: string, account: string) {
  const found = resources.find(({ type }) => type === 'aws_msk_cluster');
  const cluster = String(found?.values.arn);
  const { values: secret } = resourceEnding(
    resources,
    'aws_secretsmanager_secret',
    'name',
    '/replication',
  );
  const { values: bucket } = resourceEnding(
    resources,
    'aws_s3_bucket',
    'bucket',
    `-cdc-files-${account}-${region}`,
  );
  const ofCluster = (kind: string, name: string) =>
    `${cluster.replace(':cluster/', `:${kind}/`)}/${name}`;
  const glue = `arn:aws:glue:${region}:${account}`;
  return {
    cluster,
    secret: String(secret.arn),
    bucket: `arn:aws:s3:::${bucket.bucket}`,
    topic: (name: string) => ofCluster('topic', name),
    group: (name: string) => ofCluster('group', name),
    registry: (name: string) => `${glue}:registry/${name}`,
    schema: (registry: string, name: string) => `${glue}:schema/${registry}/${name}`,
  };
}

/** All values of the stack, as text: what everyone who may read its state sees. */
export const stateText = JSON.stringify(resources);
