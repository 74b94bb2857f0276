import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';
import { AuthenticationError } from './kafka-errors.ts';
import { type KafkaCredentials, kafkaCredentials } from './kafka-role.ts';

/**
 * SASL/OAUTHBEARER with a presigned `kafka-cluster:Connect` URL as its token (Amazon MSK IAM access control). Each
 * authentication signs a new token with the current credentials of the default chain, or of the role that they assume,
 * so that rotated task credentials are used without a restart.
 *
 * The broker reports a rejection in the body of a successful answer (RFC 7628 §3.2.2). The provider of kafkajs ignores
 * the body and fails with the next request; this one fails at once.
 */
export function mskIamAuthentication(region: string, roleArn: string | undefined): Mechanism {
  let credentials = kafkaCredentials(region, roleArn);
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ host, port, saslAuthenticate }: AuthenticationProviderArgs) => ({
      async authenticate() {
        const token = await sign(region, credentials);
        const refusal = await saslAuthenticate<string>({
          request: { encode: () => lengthPrefixed(`n,,\u0001auth=Bearer ${token}\u0001\u0001`) },
          response: {
            decode: (answer) => answer.subarray(4),
            parse: (body) => body.toString('utf8'),
          },
        });
        if (!refusal) return;
        // Credentials are kept until they expire, even after the broker rejected them.
        credentials = kafkaCredentials(region, roleArn);
        throw rejected(host, port, region, refusal);
      },
    }),
  };
}

/** kafkajs expects SASL bytes as Kafka's BYTES: an int32 length, then the bytes. */
function lengthPrefixed(text: string): Buffer {
  const body = Buffer.from(text);
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(body.length);
  return Buffer.concat([prefix, body]);
}

async function sign(region: string, current: KafkaCredentials): Promise<string> {
  // Loaded only for MSK: it takes a sixth of the processor time with which a service starts.
  const signer = await import('aws-msk-iam-sasl-signer-js');
  try {
    const { token } = await signer.generateAuthTokenFromCredentialsProvider({
      region,
      // The expiry is left out. Given credentials that expire within 15 minutes, the signer writes a fractional
      // X-Amz-Expires, which verifiers reject. The broker asks for a new token in time anyway.
      awsCredentialsProvider: async () => {
        const { expiration: _, ...credentials } = await current();
        return credentials;
      },
    });
    return token;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuthenticationError(`no AWS credentials to sign an MSK token: ${reason}`, cause);
  }
}

function rejected(host: string, port: number, region: string, refusal: string): Error {
  const message = `broker ${host}:${port} rejected the MSK IAM token signed for region ${region}: ${refusal}`;
  // kafkajs reconnects only for this type. Without it, every later attempt uses the dead connection.
  return Object.assign(new AuthenticationError(message), { type: 'ILLEGAL_SASL_STATE' });
}
