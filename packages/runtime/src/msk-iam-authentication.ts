import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { generateAuthTokenFromCredentialsProvider } from 'aws-msk-iam-sasl-signer-js';
import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';
import { AuthenticationError } from './kafka-errors.ts';

/**
 * SASL/OAUTHBEARER with a presigned `kafka-cluster:Connect` URL as its token (Amazon MSK IAM access control).
 * Each authentication signs a new token with the credentials that the default chain gives at that moment, so
 * replaced task credentials are taken up without a restart.
 *
 * A refusal comes as a body in an otherwise successful answer (RFC 7628 §3.2.2). kafkajs's own provider does
 * not look at it and fails on the next request; this one says so at once.
 */
export function mskIamAuthentication(region: string): Mechanism {
  let credentialChain = fromNodeProviderChain();
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ host, port, saslAuthenticate }: AuthenticationProviderArgs) => ({
      async authenticate() {
        const token = await sign(region, credentialChain);
        const refusal = await saslAuthenticate<string>({
          request: { encode: () => lengthPrefixed(`n,,\u0001auth=Bearer ${token}\u0001\u0001`) },
          response: {
            decode: (answer) => answer.subarray(4),
            parse: (body) => body.toString('utf8'),
          },
        });
        if (!refusal) return;
        // The chain remembers credentials until they expire; refused ones are not worth it.
        credentialChain = fromNodeProviderChain();
        throw rejected(host, port, region, refusal);
      },
    }),
  };
}

/** kafkajs frames SASL bytes as Kafka's BYTES: an int32 length, then the bytes. */
function lengthPrefixed(text: string): Buffer {
  const body = Buffer.from(text);
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(body.length);
  return Buffer.concat([prefix, body]);
}

async function sign(
  region: string,
  chain: ReturnType<typeof fromNodeProviderChain>,
): Promise<string> {
  try {
    const { token } = await generateAuthTokenFromCredentialsProvider({
      region,
      // Without their expiry: from credentials that end within 15 minutes the signer makes a fractional
      // X-Amz-Expires, which no verifier takes. The broker asks for a new token before any of this matters.
      awsCredentialsProvider: async () => {
        const { expiration: _, ...credentials } = await chain();
        return credentials;
      },
    });
    return token;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuthenticationError(`no AWS credentials to sign an MSK token with: ${reason}`, cause);
  }
}

function rejected(host: string, port: number, region: string, refusal: string): Error {
  const message = `broker ${host}:${port} rejected the MSK IAM token signed for region ${region}: ${refusal}`;
  // kafkajs rebuilds a connection only for this type; without it every later attempt meets the dead one.
  return Object.assign(new AuthenticationError(message), { type: 'ILLEGAL_SASL_STATE' });
}
