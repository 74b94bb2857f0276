import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import Type from 'typebox';
import { ConfigError, loadConfig } from './load-config.ts';
import { serviceVariables } from './service-variables.ts';
import { choice } from './value-kinds.ts';
import { kafkaRules, kafkaVariables, regionOf } from './variables.ts';

const schema = Type.Object({
  ...kafkaVariables,
  TOPIC_NAME: Type.String({ default: 'orders' }),
  MAX_RUN_SEC: Type.Integer({ minimum: 0, default: 60 }),
  LOG_LEVEL: choice(['info', 'debug'], 'info'),
  AUTO: Type.Boolean({ default: true }),
});

/** Valid during 2020. */
const expired = `-----BEGIN CERTIFICATE-----
MIIBDDCBsgIBATAKBggqhkjOPQQDAjASMRAwDgYDVQQDDAdleHBpcmVkMB4XDTIw
MDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFowEjEQMA4GA1UEAwwHZXhwaXJlZDBZ
MBMGByqGSM49AgEGCCqGSM49AwEHA0IABBDTQNOyiIDQTVlDnoPAfr5Vpm0YeBtL
SqrvVvR+RKNCotJ2rT5yBqHOk1Os3GGQCuuMnMCbrl60O7h5k7+JAtAwCgYIKoZI
zj0EAwIDSQAwRgIhALNlYe4z/zYb7kAJMOh+1LrthUxngbiGBp54l/p9nWmwAiEA
qE65VHFtEWH7jsAWE9I4saMrdXSzgEXLpIFp1z7HH4Y=
-----END CERTIFICATE-----`;

const faultsOf = (env: Record<string, string>) => {
  try {
    loadConfig(schema, env, [kafkaRules]);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
  return [];
};

test('S0-16 texts are converted as the schema says, defaults apply, unknown variables are ignored', () => {
  const config = loadConfig(schema, {
    BOOTSTRAP_SERVERS: 'a:9092, b:9093',
    MAX_RUN_SEC: '10',
    AUTO: 'false',
    LOG_LEVEL: '',
    SOMETHING_ELSE: 'x',
  });
  assert.deepEqual(config, {
    BOOTSTRAP_SERVERS: ['a:9092', 'b:9093'],
    SECURITY_PROTOCOL: 'PLAINTEXT',
    TOPIC_NAME: 'orders',
    MAX_RUN_SEC: 10,
    LOG_LEVEL: 'info',
    AUTO: false,
  });
});

test('S0-16 all faults are reported together, each with the name of the variable and without its value', () => {
  const faults = faultsOf({
    BOOTSTRAP_SERVERS: 'no-port',
    MAX_RUN_SEC: 'soon',
    LOG_LEVEL: 'loud',
    AUTO: 'yes',
  });
  assert.deepEqual(
    faults.map(({ variable }) => variable),
    ['BOOTSTRAP_SERVERS', 'MAX_RUN_SEC', 'LOG_LEVEL', 'AUTO'],
  );
  assert.match(faults[2]?.problem ?? '', /one of info, debug/);
  for (const { problem } of faults) assert.doesNotMatch(problem, /no-port|soon|loud|yes/);
});

test('S0-16 a required variable that is absent or empty is reported', () => {
  for (const env of [{}, { BOOTSTRAP_SERVERS: ' ' }])
    assert.deepEqual(faultsOf(env), [{ variable: 'BOOTSTRAP_SERVERS', problem: 'is required' }]);
});

test('S0-15 IAM requires SASL_SSL and a region, SCRAM a user and a password', () => {
  const servers = { BOOTSTRAP_SERVERS: 'b:9098' };
  const names = (env: Record<string, string>) =>
    faultsOf({ ...servers, ...env }).map(({ variable }) => variable);
  assert.deepEqual(names({ SECURITY_PROTOCOL: 'SASL_SSL' }), ['SASL_MECHANISM']);
  assert.deepEqual(names({ SASL_MECHANISM: 'PLAIN' }), ['SASL_MECHANISM']);
  assert.deepEqual(names({ SECURITY_PROTOCOL: 'SASL_PLAINTEXT', SASL_MECHANISM: 'AWS_MSK_IAM' }), [
    'SECURITY_PROTOCOL',
    'AWS_REGION',
  ]);
  assert.deepEqual(names({ SECURITY_PROTOCOL: 'SASL_SSL', SASL_MECHANISM: 'SCRAM-SHA-512' }), [
    'SASL_USERNAME',
    'SASL_PASSWORD',
  ]);
  const KAFKA_ASSUME_ROLE_ARN = 'arn:aws:iam::123456789012:role/orders';
  assert.deepEqual(names({ KAFKA_ASSUME_ROLE_ARN }), ['KAFKA_ASSUME_ROLE_ARN']);
});

test('S0-16 numbers are decimal digits, within the limits of their variable', () => {
  const limited = Type.Object({
    DELAY: Type.Number({ minimum: 0, maximum: 1 }),
    ...serviceVariables({ management: 1 }),
  });
  const faults = (env: Record<string, string>) => {
    try {
      loadConfig(limited, { DELAY: '1', BOOTSTRAP_SERVERS: 'broker:9092', ...env });
    } catch (error) {
      return (error as ConfigError).faults.map(({ variable }) => variable);
    }
    return [];
  };
  for (const DELAY of ['0', '.5', '0.5', '1.', '1']) assert.deepEqual(faults({ DELAY }), [], DELAY);
  for (const DELAY of ['-1', '1.5', '0x1', '1e0', 'NaN', '0 1'])
    assert.deepEqual(faults({ DELAY }), ['DELAY'], DELAY);
  for (const [variable, least, most] of [
    ['MANAGEMENT_PORT', 0, 65_535],
    ['DRAIN_DELAY_MS', 0, 20_000],
  ] as const) {
    for (const value of [least, most]) assert.deepEqual(faults({ [variable]: `${value}` }), []);
    for (const value of [least - 1, most + 1])
      assert.deepEqual(faults({ [variable]: `${value}` }), [variable]);
  }
});

test('S0-16 the error lists each fault once, by the first rule that finds it', () => {
  const rule = () => [
    { variable: 'AUTO', problem: 'is refused by a rule' },
    { variable: 'LOG_LEVEL', problem: 'is refused by a rule' },
  ];
  assert.throws(
    () => loadConfig(schema, { BOOTSTRAP_SERVERS: 'a:1', LOG_LEVEL: 'loud', AUTO: 'true' }, [rule]),
    {
      name: 'ConfigError',
      message: 'LOG_LEVEL must be one of info, debug; AUTO is refused by a rule',
      code: 'config',
      retryable: false,
    },
  );
  const faulty = { BOOTSTRAP_SERVERS: 'a:1', SECURITY_PROTOCOL: 'none', MAX_RUN_SEC: '-1' };
  assert.deepEqual(
    faultsOf(faulty).map(({ variable }) => variable),
    ['SECURITY_PROTOCOL', 'MAX_RUN_SEC'],
  );
  assert.match(faultsOf(faulty)[1]?.problem ?? '', /0/);
  assert.deepEqual(faultsOf({ BOOTSTRAP_SERVERS: 'a:1', AUTO: 'maybe' }), [
    { variable: 'AUTO', problem: 'must be true or false' },
  ]);
});

test('S0-15 AWS_REGION wins over AWS_DEFAULT_REGION', () => {
  assert.equal(regionOf({ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' }), 'eu-west-1');
  assert.equal(regionOf({ AWS_DEFAULT_REGION: 'us-east-1' }), 'us-east-1');
});

test('F15 a certificate file is read at the start: missing, without certificates, damaged, expired', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ca-file-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  const problemWith = (text: string | undefined, SSL_CA_FILE = file) => {
    if (text !== undefined) writeFileSync(file, text);
    const [fault, ...others] = faultsOf({ BOOTSTRAP_SERVERS: 'b:9092', SSL_CA_FILE });
    assert.deepEqual(others, []);
    if (fault !== undefined) assert.equal(fault.variable, 'SSL_CA_FILE');
    return fault?.problem;
  };
  const [valid = ''] = rootCertificates;
  assert.equal(problemWith(valid), undefined);
  assert.equal(problemWith(`${expired}\n${valid}`), undefined);
  assert.equal(problemWith(undefined, '/nope.pem'), 'must name a file that can be read (ENOENT)');
  assert.equal(problemWith(undefined, folder), 'must name a file that can be read (EISDIR)');
  for (const text of ['', 'localhost\n', valid.replace('MII', 'XXX'), valid.slice(0, 200)])
    assert.equal(problemWith(text), 'must name a file of valid certificates, as PEM');
  assert.equal(problemWith(expired), 'must name a file with a certificate that has not expired');
});
