import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { AuthenticationError } from './kafka-errors.ts';
import { kafkaCredentials } from './kafka-role.ts';
import { clientOf, saslAuthenticate, startBroker } from './testing/protocol-broker.ts';

const roleArn = 'arn:aws:iam::123456789012:role/kafka';
const expiration = Date.parse('2100-01-01T00:00:00Z');
const fiveMinutesMs = 300_000;

/** AssumeRole of STS, which numbers the keys of the role by request, and refuses when `isOpen` says so. */
async function startSts(context: TestContext, isOpen = () => true) {
  const requests: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    requests.push(new URLSearchParams(Buffer.concat(await request.toArray()).toString()));
    const caller = String(request.headers.authorization);
    response.writeHead(isOpen() && caller.includes('Credential=TASK/') ? 200 : 403);
    response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ROLE${requests.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
      <Expiration>${new Date(expiration).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const before = { ...process.env };
  process.env.AWS_ENDPOINT_URL_STS = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ACCESS_KEY_ID = 'TASK';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  context.after(() => {
    process.env = before;
    server.closeAllConnections();
    server.close();
  });
  return requests;
}

test('S1-03 the role is assumed by the task and its credentials are kept until 5 minutes before they expire', async (context) => {
  const requests = await startSts(context);
  let nowMs = 0;
  const credentials = kafkaCredentials('eu-central-1', roleArn, () => nowMs);
  const keys = async () =>
    (await Promise.all([credentials(), credentials()])).map(({ accessKeyId }) => accessKeyId);
  assert.deepEqual(await keys(), ['ROLE1', 'ROLE1']);
  nowMs = expiration - fiveMinutesMs - 1;
  assert.deepEqual(await keys(), ['ROLE1', 'ROLE1']);
  nowMs += 1;
  assert.deepEqual(await keys(), ['ROLE2', 'ROLE2']);
  assert.deepEqual(
    requests.map((form) => [form.get('Action'), form.get('RoleArn'), form.get('RoleSessionName')]),
    Array(2).fill(['AssumeRole', roleArn, 'order-stream-kafka']),
  );
});

test('S1-03 after a refusal the role is assumed again', async (context) => {
  let isOpen = false;
  await startSts(context, () => isOpen);
  const credentials = kafkaCredentials('eu-central-1', roleArn);
  await assert.rejects(credentials());
  isOpen = true;
  assert.match((await credentials()).accessKeyId, /^ROLE/);
});

const msk = {
  SECURITY_PROTOCOL: 'SASL_PLAINTEXT' as const,
  SASL_MECHANISM: 'AWS_MSK_IAM' as const,
  AWS_REGION: 'eu-central-1',
};

/** The access key of the URL that a token of MSK encodes. */
function signerOf(request: Buffer): string | undefined {
  const [, token = ''] = /auth=Bearer ([\w-]+)/.exec(request.toString()) ?? [];
  const url = new URL(Buffer.from(token, 'base64url').toString());
  return url.searchParams.get('X-Amz-Credential')?.split('/')[0];
}

for (const [signer, KafkaAssumeRoleArn] of [
  ['ROLE1', roleArn],
  ['TASK', undefined],
] as const)
  test(`S1-03 the MSK token is signed by ${signer === 'TASK' ? 'the task if it has no role to assume' : 'the role alone'}`, async (context) => {
    await startSts(context);
    const { address, requests } = await startBroker();
    const role =
      KafkaAssumeRoleArn === undefined ? {} : { KAFKA_ASSUME_ROLE_ARN: KafkaAssumeRoleArn };
    await clientOf(address, { ...msk, ...role }).client.partitionMetadata(['orders']);
    const tokens = requests.filter(({ apiKey }) => apiKey === saslAuthenticate);
    assert.deepEqual(
      tokens.map(({ body }) => signerOf(body)),
      [signer],
    );
  });

test('S1-03 no token is sent when STS refuses the role', async (context) => {
  await startSts(context, () => false);
  const { address, requests } = await startBroker();
  await assert.rejects(
    clientOf(address, { ...msk, KAFKA_ASSUME_ROLE_ARN: roleArn }).client.partitionMetadata([]),
    AuthenticationError,
  );
  assert.equal(
    requests.some(({ apiKey }) => apiKey === saslAuthenticate),
    false,
  );
});
