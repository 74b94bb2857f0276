import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';

export type KafkaCredentials = ReturnType<typeof fromNodeProviderChain>;

const renewalMs = 5 * 60_000;

/**
 * The credentials that sign MSK tokens: those of the default chain, or of a role that they assume. They are kept until
 * 5 minutes before they expire, so that connections can be opened again while STS is unreachable.
 */
export function kafkaCredentials(
  region: string,
  roleArn: string | undefined,
  now: () => number = Date.now,
): KafkaCredentials {
  const chain = fromNodeProviderChain();
  if (roleArn === undefined) return chain;
  const assume = fromTemporaryCredentials({
    masterCredentials: chain,
    // The same name each time: MSK rejects a re-authentication as another principal, and the name is part of it.
    params: { RoleArn: roleArn, RoleSessionName: 'order-stream-kafka' },
    // Every later authentication waits for this answer.
    clientConfig: {
      region,
      requestHandler: {
        connectionTimeout: 2_000,
        requestTimeout: 5_000,
        throwOnRequestTimeout: true,
      },
    },
  });
  let held: ReturnType<KafkaCredentials> | undefined;
  let renewAtMs = 0;
  return () => {
    if (held !== undefined && now() < renewAtMs) return held;
    renewAtMs = Number.POSITIVE_INFINITY;
    const assumed = assume();
    held = assumed;
    assumed.then(
      ({ expiration }) => {
        renewAtMs = (expiration?.getTime() ?? 0) - renewalMs;
      },
      () => {
        held = undefined;
      },
    );
    return assumed;
  };
}
